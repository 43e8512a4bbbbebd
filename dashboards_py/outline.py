"""A board as text for reviews, one fact per line, without ids and positions."""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel, Query, Step, Variable, fields

LEAST = -1e299


def outline(board: Board) -> str:
    """The board's rows, panels, queries and links as text that changes only with the board's visible contents."""
    return "\n".join(_board(board)) + "\n"


def _board(board: Board) -> Iterator[str]:
    yield f"board {_one_line(board.uid)}: {_one_line(board.title)}"
    if about := fields.text(board.raw, "description"):
        yield f"about: {_one_line(about)}"
    if board.tags:
        yield "tags: " + _one_line(", ".join(board.tags))
    yield from (_variable(variable) for variable in board.variables)
    yield from (f"annotation {_one_line(mark.name)}: {_one_line(mark.expr)}" for mark in board.annotations if mark.expr)
    for link in board.links:
        yield _one_line(f"link {link.title}: {link.url or ', '.join(link.tags)}")
    for row in board.rows:
        yield ""
        yield f"row {_one_line(row.title) or '(top)'}" + (" (closed)" if row.collapsed else "")
        for panel in row.panels:
            yield from _panel(panel)


def _variable(variable: Variable) -> str:
    several = [word for word, is_set in (("multi", variable.multi), ("all", variable.include_all)) if is_set]
    return _one_line(f"variable {variable.name} ({', '.join([variable.type, *several])}): {variable.query}")


def _panel(panel: Panel) -> Iterator[str]:
    facts = [panel.type, panel.unit, f"library panel {panel.library}" if panel.library else ""]
    yield f"  panel {_one_line(panel.title) or '(no title)'} [{_one_line(', '.join(filter(None, facts)))}]"
    if panel.description:
        yield f"    about: {_one_line(panel.description)}"
    if panel.type == "text":
        yield f"    text: {_one_line(fields.text(fields.mapping(panel.raw, 'options'), 'content'))}"
    if panel.thresholds and not any(_is_below_all(step) for step in panel.thresholds):
        yield "    thresholds: " + ", ".join(
            _one_line(f"{step.color} from {step.value:g}" if step.value is not None else step.color)
            for step in panel.thresholds
        )
    if panel.no_value:
        yield f"    without data: {_one_line(panel.no_value)}"
    yield from (_query(query) for query in panel.queries)
    yield from (f"    link {_one_line(link.title)}: {_one_line(link.url)}" for link in panel.links)


def _is_below_all(step: Step) -> bool:
    """True for a step that all values reach: the panel has one color for values, and another for no data."""
    return step.value is not None and step.value < LEAST


def _query(query: Query) -> str:
    kind = [word for word, is_set in (("instant", query.instant), ("hidden", query.hidden)) if is_set]
    suffix = f" ({', '.join(kind)})" if kind else ""
    return f"    query {_one_line(query.legend) or '(auto)'}{suffix}: {_one_line(query.expr)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
