"""What differs between two versions of a panel."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Panel, Query, fields
from dashboards_py.review.difference import Difference
from dashboards_py.review.pairs import metrics
from dashboards_py.review.settings import default_settings, panel_settings, without_empty

Json = Mapping[str, Any]

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
# Copies that editors keep of what a query of another language asks.
COPIES = frozenset({"meta", "pluginVersion", "builderOptions", "key"})


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
    targets = _target(before, old), _target(after, new)
    yield "kind", *_both(_kind, targets)
    yield "format", old.format, new.format
    yield "hidden", yes(old.hidden), yes(new.hidden)
    yield "data source", *source_names(targets, (before.raw, after.raw))
    yield "resolution", *_both(_resolution, targets)
    keys = ["interval", "exemplar"]
    if not old.expr.strip() and not new.expr.strip():
        keys += [key for key in (*targets[1], *targets[0]) if key == "expr" or key not in NEUTRAL | COPIES]
    for key in dict.fromkeys(keys):
        yield key, _any(targets[0].get(key)), _any(targets[1].get(key))


def _both(text_of: Callable[[Json], str], targets: tuple[Json, Json]) -> tuple[str, str]:
    return text_of(targets[0]), text_of(targets[1])


def _kind(target: Json) -> str:
    if target.get("instant") is not True:
        return "range"
    return "instant and range" if target.get("range") is True else "instant"


def _resolution(target: Json) -> str:
    """`1/2` if every second step is left out."""
    factor = fields.integer(target, "intervalFactor", 1)
    return f"1/{factor}" if factor > 1 else ""


def _any(value: object) -> str:
    """A value of a query as text, "" if it is empty or false."""
    full = without_empty(value)
    if full in (None, False, "", {}, []):
        return ""
    return full if isinstance(full, str) else json.dumps(full, ensure_ascii=False, sort_keys=True)


def yes(flag: bool) -> str:
    """A flag as text."""
    return "yes" if flag else ""


def _legend(query: Query) -> str:
    """The legend; Grafana writes `__auto` for none."""
    return "" if query.legend == "__auto" else query.legend


def source_names(*levels: tuple[Json, Json]) -> tuple[str, str]:
    """The data sources of two versions of a thing, each the first that its levels state; "" for both if unknown.

    `$x` and `${x}` are one variable. Grafana writes the default where there is none, and a uid for a name.
    """
    sources = [
        next((source for level in levels if (source := level[number].get("datasource"))), None) for number in (0, 1)
    ]
    names = [fields.datasource({"datasource": source}) or "" for source in sources]
    names = [f"${name[2:-1]}" if name.startswith("${") and name.endswith("}") else name for name in names]
    is_replaced = isinstance(sources[0], str) and not names[0].startswith("$") and isinstance(sources[1], Mapping)
    return (names[0], names[1]) if all(names) and not (is_replaced and not names[1].startswith("$")) else ("", "")


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
