"""What differs between two versions of a panel."""

from collections.abc import Iterator, Mapping, Sequence

from dashboards_py import promql
from dashboards_py.board import Panel, Query, fields
from dashboards_py.review.difference import Difference
from dashboards_py.review.pairs import metrics
from dashboards_py.review.settings import default_settings, panel_settings

# Keys of a target that say nothing of what it asks.
NEUTRAL = frozenset(
    {
        "refId",
        "datasource",
        "hide",
        "format",
        "range",
        "instant",
        "editorMode",
        "legendFormat",
        "expr",
        "intervalFactor",
    }
)


def panel_differences(before: Panel, after: Panel) -> tuple[Difference, ...]:
    """The settings that differ: queries first, then others by name."""
    old, new = panel_settings(before), panel_settings(after)
    sizes = f"{before.w} x {before.h}", f"{after.w} x {after.h}"
    size = (Difference("size", *sizes),) if sizes[0] != sizes[1] else ()
    defaults = default_settings(after.type) if before.type == after.type else {}
    queries = () if after.type == "text" else _queries(before, after)  # which the editor gives to texts, too
    return (*queries, *setting_differences(old, new, defaults), *size)


def setting_differences(
    old: Mapping[str, str], new: Mapping[str, str], defaults: Mapping[str, str]
) -> Iterator[Difference]:
    """Each setting whose text differs, in the order of the newer, then those that are gone."""
    for name in dict.fromkeys((*new, *old)):
        if old.get(name, "") != new.get(name, ""):
            yield Difference(name, old.get(name, defaults.get(name, "")), new.get(name, defaults.get(name, "")))


def query_difference(what: str, before: str, after: str) -> Difference | None:
    """How a query differs; None if it asks the same."""
    if before == after or promql.same_query(before, after):
        return None
    return Difference(what, before, after, tuple(map(_sentence, promql.query_changes(before, after))), is_query=True)


def _sentence(change: promql.PartChange) -> str:
    if not change.before:
        return f"{change.kind} {change.after} (new)"
    return f"{change.kind} {change.before} " + (f"-> {change.after}" if change.after else "(removed)")


def _queries(before: Panel, after: Panel) -> Iterator[Difference]:
    for old, new in _paired(before.queries, after.queries):
        if old is not None and new is not None:
            yield from _query(old, new, before, after)
        elif (query := new or old) and (text := _text(query, after if new else before)):
            texts = ("", text) if new else (text, "")
            yield Difference(f"query {query.ref}", *texts, is_query=bool(query.expr.strip()))


def _query(old: Query, new: Query, before: Panel, after: Panel) -> Iterator[Difference]:
    what = f"query {new.ref}"
    if difference := query_difference(what, old.expr, new.expr):
        yield difference
    for name, one, other in _attributes(old, new, before, after):
        if one != other:
            yield Difference(f"{name} of {what}", one, other)


def _text(query: Query, panel: Panel) -> str:
    """PromQL, or that it is another language; "" for a query that asks nothing."""
    return query.expr if query.expr.strip() else "not PromQL" if _target(panel, query).keys() - NEUTRAL else ""


def _attributes(old: Query, new: Query, before: Panel, after: Panel) -> Iterator[tuple[str, str, str]]:
    yield "letter", old.ref, new.ref
    yield "legend", _legend(old), _legend(new)
    yield "kind", _kind(old), _kind(new)
    yield "format", old.format, new.format
    yield "hidden", yes(old.hidden), yes(new.hidden)
    one, other = _source(old, before), _source(new, after)
    if one and other:  # Grafana writes the default where there is none
        yield "data source", one, other
    targets = _target(before, old), _target(after, new)
    for key in ("interval", "exemplar"):
        yield key, *(_plain(targets[0].get(key)), _plain(targets[1].get(key)))


def _kind(query: Query) -> str:
    return "instant" if query.instant else "range"


def yes(flag: bool) -> str:
    """A flag as text."""
    return "yes" if flag else ""


def _plain(value: object) -> str:
    return "" if value is None or value is False else str(value)


def _legend(query: Query) -> str:
    """The legend; Grafana writes `__auto` for none."""
    return "" if query.legend == "__auto" else query.legend


def _source(query: Query, panel: Panel) -> str:
    """The data source of a query; `$x` and `${x}` are one variable."""
    name = query.datasource or panel.datasource or ""
    return f"${name[2:-1]}" if name.startswith("${") and name.endswith("}") else name


def _target(panel: Panel, query: Query) -> dict[str, object]:
    targets = fields.mappings(panel.raw, "targets")
    return dict(next((target for target in targets if target.get("refId") == query.ref), {}))


def _paired(old: Sequence[Query], new: Sequence[Query]) -> list[tuple[Query | None, Query | None]]:
    """Queries that are the same, then those of one letter, then the others in turn; removed ones are last."""
    left = list(old)
    result: dict[int, Query] = {}
    for same in (
        lambda one, other: one.ref == other.ref and one.expr == other.expr,
        lambda one, other: bool(one.expr.strip()) and promql.same_query(one.expr, other.expr),
        lambda one, other: one.ref == other.ref,
        lambda one, other: bool(metrics(one.expr) & metrics(other.expr)),
    ):
        for number, query in enumerate(new):
            if number in result:
                continue
            match = next((one for one in left if same(one, query)), None)
            if match is not None:
                left.remove(match)
                result[number] = match
    return [*((result.get(number), query) for number, query in enumerate(new)), *((query, None) for query in left)]
