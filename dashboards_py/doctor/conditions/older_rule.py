"""older-rule: an alert fires by another threshold than the one in git

Prometheus has a rule of this name, and none with this expression: another version of the file, or another file, is
loaded.

Apply the file again, and look at which object has the other rule.
"""

from dashboards_py.findings import Severity

ORDER = 81
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.WARNING
