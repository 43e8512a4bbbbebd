"""missing-kinds: "no matches for kind ServiceMonitor", no Cilium target at all

The cluster lacks the custom resource definitions of prometheus-operator, so that there can be no ServiceMonitors.

Install the operator's CRDs (chart prometheus-operator-crds or kube-prometheus-stack), then upgrade Cilium's release.
"""

from dashboards_py.doctor.conditions._condition import NO_TARGET
from dashboards_py.findings import Severity

ORDER = 10
EXPLAINS: frozenset[str] = NO_TARGET
ALONE: Severity | None = Severity.ERROR
