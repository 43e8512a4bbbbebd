"""Handlers of `hubble.metrics.enabled` and the labels that their options add."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_SIDES = ("ip", "pod", "namespace", "workload", "workload_kind", "app")

# What `labelsContext` may name.
CONTEXT_LABELS = (*(f"{side}_{what}" for side in ("source", "destination") for what in _SIDES), "traffic_direction")

# Values of labels that only `labelsContext` adds: lower case, unlike the agent's `direction`.
CONTEXT_VALUES: Mapping[str, tuple[str, ...]] = {"traffic_direction": ("egress", "ingress", "unknown")}


@dataclass(frozen=True, slots=True)
class Handler:
    """One element of `hubble.metrics.enabled`: `dns:query;labelsContext=source_namespace,source_workload`."""

    name: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        return ":".join(part for part in (self.name, ";".join(self.options)) if part)

    @classmethod
    def read(cls, text: str) -> "Handler":
        """From the text of the Helm value."""
        name, _, options = text.strip().partition(":")
        return cls(name.strip(), tuple(option.strip() for option in options.split(";") if option.strip()))


def labels_added(options: Iterable[str], own_options: Mapping[str, str]) -> tuple[str, ...]:
    """The labels that a handler's options add to its metrics, in the order of the options.

    `own` maps the handler's own options to the label of each (`query`); `sourceContext` and its Egress and Ingress
    forms add `source`, those of the destination `destination`, `labelsContext` each label it names.
    """
    added: dict[str, None] = {}
    for option in options:
        key, _, value = option.partition("=")
        if key == "labelsContext":
            added |= dict.fromkeys(label.strip() for label in value.split(",") if label.strip())
        elif key.endswith("Context") and value:
            added["source" if key.startswith("source") else "destination"] = None
        elif key in own_options:
            added[own_options[key]] = None
    return tuple(added)
