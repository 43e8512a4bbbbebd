"""Handlers of `hubble.metrics.enabled` and the labels that their options add."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

_PEER_PROPERTIES = ("ip", "pod", "namespace", "workload", "workload_kind", "app")

# The labels that `labelsContext` accepts.
CONTEXT_LABELS = (
    *(f"{side}_{property_}" for side in ("source", "destination") for property_ in _PEER_PROPERTIES),
    "traffic_direction",
)

# Labels that can identify the pods at both ends of a flow. The boards are written with `app`, which all nodes know for
# all pods. The workload is known only on the pod's own node (pkg/hubble/parser/common/endpoint.go); it is for clusters
# whose pods have no label that names their application. The pod is known everywhere and costs the most series.
PeerLabel = Literal["app", "workload", "pod"]
DEFAULT_PEER_LABEL: PeerLabel = "app"

# Values of labels that only `labelsContext` adds: lower case, unlike the agent's `direction`.
CONTEXT_VALUES: Mapping[str, tuple[str, ...]] = {"traffic_direction": ("egress", "ingress", "unknown")}


@dataclass(frozen=True, slots=True)
class Handler:
    """An element of `hubble.metrics.enabled`, such as `dns:query;labelsContext=source_namespace,source_workload`."""

    name: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        return ":".join(part for part in (self.name, ";".join(self.options)) if part)

    @property
    def loses_rcode(self) -> bool:
        """True for `dns` with a number of context labels for which Cilium renames the label `rcode` to `type`."""
        return self.name == "dns" and dns_loses_rcode(self.options)

    @property
    def stops_agent(self) -> bool:
        """True for `dns` with options that keep the agent from starting."""
        return self.name == "dns" and dns_stops_agent(self.options)

    @classmethod
    def parse(cls, text: str) -> "Handler":
        """Parse the text of the Helm value."""
        name, _, options = text.strip().partition(":")
        return cls(name.strip(), tuple(option.strip() for option in options.split(";") if option.strip()))


def labels_added(options: Iterable[str], own_options: Mapping[str, str]) -> tuple[str, ...]:
    """The labels that a handler's options add to its metrics, in the order of the options.

    `own_options` maps the handler's own options to their labels (`query`). `sourceContext` and its Egress and Ingress
    forms add `source`, those of the destination `destination`, and `labelsContext` the labels that it lists.
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
# (pkg/hubble/metrics/api/context.go:504) appends to that slice one by one, so its capacity is the next power of two. If
# the handler's own names fit into the rest of the capacity, those of one metric overwrite those of the others.
DNS_OWN_LABELS = 3  # a count: rcode, qtypes, ips_returned; if they fit, the first becomes `type`
DNS_OWN_LABELS_WITH_QUERY = DNS_OWN_LABELS + 1  # if these fit, `query` overwrites ips_returned and occurs twice


def context_labels(options: Iterable[str]) -> frozenset[str]:
    """The labels that context options add for both sides and `labelsContext`, without a handler's own options."""
    return frozenset(labels_added(options, {}))


def dns_loses_rcode(options: Iterable[str]) -> bool:
    """True if `dns` with these options names its label `rcode` `type`: with 5 context labels, and with 9 to 13."""
    return _free_capacity(options) >= DNS_OWN_LABELS


def dns_stops_agent(options: Iterable[str]) -> bool:
    """True if the agent does not start with these options of `dns`, because two labels are named `query`.

    This happens with the option `query` and 9 to 12 context labels.
    """
    dns_options = tuple(options)
    query = any(option.partition("=")[0].lower() == "query" for option in dns_options)
    return query and _free_capacity(dns_options) >= DNS_OWN_LABELS_WITH_QUERY


def _free_capacity(options: Iterable[str]) -> int:
    """The number of names that can be appended to the slice of context labels without a new allocation."""
    count = len(context_labels(options))
    return (1 << (count - 1).bit_length()) - count if count else 0
