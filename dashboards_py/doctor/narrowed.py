"""A query of a few targets: where it has a result, the whole query has one, too, and need not be asked."""

from dashboards_py import promql
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import SAMPLED, Observation
from dashboards_py.promql.matcher import Matcher, any_of


def narrowed(query: ExecutedQuery, seen: Observation) -> str:
    """The query for a few targets of its components, "" if that says nothing of the whole, or costs as much."""
    try:
        can_be = promql.narrowable(query.sent, _absent(query, seen))
    except promql.QueryError:
        return ""
    if len(can_be) != len(query.selectors):
        return ""
    pairs = zip(query.selectors, can_be, strict=True)
    added = [_few(selector, seen) if is_narrowable else () for selector, is_narrowable in pairs]
    if not any(added):
        return ""
    remaining = iter(added)
    try:
        sent = promql.inject(query.sent, lambda _: next(remaining))
    except promql.QueryError:
        return ""
    return promql.without_idle_matchers(sent) if sent != query.sent else ""


def _absent(query: ExecutedQuery, seen: Observation) -> frozenset[str]:
    """The metrics of a query that have no series, and had none before that a window might reach."""
    names = {one.name for one in query.selectors if one.name}
    return frozenset(name for name in names - seen.before if not seen.has(name))


def _few(selector: ExecutedSelector, seen: Observation) -> tuple[Matcher, ...]:
    """The matcher of a few targets of its component; none if there are not many more."""
    if not seen.has(selector.name) or all(len(seen.targets_of(name)) <= SAMPLED for name in selector.components):
        return ()
    instances = seen.sampled_instances(sorted(selector.components))
    return (any_of(seen.label("instance"), instances),) if instances else ()
