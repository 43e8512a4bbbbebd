"""One Prometheus with many clusters: each is examined as if it were alone, by its label `cluster`."""

from collections.abc import Mapping
from typing import Any

from dashboards_py import promql
from dashboards_py.doctor.client import Client
from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus.answers import rows_of
from dashboards_py.promql.matcher import Matcher
from dashboards_py.shapes import Ask

LABEL = "cluster"
# What tells of the server or of all clusters at once, and not of one.
OF_ALL = frozenset({"metadata"})
QUERIES = frozenset({"query", "match[]"})  # parameters that hold selectors


def clusters_of(client: Client, label: str = LABEL) -> tuple[str, ...]:
    """The clusters whose agents the Prometheus has, sorted; empty if it does not answer or their label is not set."""
    try:
        answer = client.get("query", {"query": f"group by ({label}) (cilium_version)"})
        names = {labels.get(label, "") for labels, _ in rows_of(answer)}
    except DashboardsError:
        return ()
    return tuple(sorted(names - {""}))


def of_cluster(ask: Ask, name: str, label: str = LABEL) -> Ask:
    """The Prometheus as if it had this cluster only: each selector that names no cluster is given this one."""
    matcher = Matcher(label, "=", name)

    def ask_cluster(path: str, params: Mapping[str, str]) -> Any:
        if path in OF_ALL:
            raise DashboardsError("Prometheus", cause=f"does not tell {path} by cluster")
        scoped = {key: _scoped(value, matcher) if key in QUERIES else value for key, value in params.items()}
        if path.startswith("label/") and "match[]" not in scoped:
            scoped["match[]"] = f"{{{matcher}}}"
        answer = ask(path, scoped)
        return _targets(answer, name, label) if path == "targets" else answer

    return ask_cluster


def _scoped(expr: str, matcher: Matcher) -> str:
    try:
        return promql.inject(expr, lambda _: (matcher,))
    except DashboardsError:  # a query that the parser does not read is sent as it is
        return expr


def _targets(answer: Any, name: str, label: str) -> Any:
    """The targets with the label; without it on any (it is added later), the server does not tell of the cluster."""
    active = answer.get("activeTargets") if isinstance(answer, dict) else None
    listed = [target for target in active or () if isinstance(target, dict)]
    own = [target for target in listed if (target.get("labels") or {}).get(label) == name]
    if not own:
        raise DashboardsError("Prometheus", cause="does not tell targets by cluster")
    return {**answer, "activeTargets": own}
