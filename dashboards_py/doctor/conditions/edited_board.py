"""edited-board: a panel shows something else than on other clusters, somebody changed the dashboard in Grafana

The board in Grafana is not the one that is compiled, and somebody saved it there: its panels may ask other queries,
other clusters or another data source.

Save a copy of what is needed, then deploy these boards by their uids with `--overwrite`: without uids it replaces all
that somebody edited. Then deploy all without it, for the links between boards.
"""

from dashboards_py.findings import Severity

ORDER = 62
EXPLAINS: frozenset[str] = frozenset()
ALONE: Severity | None = Severity.WARNING
