"""missing-rights: part of the cluster could not be read

You may not read some kinds of objects, so that conditions that show in them are not known.

Ask for get and list on what is named: the ClusterRole `view` and the kinds of monitoring.coreos.com are enough for
most.
"""

from dashboards_py.findings import Severity

ORDER = 90
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.INFO
