"""failing-rule: PrometheusRuleFailures, "many-to-many matching not allowed" or "found duplicate series" in a rule

Prometheus cannot evaluate the rule, and neither fires it nor records its series.

Fix what its error names; two targets for one pod are the usual reason of duplicates.
"""

from dashboards_py.findings import Severity

ORDER = 79
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.ERROR
