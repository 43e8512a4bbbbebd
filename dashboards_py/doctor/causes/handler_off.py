"""handler-off: a Hubble dashboard (DNS, HTTP, drops, TCP) shows no data

Hubble counts only what its handlers are for: the one that writes this metric is not in `hubble.metrics.enabled`. If the
handler `flow` is on, it tells whether there was anything to count: without such flows this is a remark.

Add it, with the labels that the board needs. Agents read the list when they start (or see dynamic metrics).
"""

from collections.abc import Callable, Mapping

from dashboards_py.catalog import entries
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent_metrics
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Flow, Observation
from dashboards_py.findings import Severity

ORDER = 100
ADD = "add {} to hubble.metrics.enabled, with the labels that the board needs"
L4 = frozenset({"TCP", "UDP", "SCTP", "ICMPv4", "ICMPv6"})
# The flows that a handler counts, by labels of the handler flow (ProcessFlow in pkg/hubble/metrics/*/handler.go of
# cilium/cilium). DNS and HTTP are seen only where a policy or Gateway API sends traffic through a proxy.
COUNTED: Mapping[str, Callable[[Flow], bool]] = {
    "dns": lambda flow: flow.protocol == "DNS",
    "drop": lambda flow: flow.verdict == "DROPPED",
    "http": lambda flow: flow.protocol == "HTTP",
    "httpV2": lambda flow: flow.protocol == "HTTP",
    "icmp": lambda flow: flow.protocol in ("ICMPv4", "ICMPv6"),
    "kafka": lambda flow: flow.protocol == "Kafka",
    "policy": lambda flow: flow.type == "PolicyVerdict",
    "port-distribution": lambda flow: flow.protocol in L4 and flow.verdict in ("FORWARDED", "REDIRECTED"),
    "sctp": lambda flow: flow.protocol == "SCTP",
    "tcp": lambda flow: flow.protocol == "TCP" and flow.verdict == "FORWARDED",
}


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """No metric of the handler has any series."""
    for _, metric in absent_metrics(query, seen):
        if metric.handler and not any(_is_of(name, metric.handler) for name in seen.series):
            about = frozenset({metric.component, metric.handler})
            why = f"there is no metric of it, such as {metric.name}"
            if metric.handler in seen.handlers:
                what = f"Hubble's handler {metric.handler} is on, and has not counted anything yet"
                fix = "nothing to do, unless you know that there was traffic"
                return Diagnosis(what, f"it is configured, and {why}", fix, Severity.INFO, subjects=about)
            counts = COUNTED.get(metric.handler) if seen.flows else None
            if counts and not any(map(counts, seen.flows)):
                what = f"Hubble has seen nothing that its handler {metric.handler} counts"
                why += ", and hubble_flows_processed_total has no such flow"
                fix = f"nothing to do, unless you know that there was such traffic; it may be off as well: {ADD}"
                return Diagnosis(what, why, fix.format(metric.handler), Severity.INFO, subjects=about)
            what = f"Hubble's handler {metric.handler} is off"
            if counts:
                why += ", although hubble_flows_processed_total has flows that it would have counted"
            else:
                what += ", or has not seen anything yet"
            return Diagnosis(what, why, ADD.format(metric.handler), subjects=about)
    return None


def _is_of(name: str, handler: str) -> bool:
    return any(metric.handler == handler for metric in entries(name))
