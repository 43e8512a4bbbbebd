"""Handlers of `hubble.metrics.enabled` and the labels that their options add."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

_SIDES = ("ip", "pod", "namespace", "workload", "workload_kind", "app")

# The labels that `labelsContext` accepts.
CONTEXT_LABELS = (*(f"{side}_{what}" for side in ("source", "destination") for what in _SIDES), "traffic_direction")

# What may name the pods at both ends of a flow. The boards are written with `app`, which every node knows of every pod.
# A workload is known only on the pod's own node (pkg/hubble/parser/common/endpoint.go) and is used where pods have no
# label that names their application; pods are known everywhere and cost most series.
PeerLabel = Literal["app", "workload", "pod"]
DEFAULT_PEER_LABEL: PeerLabel = "app"

# Values of labels that only `labelsContext` adds: lower case, unlike the agent's `direction`.
CONTEXT_VALUES: Mapping[str, tuple[str, ...]] = {"traffic_direction": ("egress", "ingress", "unknown")}


@dataclass(frozen=True, slots=True)
class Handler:
    """One element of `hubble.metrics.enabled`: `dns:query;labelsContext=source_namespace,source_workload`."""

    name: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        return ":".join(part for part in (self.name, ";".join(self.options)) if part)

    @property
    def loses_rcode(self) -> bool:
        """Whether it is `dns` with a number of context labels for which the label `rcode` is called `type`."""
        return self.name == "dns" and dns_loses_rcode(self.options)

    @property
    def stops_agent(self) -> bool:
        """Whether it is `dns` with options for which the agent does not start."""
        return self.name == "dns" and dns_stops_agent(self.options)

    @classmethod
    def read(cls, text: str) -> "Handler":
        """From the text of the Helm value."""
        name, _, options = text.strip().partition(":")
        return cls(name.strip(), tuple(option.strip() for option in options.split(";") if option.strip()))


def labels_added(options: Iterable[str], own_options: Mapping[str, str]) -> tuple[str, ...]:
    """The labels that a handler's options add to its metrics, in the order of the options.

    `own_options` maps the handler's own options to the label of each (`query`); `sourceContext` and its Egress and
    Ingress forms add `source`, those of the destination `destination`, `labelsContext` each label it names.
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


# The handler `dns` builds the label names of its metrics with append() on one slice of context labels
# (pkg/hubble/metrics/dns/handler.go:57-59 and 62-63, the same in 1.16 to 1.20). GetLabelNames
# (pkg/hubble/metrics/api/context.go:504) fills that slice one by one, so its capacity is the next power of two; where
# the handler's own names fit into what is left of it, those of one metric overwrite those of the others.
DNS_OWN = 3  # rcode, qtypes, ips_returned; the first becomes `type` where they fit
DNS_OWN_WITH_QUERY = DNS_OWN + 1  # where these fit, `query` overwrites ips_returned and is there twice


def context_labels(options: Iterable[str]) -> frozenset[str]:
    """The labels that contexts add, of either side and of `labelsContext`, without those of a handler's own options."""
    return frozenset(labels_added(options, {}))


def dns_loses_rcode(options: Iterable[str]) -> bool:
    """Whether the handler `dns` with these options calls its label `rcode` `type`: 5 context labels do, and 9 to 13."""
    return _room(options) >= DNS_OWN


def dns_stops_agent(options: Iterable[str]) -> bool:
    """Whether the agent does not start with these options of `dns`: two labels are called `query`.

    With the option `query`, 9 to 12 context labels do that.
    """
    wanted = tuple(options)
    query = any(option.partition("=")[0].lower() == "query" for option in wanted)
    return query and _room(wanted) >= DNS_OWN_WITH_QUERY


def _room(options: Iterable[str]) -> int:
    """How many names fit behind the context labels into the slice that holds them."""
    count = len(context_labels(options))
    return (1 << (count - 1).bit_length()) - count if count else 0
