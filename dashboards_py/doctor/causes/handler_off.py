"""handler-off: a Hubble dashboard (DNS, HTTP, drops, TCP) shows no data

Hubble counts only what its handlers are for: the one that writes this metric is not in `hubble.metrics.enabled`.

HTTP and DNS are seen only where a policy with L7 rules, or Gateway API, sends the traffic through a proxy: without one
their panels stay empty although the handler is on and there is such traffic.

A handler has no series until it has counted something. If the handler `flow` is on, it tells whether there was anything
to count; if not, other handlers and the agents' own counters may. Where nothing tells it, this is a remark, unless the
list of handlers is read from the cluster.

Add it, with the labels that the board needs. Agents read the list when they start (or see dynamic metrics).
"""

from dashboards_py.catalog import entries
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import absent_metrics
from dashboards_py.doctor.counted_flows import COUNTED, LIKELY, counts_none
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import FLOWS, Observation
from dashboards_py.findings import Severity

ORDER = 100
ADD = "add {} to hubble.metrics.enabled, with the labels that the board needs"
# What Hubble sees of traffic only in a proxy (parser/seven of pkg/hubble in cilium/cilium).
PROXIED = {"dns": "DNS", "http": "HTTP", "httpV2": "HTTP", "kafka": "Kafka"}
PROXY = (
    "Hubble sees {} only of traffic that a policy with L7 rules, or Gateway API, sends through a proxy: add such a rule"
)


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """No metric of the handler has any series."""
    for _, metric in absent_metrics(query, seen):
        if metric.handler and not any(_is_of(name, metric.handler) for name in seen.series):
            about = frozenset({metric.component, metric.handler})
            return _of(metric.handler, f"there is no metric of it, such as {metric.name}", about, seen)
    return None


def _of(handler: str, why: str, about: frozenset[str], seen: Observation) -> Diagnosis:
    add = ADD.format(handler)
    off, unclear = (
        f"Hubble's handler {handler} is off",
        f"Hubble's handler {handler} is off, or has not counted anything yet",
    )
    if handler in seen.handlers:
        what = f"Hubble's handler {handler} is on, and has not counted anything yet"
        fix = PROXY.format(PROXIED[handler]) if handler in PROXIED else "nothing to do, unless there was such traffic"
        return Diagnosis(what, f"it is configured, and {why}", fix, Severity.INFO, subjects=about)
    if seen.handlers:
        return Diagnosis(off, f"it is not configured, and {why}", add, subjects=about)
    counts, likely = COUNTED.get(handler, counts_none), LIKELY.get(handler, counts_none)
    evidence = {flow.told_by: flow.is_certain for flow in seen.flows if counts(flow)}
    if certain := sorted(name for name, is_certain in evidence.items() if is_certain):
        why += f", although {certain[0]} has flows that it would have counted"
        return Diagnosis(off, why, add, subjects=about)
    if uncertain := sorted({*evidence, *(flow.told_by for flow in seen.flows if likely(flow))}):
        why += f", although {uncertain[0]} tells of flows that it may have counted"
        return Diagnosis(unclear, why, add, Severity.WARNING, subjects=about)
    if any(flow.told_by == FLOWS for flow in seen.flows):
        what = f"Hubble has seen nothing that its handler {handler} counts"
        why += f", and {FLOWS} has no such flow"
        fix = f"nothing to do, unless you know that there was such traffic; it may be off as well: {add}"
        if handler in PROXIED:
            fix = f"{PROXY.format(PROXIED[handler])}; the handler may be off as well: {add}"
    else:
        what = unclear
        why += ", and nothing tells of flows that it would have counted"
        fix = f"nothing to do if there was no such traffic, else look at the list of handlers in the cluster, and {add}"
    return Diagnosis(what, why, fix, Severity.INFO, subjects=about)


def _is_of(name: str, handler: str) -> bool:
    return any(metric.handler == handler for metric in entries(name))
