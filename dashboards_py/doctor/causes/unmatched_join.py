"""unmatched-join: a panel that divides or multiplies two metrics is empty, each of them alone has data

Both sides of the query's operator have series, and no two of them match: they are matched by labels that differ, that
only one side has, or whose values are written in another way (`node` as name and as address).

Query each side by itself and compare their labels. Match by those that both have: `* on (node) group_left ()`, or group
both sides by them.
"""

from dashboards_py import promql
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 127


def explain(query: ExecutedQuery, _: Observation) -> Diagnosis | None:
    """All selectors have series, nothing filters, and there is a join."""
    has_all = all(selector.count and _reaches(selector.sent.window, selector.samples) for selector in query.selectors)
    if not query.is_empty or not query.selectors or not has_all:
        return None
    try:
        joins = promql.unfiltered_joins(query.sent)
    except promql.QueryError:
        return None
    if not joins:
        return None
    names = " and ".join(dict.fromkeys(selector.name for selector in query.selectors))
    why = f"there are series of {names}, and no two are the same in {' and '.join(dict.fromkeys(joins))}"
    fix = "query each side by itself, and match by labels that both have with the same values"
    return Diagnosis("no series of the two sides of a join match", why, fix, Severity.WARNING)


def _reaches(window: float, samples: int | None) -> bool:
    """Whether a window is known to hold enough samples."""
    return not window or (samples or 0) > 1
