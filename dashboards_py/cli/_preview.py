"""The parts of `preview`: boards by name, the range of time, what is reported."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._board_files import boards_of, boards_of_file
from dashboards_py.cli._configuration import load_configuration
from dashboards_py.cli._input import is_path
from dashboards_py.cli._our_boards import our_board, our_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.extras import command_for
from dashboards_py.plural import counted
from dashboards_py.release import Release

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.configuration import Configuration
    from dashboards_py.documents.limits import Limits
    from dashboards_py.panel_data.frame import Window
    from dashboards_py.panel_data.source import Source
    from dashboards_py.panel_data.times import Calendar
    from dashboards_py.preview.picture import Picture, PictureOptions

DEFAULT_SCENE, LIST = "healthy", "list"
DEFAULT_TIMES = ("now-6h", "now")  # Grafana's, for a board without any
MOST_LINES = 3  # for one failure of the queries of several panels


@dataclass(frozen=True, slots=True)
class NamedBoard:
    """A board to draw; `file` names the picture, without its ending. `path` is None for one of ours."""

    name: str
    file: str
    board: "Board"
    path: Path | None = None


def ensure_installed() -> None:
    """Name the extra of the package if what draws is not installed."""
    try:
        import fontpkg_inter  # noqa: F401
        import fontpkg_roboto_mono  # noqa: F401
        import resvg_py  # noqa: F401
    except ImportError as error:
        cause = f"needs packages that are not installed ({error.name})"
        raise DashboardsError("preview", cause=cause, fix=command_for("preview")) from error


def scene_and_boards(scene: str | None, boards: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The scene, and the boards: in `--demo UID` the scene was left out."""
    from dashboards_py.dashboards import names
    from dashboards_py.demo import scene_names

    if scene is None or scene in scene_names():
        return scene, boards
    is_board = is_path(scene) or scene.replace("-", "_") in names()
    return (DEFAULT_SCENE, (scene, *boards)) if is_board else (scene, boards)


def picture_of(
    item: NamedBoard,
    source: "Source",
    options: "PictureOptions",
    chosen: dict[str, list[str]],
    against: str | None,
    limits: "Limits",
    finished: Callable[[str], None] | None = None,
) -> "Picture | None":
    """The picture of a board, or with a revision of the panels that changed; None if none did."""
    from dashboards_py.cli._changed_panels import changed_panels
    from dashboards_py.cli._git import board_at, file_at
    from dashboards_py.preview.draw import draw, draw_changes

    if against is None:
        return draw(item.board, source, options, chosen, finished)
    before = file_at(against, item.path) if item.path else board_at(against, item.name)
    # Of a board that was not there yet all panels are new.
    old = None if before is None else _earlier(before, item, against, limits)
    changed = changed_panels(old, item.board)
    return draw_changes(changed, item.board, source, options, chosen) if changed else None


def _earlier(content: bytes, item: NamedBoard, revision: str, limits: "Limits") -> "Board | None":
    """The same board in its file's earlier content; None if it was not in it yet."""
    from dashboards_py.board.documents import boards_in

    for shown, board in boards_in(content, str(item.path or item.name), limits):
        if isinstance(board, DashboardsError):
            raise DashboardsError(f"{board.what} at {revision}", cause=board.cause, fix=board.fix)
        if item.path is None or shown == item.name:
            return board
    return None


def chosen_values(variables: tuple[str, ...]) -> dict[str, list[str]]:
    """The values of variables by name."""
    chosen: dict[str, list[str]] = {}
    for text in variables:
        name, separator, value = text.partition("=")
        if not separator or not name:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="'--var'")
        chosen.setdefault(name.removeprefix("var-"), []).append(value)
    return chosen


def ensure_known(chosen: dict[str, list[str]], boards: "list[Board]") -> None:
    """Refuse a variable that no board has."""
    known = {variable.name for board in boards for variable in board.variables}
    for name in chosen:
        if name not in known:
            fix = f"known: {', '.join(sorted(known)) or 'none'}"
            raise DashboardsError(f"--var {name}", cause="is not a variable of any of these boards", fix=fix)


def configuration_of(names: tuple[str, ...], config: Path | None, *, is_demo: bool = False) -> "Configuration":
    """The settings of our boards, and of the synthetic cluster, whose labels have the names that the boards read."""
    from dashboards_py.configuration import DEFAULTS

    has_ours = is_demo or not names or not all(map(is_path, names))
    configuration = load_configuration(config) if has_ours else DEFAULTS
    return configuration.with_raw_series if is_demo else configuration


