"""`lint --fix`: write the fixes that are certain into the JSON files of dashboards; nothing else in them changes."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._board_files import boards_of
from dashboards_py.errors import DashboardsError, ProblemsFound

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.catalog.release import Release
    from dashboards_py.documents.limits import Limits
    from dashboards_py.lint import Settings

EXPR = re.compile(r'("expr"\s*:\s*)("(?:[^"\\]|\\.)*")')


def fix_files(
    names: Iterable[str], release: "Release", limits: "Limits", settings: "Settings", *, windows: bool
) -> None:
    """Fix the queries of the dashboards in these files and print each change."""
    unread: list[DashboardsError] = []  # reported when the files are checked
    # Labels keep the names that they have in the files.
    for shown, board in boards_of(names, limits, unread, {}):
        source = Path(shown).read_bytes() if Path(shown).is_file() else b""
        if not _is_json(source):
            click.echo(f"not fixed: {shown}: --fix writes dashboards that are a JSON file of their own", err=True)
            continue
        fixes: list[str] = []
        try:
            text = _with_panels(source.decode(), board, fixes)
        except ValueError as error:
            raise DashboardsError(shown, cause=str(error), fix="please report the file") from error
        changes = dict(_changes(board, release, settings, windows=windows))
        if changes or fixes:
            _write(Path(shown), source, text, changes)
            for line in fixes:
                click.echo(f"fixed: {shown}: {line}", err=True)


def _changes(board: "Board", release: "Release", settings: "Settings", *, windows: bool) -> Iterator[tuple[str, str]]:
    """Expressions with their fixes, where all panels that have one agree: it is replaced wherever it is written."""
    from dashboards_py.lint import fixed_query

    fixes: dict[str, set[str]] = {}
    for panel, query in board.queries():
        if query.expr.strip():
            fixed = fixed_query(board, panel, query, release, settings, windows=windows)
            fixes.setdefault(query.expr, set()).add(fixed)
    for expr, results in fixes.items():
        if len(results) > 1:
            click.echo(f"not fixed: {_line(expr)}: panels that have it need different queries", err=True)
        elif results != {expr}:
            yield expr, results.pop()


def _is_json(source: bytes) -> bool:
    """Whether a file is JSON in UTF-8, and not YAML with the same meaning."""
    try:
        return isinstance(json.loads(source.decode(), strict=False), dict)
    except (ValueError, RecursionError):
        return False


def _with_panels(text: str, board: "Board", fixes: list[str]) -> str:
    """The text with the board's data source and time series; `fixes` gets a line for each change."""
    from dashboards_py.documents.json_members import with_changed_objects
    from dashboards_py.lint import datasource_variable, fixed_panel, with_variable

    result = text
    if uid := datasource_variable(board):
        result = with_changed_objects(
            text,
            # Schema v2 has the data source in a query.
            lambda key, in_list: key in ("datasource", "query") and not in_list,
            lambda query: with_variable(query, uid),
        )
        if result != text:
            fixes.append(f"data source {uid}")
    if titles := [panel.title for panel in board.panels if fixed_panel(panel.raw) is not None]:
        with_panels = with_changed_objects(result, lambda key, in_list: key == "panels" and in_list, fixed_panel)
        fixes += [f"{_line(title)}: type timeseries" for title in titles if with_panels != result]
        result = with_panels
    return result


def _write(path: Path, source: bytes, text: str, changes: Mapping[str, str]) -> None:
    """Replace expressions in the text, and write it; raises ProblemsFound if the file changed since `source`."""
    from dashboards_py.tree import replace_all

    is_ascii = text.isascii()

    def changed(match: re.Match[str]) -> str:
        expr = json.loads(match[2], strict=False)
        return match[1] + json.dumps(changes[expr], ensure_ascii=is_ascii) if expr in changes else match[0]

    result = EXPR.sub(changed, text)
    if _without_expressions(json.loads(result, strict=False)) != _without_expressions(json.loads(text, strict=False)):
        raise DashboardsError(str(path), cause="would change in more than its queries", fix="please report the file")
    if path.read_bytes() != source:
        raise ProblemsFound(f"{path} was changed by something else meanwhile", fix="run the command again")
    replace_all({path: result.encode()})
    for old, new in changes.items():
        click.echo(f"fixed: {path}\n    - {_line(old)}\n    + {_line(new)}", err=True)


def _without_expressions(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: None if key == "expr" else _without_expressions(inner) for key, inner in value.items()}
    return list(map(_without_expressions, value)) if isinstance(value, list) else value


def _line(text: str) -> str:
    return " ".join(text.split())
