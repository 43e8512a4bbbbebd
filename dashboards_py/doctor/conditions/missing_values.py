"""missing-values: values of Cilium's Helm release lack something that boards need

Metrics, handlers, labels or ServiceMonitors that panels read are not enabled in the values of the release.

`cilium-dashboards values --check FILE` lists panels and values.
"""

from dashboards_py.findings import Severity

ORDER = 60
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.WARNING
