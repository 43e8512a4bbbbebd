"""Handlers of `hubble.metrics.enabled` and the labels that their options add."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_PEER_PROPERTIES = ("ip", "pod", "namespace", "workload", "workload_kind", "app")

# The labels that `labelsContext` accepts.
CONTEXT_LABELS = (
    *(f"{side}_{property_}" for side in ("source", "destination") for property_ in _PEER_PROPERTIES),
    "traffic_direction",
)

# Values of labels that only `labelsContext` adds: lower case, unlike the agent's `direction`.
CONTEXT_VALUES: Mapping[str, tuple[str, ...]] = {"traffic_direction": ("egress", "ingress", "unknown")}


# Options whose values are contexts, and the contexts that Cilium accepts there, in any case
# (pkg/hubble/metrics/api/context.go:156-182 and 212-256, the same in 1.16 to 1.20).
_SIDES = tuple(f"{side}{way}Context" for side in ("source", "destination") for way in ("", "Egress", "Ingress"))
CONTEXTS = (
    *("identity", "namespace", "pod", "pod-name", "dns", "ip", "reserved-identity"),
    *("workload", "workload-name", "app"),
)

# The usual spelling of options. Cilium lower-cases their names: context.go:212, flows-to-world/handler.go:53,
# http/handler.go:49 and dns/handler.go:48 in pkg/hubble/metrics.
_LABELS = "labelsContext"
_SPELLINGS = {
    name.lower(): name
    for name in (_LABELS, *_SIDES, "query", "ignoreAAAA", "any-drop", "port", "syn-only", "exemplars")
}


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

    @property
    def values(self) -> Mapping[str, str]:
        """The value of each option that is in effect, by the usual spelling of its name."""
        return _values(self.options)

    @property
    def repeated(self) -> tuple[str, ...]:
        """Options that occur more than once, of which Cilium takes one."""
        names = [_name(option) for option in self.options]
        return tuple(name for name in dict.fromkeys(names) if names.count(name) > 1)

    @property
    def refused(self) -> tuple[str, ...]:
        """Why Cilium does not accept the options: labels and contexts that no release knows."""
        return tuple(_refused(self.values))

    def normalized(self) -> "Handler":
        """The handler with one of each option, in the usual spelling, and without spaces in lists."""
        return self.with_values(self.values)

    def with_values(self, values: Mapping[str, str]) -> "Handler":
        """The handler with other options, by name; an option without a value has ""."""
        options = (
            f"{name}={_without_spaces(value)}" if value else name
            for name, value in values.items()
            if value or name not in (_LABELS, *_SIDES)
        )
        return Handler(self.name, tuple(options))

    @classmethod
    def parse(cls, text: str) -> "Handler":
        """Parse the text of the Helm value."""
        name, _, options = text.strip().partition(":")
        return cls(name.strip(), tuple(option.strip() for option in options.split(";") if option.strip()))


def labels_added(options: Iterable[str], own_options: Mapping[str, str]) -> tuple[str, ...]:
    """The labels that a handler's options add to its metrics, in the order of the options.

    `own_options` maps the handler's own options to their labels (`query`). `sourceContext` and its Egress and Ingress
    forms add `source`, those of the destination `destination`, and `labelsContext` the labels that it lists. Names of
    options are read in any case, and the last of a repeated option counts, as in Cilium.
    """
    added: dict[str, None] = {}
    own_labels = {name.lower(): label for name, label in own_options.items()}
    for name, value in _values(options).items():
        if name == _LABELS:
            added |= dict.fromkeys(_without_spaces(value).split(",") if value.strip(" ,") else ())
        elif name in _SIDES and value:
            added["source" if name.startswith("source") else "destination"] = None
        elif name.lower() in own_labels:
            added[own_labels[name.lower()]] = None
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
    return "query" in _values(dns_options) and _free_capacity(dns_options) >= DNS_OWN_LABELS_WITH_QUERY


def _free_capacity(options: Iterable[str]) -> int:
    """The number of names that can be appended to the slice of context labels without a new allocation."""
    count = len(context_labels(options))
    return (1 << (count - 1).bit_length()) - count if count else 0


def _name(option: str) -> str:
    """The name of an option in its usual spelling; of an unknown one in lower case."""
    name = option.partition("=")[0].strip().lower()
    return _SPELLINGS.get(name, name)


def _values(options: Iterable[str]) -> dict[str, str]:
    """The last value of each option by name.

    Cilium 1.17 and later go through the options in order (context.go:211), so that the last wins. 1.16 reads a map
    (api/options.go:14): the last wins too, but of names in different case any.
    """
    return {_name(option): option.partition("=")[2].strip() for option in options}


def _without_spaces(value: str) -> str:
    """A list without spaces and empty elements."""
    return ",".join(element for element in "".join(value.split()).split(",") if element)


def _refused(values: Mapping[str, str]) -> Iterable[str]:
    """The values that parseLabels and parseContextIdentifier (context.go) refuse, with those that they accept."""
    for name, value in values.items():
        if name == _LABELS:
            elements, accepted = value.split(","), CONTEXT_LABELS
        elif name in _SIDES:
            elements, accepted = value.lower().split("|"), CONTEXTS
        else:
            continue
        for element in filter(None, map(str.strip, elements)):
            if element not in accepted:
                yield f"{name} does not accept {element!r}, but {', '.join(accepted)}"
