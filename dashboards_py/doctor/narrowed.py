"""A query of a few targets: where it has a result, the whole query has one, too, and need not be asked."""

from typing import NamedTuple

from dashboards_py import promql
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import SAMPLED, Observation
from dashboards_py.promql.matcher import Matcher, any_of


class Attempt(NamedTuple):
    """A query to try before the whole one; `is_unfiltered`: without its comparisons, so that rows tell of data only."""

    sent: str
    is_unfiltered: bool = False


def attempts(query: ExecutedQuery, seen: Observation) -> tuple[Attempt, ...]:
    """The query of a few targets, then the same without comparisons, which more selectors may be narrowed in.

    Where that reads less it is tried first.
    """
    few, narrow = _narrowed(query, query.sent, seen)
    try:
        unfiltered, narrow_too = _narrowed(query, promql.unfiltered(query.sent), seen)
    except promql.QueryError:
        unfiltered, narrow_too = "", 0
    tried = [Attempt(few)] if few else []
    if unfiltered and unfiltered != few:
        tried.insert(0 if narrow_too > narrow else 1, Attempt(unfiltered, is_unfiltered=True))
    return tuple(tried)


def _narrowed(query: ExecutedQuery, expr: str, seen: Observation) -> tuple[str, int]:
    """An expression with the selectors of a query, for a few targets of its components, and in how many of them.

    "" if that says nothing of the whole, or costs as much.
    """
    try:
        can_be = promql.narrowable(expr, _absent(query, seen))
    except promql.QueryError:
        return "", 0
    if len(can_be) != len(query.selectors):
        return "", 0
    pairs = zip(query.selectors, can_be, strict=True)
    added = [_few(selector, seen) if is_narrowable else () for selector, is_narrowable in pairs]
    if not any(added):
        return "", 0
    remaining = iter(added)
    try:
        sent = promql.inject(expr, lambda _: next(remaining))
    except promql.QueryError:
        return "", 0
    return (promql.without_idle_matchers(sent), sum(map(bool, added))) if sent != expr else ("", 0)


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
