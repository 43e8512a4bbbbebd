"""unselected-monitor: the ServiceMonitor exists, and Prometheus > Status > Targets does not show it

The Prometheus object selects ServiceMonitors by labels (serviceMonitorSelector), and this one lacks them: with
kube-prometheus-stack usually `release: NAME`.

Add the label with the Helm value `...serviceMonitor.labels`, or widen the selector
(`serviceMonitorSelectorNilUsesHelmValues: false`).
"""

from dashboards_py.doctor.conditions._condition import NO_TARGET
from dashboards_py.findings import Severity

ORDER = 24
EXPLAINS: frozenset[str] = NO_TARGET
ALONE: Severity | None = Severity.ERROR
