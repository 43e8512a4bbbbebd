"""Two versions of a board, or of many boards, as sections of a review."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from dashboards_py.board import Annotation, Board, Panel, Variable, fields, read
from dashboards_py.catalog import Release
from dashboards_py.panel_data.old_panels import upgraded
from dashboards_py.promql import forget_queries
from dashboards_py.review.difference import Difference, Reviewed, Section
from dashboards_py.review.effects import with_effects
from dashboards_py.review.pairs import moved, pairs
from dashboards_py.review.panels import panel_differences, query_difference, setting_differences, source_names, yes
from dashboards_py.review.settings import board_settings, raw_variable, row_settings

NO_BOARD = read({"title": "", "panels": []})
HIDES = ("", "label", "variable", "in the menu of controls")  # VariableHide of Grafana
SORTS = ("", "A to Z", "Z to A", "1 to 9", "9 to 1", "a to z", "z to a", "natural", "natural, descending")


def boards_reviewed(before: Mapping[str, Board], after: Mapping[str, Board], release: Release) -> tuple[Section, ...]:
    """The boards that differ, by the names of their files, with what the changes mean on a release."""
    sections = []
    shared = {uid for side in (before, after) for uid, number in _uids(side).items() if number > 1}
    for old, new in same_boards(before, after):
        boards = before.get(old or ""), after.get(new or "")
        section = board_reviewed(*boards, new or old or "")
        if shared & {board.uid for board in boards if board}:
            section = replace(section, name=f"{section.name} in {new or old}")
        if section.is_different:
            sections.append(with_effects(section, *boards, release))
        forget_queries()
    return tuple(sections)


def _uids(boards: Mapping[str, Board]) -> Counter[str]:
    return Counter(board.uid for board in boards.values() if board.uid)


def board_reviewed(before: Board | None, after: Board | None, name: str = "") -> Section:
    """What differs between two versions of a board; None if there was none, or is none any more."""
    board = after or before or NO_BOARD
    section = Section(
        kind="board",
        name=" ".join(filter(None, (board.uid or name, board.uid and board.title and f"({board.title})"))),
        part="panel",
        is_added=before is None,
        is_removed=after is None,
    )
    if before is None or after is None:
        return replace(section, parts=tuple(_alone(board, is_added=before is None)))
    before, after = _as_seen(upgraded(before)), _as_seen(upgraded(after))
    return replace(section, differences=tuple(_of_the_whole(before, after)), parts=tuple(_panels(before, after)))


def _as_seen(board: Board) -> Board:
    """The board with the panels of each row as Grafana shows them: by place, whatever their order in the JSON."""
    rows = tuple(
        replace(row, panels=tuple(sorted(row.panels, key=lambda panel: (panel.y, panel.x)))) for row in board.rows
    )
    return replace(board, rows=rows)


def same_boards(before: Mapping[str, Board], after: Mapping[str, Board]) -> Iterator[tuple[str | None, str | None]]:
    """Names of the same board in both: of one uid, one name, or one title; those that were removed are last.

    Of several boards with one uid, as for several clusters, those of one name are the same.
    """
    left = dict(before)
    names: dict[str, str] = {}
    keys: tuple[Callable[[str, Board], str], ...] = (
        lambda name, board: board.uid and f"{board.uid}\0{name}",
        lambda _, board: board.uid,
        lambda name, _: name,
        lambda _, board: board.title,
    )
    for key in keys:
        by_key = {key(name, board): name for name, board in reversed(left.items())}
        for name, board in after.items():
            if name not in names and key(name, board) and (old := by_key.pop(key(name, board), "")):
                names[name] = old
                del left[old]
    if len(before) == len(after) == 1 and left:  # one board that got another uid, name and title, or two boards
        (old_name, old_board), (name, board) = *before.items(), *after.items()
        if {panel.title for panel in old_board.panels} & {panel.title for panel in board.panels}:
            names, left = {name: old_name}, {}
    yield from ((names.get(name), name) for name in after)
    yield from ((name, None) for name in left)


def _alone(board: Board, *, is_added: bool) -> Iterator[Reviewed]:
    """The panels of a board that is new or gone."""
    for row in board.rows:
        for panel in row.panels:
            yield _new_or_gone(panel, row.title, is_added=is_added)


def _new_or_gone(panel: Panel, row: str, *, is_added: bool) -> Reviewed:
    queries = tuple(
        Difference(f"query {query.ref}", *(("", query.expr) if is_added else (query.expr, "")), is_query=True)
        for query in panel.queries
        if query.expr.strip()
    )
    before, after = (None, panel) if is_added else (panel, None)
    name = _name(panel)
    return Reviewed(
        name=name,
        row=row,
        is_added=is_added,
        is_removed=not is_added,
        differences=queries,
        before=before,
        after=after,
    )


def _name(panel: Panel) -> str:
    return panel.title.strip() or f"{panel.type or 'panel'} without a title"


def _panels(before: Board, after: Board) -> Iterator[Reviewed]:
    """The panels that differ, or stand elsewhere."""
    paired = pairs(before, after)
    positions = {id(panel): number for number, panel in enumerate(before.panels)}
    rows = [{id(panel): row.title for row in board.rows for panel in row.panels} for board in (before, after)]
    both = [(old, new) for old, new in paired if old is not None and new is not None]
    in_other_row = {
        id(new)
        for old, new in both
        if (row := rows[1][id(new)]) != (was_row := rows[0][id(old)])
        and (row in rows[0].values() or was_row in rows[1].values())
    }
    stayed = [(old, new) for old, new in both if id(new) not in in_other_row]
    elsewhere = {id(stayed[number][1]) for number in moved([positions[id(old)] for old, _ in stayed])}
    for old, new in paired:
        if old is not None and new is not None:
            row, was_row = rows[1][id(new)], rows[0][id(old)]
            is_moved = id(new) in in_other_row or id(new) in elsewhere
            destination = _destination(new, after, was_row if id(new) in in_other_row else row) if is_moved else ""
            was = _name(old) if _name(old) != _name(new) else ""
            differences = tuple(one for one in panel_differences(old, new) if one.what != "title")
            if differences or destination or was:
                yield Reviewed(
                    name=_name(new), was=was, moved=destination, differences=differences, before=old, after=new
                )
        elif panel := new or old:
            yield _new_or_gone(panel, rows[old is None][id(panel)], is_added=old is None)


def _destination(panel: Panel, board: Board, was_row: str) -> str:
    """Where a panel went: to another row, or behind which one of its own."""
    row = next(row for row in board.rows if any(one is panel for one in row.panels))
    if row.title != was_row:
        return f"to {_row(row.title)} (was in {_row(was_row)})"
    number = next(number for number, one in enumerate(row.panels) if one is panel)
    return f"behind {_name(row.panels[number - 1])}" if number else f"to the top of {_row(row.title)}"


def _row(title: str) -> str:
    return f"row {title}" if title else "the board"


def _of_the_whole(before: Board, after: Board) -> Iterator[Difference]:
    yield from setting_differences(board_settings(before), board_settings(after), {})
    if before.uid != after.uid:
        yield Difference("uid", before.uid, after.uid)
    yield from _order("links", *([link.title for link in board.links] for board in (before, after)))
    yield from _rows(before, after)
    yield from setting_differences(row_settings(before), row_settings(after), {})
    variables = [{one.name: one for one in board.variables} for board in (before, after)]
    for name in dict.fromkeys((*variables[1], *variables[0])):
        yield from _variable(name, variables[0].get(name), variables[1].get(name), before, after)
    # Grafana shows them in this order.
    yield from _order(
        "variables", *([one.name for one in board.variables if not one.hidden] for board in (before, after))
    )
    annotations = [
        {one.name: one for one in board.annotations if not one.raw.get("builtIn")} for board in (before, after)
    ]
    for name in dict.fromkeys((*annotations[1], *annotations[0])):
        yield from _annotation(name, annotations[0].get(name), annotations[1].get(name))


def _rows(before: Board, after: Board) -> Iterator[Difference]:
    old, new = ([row for row in board.rows if row.title] for board in (before, after))
    titles = [[row.title for row in rows] for rows in (old, new)]
    removed = [title for title in titles[0] if title not in titles[1]]
    added = [title for title in titles[1] if title not in titles[0]]
    same_panels = {_panels_of(row.panels): row.title for row in old if row.title in removed and row.panels}
    for row in new:
        if row.title in added and (was := same_panels.pop(_panels_of(row.panels), "")):
            removed.remove(was)
            yield Difference("title of a row", was, row.title)
        elif row.title in added:
            yield Difference("row", "", row.title)
    yield from (Difference("row", title, "") for title in removed)
    yield from _order("rows", *titles)
    was_collapsed = {row.title: row.collapsed for row in old}
    for row in new:
        if row.title in was_collapsed and row.collapsed != was_collapsed[row.title]:
            states = ("open", "collapsed") if row.collapsed else ("collapsed", "open")
            yield Difference(f"row {row.title}", *states)


def _order(what: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """One difference if the names that both have are in another order."""
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield Difference(f"order of the {what}", ", ".join(before), ", ".join(after))


def _panels_of(panels: Sequence[Panel]) -> tuple[str, ...]:
    return tuple(panel.title for panel in panels)


def _variable(
    name: str, old: Variable | None, new: Variable | None, before: Board, after: Board
) -> Iterator[Difference]:
    if old is None or new is None:
        one = new or old
        text = f"{one.type} {one.query}".strip() if one else ""
        yield Difference(f"variable {name}", *(("", text) if new else (text, "")))
        return
    of = f"of variable {name}"
    if old.type != new.type:
        yield Difference(f"type {of}", old.type, new.type)
    if (query := query_difference(f"query {of}", old.query, new.query)) and " ".join(old.query.split()) != " ".join(
        new.query.split()
    ):
        yield replace(query, is_query=False)
    both = raw_variable(before, name), raw_variable(after, name)
    texts = (
        ("label", old.label, new.label),
        ("description", *(fields.text(raw, "description") for raw in both)),
        ("data source", *source_names(both)),
        ("regex", old.regex, new.regex),
        ("value of All", old.all_value, new.all_value),
        ("several values", yes(old.multi), yes(new.multi)),
        ("All", yes(old.include_all), yes(new.include_all)),
        ("hidden", *(_word(HIDES, fields.integer(raw, "hide")) for raw in both)),
        ("refresh", *("when the time range changes" if raw.get("refresh") == 2 else "" for raw in both)),
        ("kept out of the URL", *(yes(fields.flag(raw, "skipUrlSync")) for raw in both)),
        ("sort order", *(_word(SORTS, fields.integer(raw, "sort")) for raw in both)),
        ("default", *_currents(name, before, after)),
    )
    yield from (Difference(f"{what} {of}", one, other) for what, one, other in texts if one != other)


def _word(words: Sequence[str], number: int) -> str:
    return words[number] if 0 <= number < len(words) else str(number)


def _currents(name: str, before: Board, after: Board) -> tuple[str, str]:
    """The values that the variable opens with, if both boards state one: Grafana fills in what is missing."""
    texts = []
    for board in (before, after):
        value = fields.mapping(raw_variable(board, name), "current").get("value")
        texts.append(", ".join(map(str, value)) if isinstance(value, list) else str(value or ""))
    return (texts[0], texts[1]) if all(texts) else ("", "")


def _annotation(name: str, old: Annotation | None, new: Annotation | None) -> Iterator[Difference]:
    what = f"annotation {name}"
    if old is None or new is None:
        alone = new or old
        expr = alone.expr if alone else ""
        text = expr or "not PromQL"
        yield Difference(what, *(("", text) if new else (text, "")), is_query=bool(expr))
    else:
        if query := query_difference(f"query of {what}", old.expr, new.expr):
            yield query
        texts = [("data source", *source_names((old.raw, new.raw)))]
        for key in ("enable", "hide", "iconColor", "titleFormat", "textFormat", "tagKeys", "step", "filter"):
            one, other = ("" if raw.get(key) in (None, "", False) else str(raw[key]) for raw in (old.raw, new.raw))
            texts.append((key, one, other))
        yield from (Difference(f"{key} of {what}", one, other) for key, one, other in texts if one != other)
