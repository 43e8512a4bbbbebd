"""foreign-metric: panels of kube-state-metrics, node-exporter or cAdvisor on a Cilium board are empty

The board reads a metric that is not Cilium's, and this Prometheus has none of it: what exposes it is not installed or
not scraped.

Install or scrape it (kube-state-metrics for `kube_`, node-exporter for `node_`, the kubelet for `container_`).
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._metrics import never_there
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 96
PROGRAMS = {"kube_": "kube-state-metrics", "node_": "node-exporter", "container_": "the kubelet's cAdvisor"}
ALERTS = "ALERTS"  # which Prometheus has only while an alert is pending or fires


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A metric of something else has no series."""
    for selector in never_there(query, seen, _is_foreign):
        what = "metrics are read that are not Cilium's, and that this Prometheus does not have"
        fix = f"install or scrape {_program(selector.name)}"
        return Diagnosis(what, f"no series of {selector.name}", fix, Severity.WARNING, (selector.name,))
    return None


def _program(name: str) -> str:
    """What exposes a metric, as far as its name tells."""
    return next((program for prefix, program in PROGRAMS.items() if name.startswith(prefix)), "what exposes them")


def _is_foreign(selector: ExecutedSelector) -> bool:
    return selector.resolved.is_foreign and ":" not in selector.name and selector.name != ALERTS