def named_boards(
    names: tuple[str, ...], release: Release, configuration: "Configuration", limits: "Limits"
) -> Iterator[NamedBoard]:
    """The boards, ours by uid, others by file; pictures of two files of one name get numbers."""
    from dashboards_py.board import read

    taken: set[str] = set()
    compiled = {} if names else {board.uid: board for board in our_boards(release, configuration)}
    for name in names or compiled:
        path = Path(name) if is_path(name) else None
        if path and path.is_dir():
            boards = [(*item, _file_name(item[0])) for item in _boards_in(name, limits)]
        elif path:
            stem = "board" if name == "-" else path.stem
            boards = [(*item, stem) for item in boards_of_file(name, limits)]
        else:
            source = (compiled.get(name) or our_board(name, release, configuration)).json.encode()
            boards = [(name, read(source, name, limits), name)]
        for shown, board, stem in boards:
            for note in board.notes:
                click.echo(f"warning: {shown}: {note}", err=True)
            file, number = stem, 1
            while file.casefold() in taken:  # A and a are one file on some systems
                number += 1
                file = f"{stem}-{number}"
            taken.add(file.casefold())
            yield NamedBoard(shown, file, board, path)


def _boards_in(directory: str, limits: "Limits") -> "list[tuple[str, Board]]":
    """The boards of a directory with their names; one that cannot be read raises DashboardsError."""
    unread: list[DashboardsError] = []
    boards = list(boards_of([directory], limits, unread, {}))
    if unread:
        raise unread[0]
    return boards


def _file_name(shown: str) -> str:
    """The name of a picture for a board of a directory, by the name of its file and its place in there."""
    name = re.sub(r"[^\w.-]+", "-", Path(shown).name).strip(".-")
    return re.sub(r"\.(json|ya?ml)$", "", name) or "board"


def window_of(board: "Board", begin: str | None, end: str | None, now: float) -> "tuple[Window, tuple[str, ...]]":
    """The range of time: the options', otherwise the board's, and a sentence if the board's cannot be used."""
    from dashboards_py.board import fields
    from dashboards_py.panel_data.times import calendar_of

    saved = fields.mapping(board.raw, "time")
    month, zone = fields.integer(board.raw, "fiscalYearStartMonth"), fields.text(board.raw, "timezone")
    calendar = calendar_of(fields.text(board.raw, "weekStart"), month, zone)
    try:
        return _window(begin or _saved(saved, "from"), end or _saved(saved, "to"), now, calendar), ()
    except DashboardsError as error:
        # If it is the options' fault, this fails as well.
        first, last = begin or DEFAULT_TIMES[0], end or DEFAULT_TIMES[1]
        window = _window(first, last, now, calendar)
        return window, (f"its {error.what} {error.cause}: {first} to {last} is drawn",)


def _window(first: str, last: str, now: float, calendar: "Calendar") -> "Window":
    """The range from one time to another; an unusable one raises DashboardsError."""
    from dashboards_py.panel_data.frame import Window
    from dashboards_py.panel_data.times import parse_time

    window = Window(
        begin=parse_time(first, now, is_end=False, calendar=calendar),
        end=parse_time(last, now, is_end=True, calendar=calendar),
        now=now,
        is_relative="now" in f"{first} {last}",
        calendar=calendar,
    )
    if window.begin < window.end:
        return window
    raise DashboardsError(f"range {first} to {last}", cause="does not end after it begins", fix="change --from or --to")


def _saved(saved: Mapping[str, Any], key: str) -> str:
    """A board's time as a text, also what is no text, so that the message shows it."""
    value = saved.get(key)
    return DEFAULT_TIMES[key == "to"] if value is None or value == "" else str(value)


def report(item: NamedBoard, picture: "Picture") -> int:
    """Print on stderr what is not in the picture; returns how much that is. A failure of many panels is one line."""
    panels: dict[str, list[str]] = {}
    for panel, sentence in picture.problems:
        panels.setdefault(_without_query(_one_line(sentence)), []).append(_one_line(panel))
    reported: set[str] = set()
    for panel, text in picture.problems:
        sentence = _one_line(text)
        cause, title = _without_query(sentence), _one_line(panel)
        if cause != sentence and len(panels[cause]) > MOST_LINES:
            if cause not in reported:
                reported.add(cause)
                count = len(panels[cause])
                click.echo(f"not drawn: {item.name}: {counted(count, 'query')}, such as in {title}: {cause}", err=True)
            continue
        where = f"{item.name} / {title}" if panel else item.name
        click.echo(f"not drawn: {where}: {sentence}", err=True)
    for (title, sentence), *others in _notices_by_kind(picture).values():
        more = f" (and {counted(len(others), 'more such remark')})" if others else ""
        click.echo(f"note: {item.name} / {title}: Prometheus says: {sentence}{more}", err=True)
    return len(picture.problems)


def _notices_by_kind(picture: "Picture") -> dict[str, list[tuple[str, str]]]:
    """The remarks of the source, each with its panel, by their texts without names of metrics and positions in queries.

    Grafana shows them behind a sign in the headers of panels.
    """
    kinds: dict[str, list[tuple[str, str]]] = {}
    for panel, sentence in dict.fromkeys(picture.notices):
        kind = re.sub(r"\"[^\"]*\"|\([0-9]+:[0-9]+\)", "", sentence)
        kinds.setdefault(kind, []).append((_one_line(panel), _one_line(sentence)))
    return kinds


def _one_line(text: str) -> str:
    """A text of a board or of the source without its line breaks."""
    return " ".join(text.split())


def _without_query(sentence: str) -> str:
    """A sentence without the letter of its query."""
    return re.sub(r"^query [^:]{0,50}: ", "", sentence)
