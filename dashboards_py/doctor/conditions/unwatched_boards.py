"""unwatched-boards: ConfigMaps of dashboards are there, and Grafana does not show them

No sidecar of a Grafana watches the label `grafana_dashboard` in the namespace of the boards, or it ignores folders.

Set `grafana.sidecar.dashboards.searchNamespace: ALL` and `folderAnnotation: grafana_folder`.
"""

from dashboards_py.findings import Severity

ORDER = 66
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.WARNING
