"""`lint --fix`: write the fixes that are certain into the JSON files of dashboards; nothing else in them changes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._board_files import boards_of
from dashboards_py.errors import DashboardsError, ProblemsFound

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.documents.limits import Limits
    from dashboards_py.lint import Settings
    from dashboards_py.release import Release


def fix_files(
    names: Iterable[str], release: "Release", limits: "Limits", settings: "Settings", *, habits: bool
) -> None:
    """Fix the queries of the dashboards in these files and print each change; with `habits` fixed windows as well."""
    unread: list[DashboardsError] = []  # reported when the files are checked
    # Labels keep the names that they have in the files.
    for shown, board in boards_of(names, limits, unread, {}):
        source = Path(shown).read_bytes() if Path(shown).is_file() else b""
        if not _is_json(source):
            click.echo(f"not fixed: {shown}: --fix writes dashboards that are a JSON file of their own", err=True)
            continue
        changes = dict(_changes(board, release, settings, habits=habits))
        fixes: list[str] = []
        try:
            text = _with_expressions(_with_panels(source.decode(), shown, board, fixes), changes)
        except ValueError as error:
            raise DashboardsError(shown, cause=str(error), fix="please report the file") from error
        fixes += [f"{shown}\n    - {_line(old)}\n    + {_line(new)}" for old, new in changes.items()]
        if fixes:
            _write(Path(shown), source, text)
            for line in fixes:
                click.echo(f"fixed: {line}", err=True)


def _changes(board: "Board", release: "Release", settings: "Settings", *, habits: bool) -> Iterator[tuple[str, str]]:
    """Expressions with their fixes, where all panels that have one agree: it is replaced wherever it is written."""
    from dashboards_py.lint import fixable, fixed_query

    fixes: dict[str, set[str]] = {}
    reported = {query.expr for _, query in fixable(board, release, settings, habits=habits)}
    for panel, query in board.queries():
        if query.expr in reported:
            fixed = fixed_query(board, panel, query, release, settings, habits=habits)
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


def _with_panels(text: str, shown: str, board: "Board", fixes: list[str]) -> str:
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
            fixes.append(f"{shown}: data source {uid}")
    if titles := [panel.title for panel in board.panels if fixed_panel(panel.raw) is not None]:
        with_panels = with_changed_objects(result, lambda key, in_list: key == "panels" and in_list, fixed_panel)
        fixes += [f"{shown}: {_line(title)}: type timeseries" for title in titles if with_panels != result]
        result = with_panels
    return result


def _with_expressions(text: str, changes: Mapping[str, str]) -> str:
    """The text with other expressions of queries; raises ValueError if anything else would change."""
    from dashboards_py.documents.json_members import with_changed_objects

    def changed(target: Mapping[str, object]) -> Mapping[str, object] | None:
        new = changes.get(str(target.get("expr")))
        return None if new is None else {**target, "expr": new}

    return with_changed_objects(text, lambda _key, _in_list: True, changed) if changes else text


def _write(path: Path, source: bytes, text: str) -> None:
    """Write the text; raises ProblemsFound if the file changed since `source` was read."""
    from dashboards_py.tree import replace_all

    if path.read_bytes() != source:
        raise ProblemsFound(f"{path} was changed by something else meanwhile", fix="run the command again")
    replace_all({path: text.encode()})


def _line(text: str) -> str:
    return " ".join(text.split())
