"""The Hubble handler `dns` mixes its labels up with some numbers of context labels: an entry that avoids them."""

from dataclasses import replace

from dashboards_py.catalog import Handler
from dashboards_py.catalog.hubble import context_labels

# Labels that add no series to those of DNS: it is seen by the proxy of the client's node, always as egress
# (pkg/hubble/parser/seven/parser.go), and a workload has one kind.
HARMLESS = ("traffic_direction", "source_workload_kind", "destination_workload_kind")


def mixes_up(handler: Handler) -> bool:
    """True if Cilium mixes up the labels of this handler."""
    return handler.loses_rcode or handler.stops_agent


def separated(handler: Handler) -> Handler | None:
    """The handler with the fewest extra, harmless labels that avoid the mix-up; None if none do."""
    extended = handler
    for label in ("", *HARMLESS):
        if label and label not in context_labels(handler.options):
            extended = _with(extended, label)
        if not mixes_up(extended):
            return extended
    return None


def problem(handler: Handler) -> str:
    """What Cilium makes of a handler whose labels it mixes up, and what to do; "" of any other."""
    if not mixes_up(handler):
        return ""
    count = len(context_labels(handler.options))
    what = "the agent does not start" if handler.stops_agent else "Cilium calls its label rcode `type`"
    better = separated(handler)
    fix = f"write {better}" if better else "name at most 8 labels"
    return f"with {count} labels of contexts {what}: {fix}"


def _with(handler: Handler, label: str) -> Handler:
    options = list(handler.options)
    for number, option in enumerate(options):
        if option.startswith("labelsContext="):
            options[number] = f"{option},{label}"
            return replace(handler, options=tuple(options))
    return replace(handler, options=(*options, f"labelsContext={label}"))
