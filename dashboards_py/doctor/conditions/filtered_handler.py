"""filtered-handler: Hubble's dynamic metrics count only some flows

The handler has `includeFilters` or `excludeFilters` in the ConfigMap of dynamic metrics: flows that do not pass them
are not counted.

Remove the filters, or read the panels as what they show.
"""

from dashboards_py.findings import Severity

ORDER = 58
EXPLAINS: frozenset[str] = frozenset({"handler-off", "nothing-recorded", "partial-metric"})
ALONE: Severity | None = None
