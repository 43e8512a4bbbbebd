"""edited-object: an object of Cilium is not what Helm rendered

Somebody changed or deleted it by hand, or another tool did: the values of the release do not say what runs.

Put what is needed into Helm's values, and upgrade the release.
"""

from dashboards_py.doctor.conditions._condition import FAILED_SCRAPE, NO_TARGET, NOT_EXPOSED
from dashboards_py.findings import Severity

ORDER = 75
EXPLAINS: frozenset[str] = NO_TARGET | FAILED_SCRAPE | NOT_EXPOSED
ALONE: Severity | None = Severity.WARNING
