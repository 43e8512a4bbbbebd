"""Thresholds of the file: levels of the limits of panels and of alerts."""

from collections.abc import Iterator

from dashboards_py.configuration._table import Table
from dashboards_py.errors import DashboardsError
from dashboards_py.promql import number_text
from dashboards_py.style.alert_limits import ALERT_LIMITS
from dashboards_py.style.limits import LIMITS, Limit

KNOWN = {**LIMITS, **ALERT_LIMITS}


def read_thresholds(table: Table) -> Iterator[tuple[str, float]]:
    """The values by level; raises DashboardsError for an unknown limit or level, or levels in the wrong order."""
    table.refuse_unknown(KNOWN, "threshold")
    for name in table.values:
        yield from _limit(table.table(name), KNOWN[name])


def _limit(table: Table, limit: Limit) -> Iterator[tuple[str, float]]:
    defaults = {level.name: level.value for level in limit.levels}
    table.refuse_unknown(defaults, f"level of {limit.name}")
    values = {name: value for name in table.values if (value := table.number(name)) is not None}
    for name, value in values.items():
        is_share = limit.unit == "percentunit" and name != "floor"
        if value < 0 or (is_share and value > 1):
            what = "a share, from 0 to 1" if is_share else "at least 0"
            raise DashboardsError(f"{table.name(name)}: {number_text(value)}", cause=f"must be {what}")
    warning, critical = (values.get(name, defaults.get(name)) for name in ("warning", "critical"))
    if warning is not None and critical is not None:
        order = "below" if limit.lower_is_worse else "above"
        if not (critical < warning if limit.lower_is_worse else critical > warning):
            cause = f"critical {number_text(critical)} is not {order} warning {number_text(warning)}"
            raise DashboardsError(f"{table.file}: {table.path}", cause=cause, fix="set both")
    yield from ((f"{limit.name}.{name}", value) for name, value in values.items())
