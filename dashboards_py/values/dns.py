"""Avoid numbers of context labels with which the Hubble handler `dns` mixes up its labels."""

from dashboards_py.catalog import Handler
from dashboards_py.catalog.hubble import context_labels
from dashboards_py.plural import counted

# Labels that add no series to the DNS metrics: the proxy on the client's node sees DNS, always as egress
# (pkg/hubble/parser/seven/parser.go), and a workload has one kind.
HARMLESS = ("traffic_direction", "source_workload_kind", "destination_workload_kind")


def mixes_up(handler: Handler) -> bool:
    """True if Cilium mixes up the labels of this handler, or the agent does not start with it."""
    return handler.loses_rcode or handler.stops_agent


def without_mix_up(handler: Handler) -> Handler | None:
    """The handler with the fewest additional harmless labels that avoid the mix-up; None if that is impossible."""
    extended = handler
    for label in ("", *HARMLESS):
        if label and label not in context_labels(handler.options):
            extended = _with(extended, label)
        if not mixes_up(extended):
            return extended
    return None


def problem(handler: Handler) -> str:
    """The effect of a handler whose labels Cilium mixes up, and the fix; "" for other handlers."""
    if not mixes_up(handler):
        return ""
    count = len(context_labels(handler.options))
    what = "the agent does not start" if handler.stops_agent else "Cilium renames its label rcode to `type`"
    better = without_mix_up(handler)
    fix = f"write {better}" if better else "use 6 to 8 labels, or at most 4"
    return f"with {counted(count, 'context label')} {what}: {fix}"


def _with(handler: Handler, label: str) -> Handler:
    labels = handler.values.get("labelsContext", "")
    return handler.with_values({**handler.values, "labelsContext": f"{labels},{label}"})
