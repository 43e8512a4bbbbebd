"""What Grafana shows of a panel and a picture does not, as sentences; docs/preview.md has those of every picture."""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel, fields


def shortfalls(panel: Panel) -> Iterator[str]:
    """A sentence for each."""
    if repeated := fields.text(panel.raw, "repeat"):
        yield f"is drawn once, and not for each value of {repeated}"
    if panel.type == "gauge":
        yield "the gauge is drawn as a bar"
    options = fields.mapping(panel.raw, "options")
    if panel.type == "text" and fields.text(options, "mode") == "html":
        yield "HTML is drawn as its source"


def repeated_rows(board: Board) -> Iterator[tuple[str, str]]:
    """The title of each row that Grafana repeats, and a sentence for it."""
    for row in (*fields.mappings(board.raw, "rows"), *fields.mappings(board.raw, "panels")):
        is_row = "panels" in row or fields.text(row, "type") == "row"
        if is_row and (repeated := fields.text(row, "repeat")):
            yield fields.text(row, "title"), f"the row is drawn once, and not for each value of {repeated}"
