"""missing-target: no data for Hubble, Envoy, the operator or Relay, while other Cilium panels work

Prometheus has no target of this component: its metrics are not enabled, its ServiceMonitor is not there or is not
selected, its Service has no endpoints, or the scrape configuration does not list it.

Set the Helm values that are named. If they are set, compare the labels of the ServiceMonitor with the
serviceMonitorSelector of the Prometheus, and look at Status > Targets.
"""

from datetime import UTC, datetime

from dashboards_py.catalog import components, entries
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import is_optional, off_reason
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation

ORDER = 70


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A selector without series reads a component without targets and without series."""
    for selector in query.missing():
        lost = [name for name in sorted(selector.components) if _is_lost(name, seen)]
        if lost and len(lost) == len(selector.components):
            return _of(lost[0], seen)
    return None


def _is_lost(component: str, seen: Observation) -> bool:
    if component in seen.components or seen.targets_of(component):
        return False
    return not is_optional(component) and not off_reason(component, seen)


def _of(component: str, seen: Observation) -> Diagnosis:
    settings = ", ".join(map(str, components()[component].enabled_by))
    monitor = components()[component].service_monitor
    fix = f"Set {settings}." if settings else "Scrape it."
    if monitor:
        fix += f" If they are set: does this Prometheus select ServiceMonitor {monitor} by its labels?"
    why = "it has neither a target nor a series of it now"
    moments = [until for name, until in seen.last_samples.items() if _is_of(name, component)]
    if moments:
        why += f"; the last sample is of {datetime.fromtimestamp(max(moments), UTC):%Y-%m-%d %H:%M:%S} UTC"
    return Diagnosis(f"{component} is not scraped", why, fix, subjects=frozenset({component}))


def _is_of(name: str, component: str) -> bool:
    return any(metric.component == component for metric in entries(name))
