"""unloaded-rule: an alert never fires, and Prometheus > Alerts does not list it

The rule is in the file and not in Prometheus: its PrometheusRule was not applied, is not selected by the Prometheus
object's ruleSelector and ruleNamespaceSelector, or the file is not among rule_files.

Apply it, with the labels that the selector asks for.
"""

from dashboards_py.findings import Severity

ORDER = 80
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.WARNING
