"""`diff --pictures`: the changed panels of each board, before beside after, with the same data."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli import _preview, _preview_source
from dashboards_py.cli._changed_panels import changed_panels
from dashboards_py.cli._progress import waiting

if TYPE_CHECKING:
    from dashboards_py.configuration import Configuration
    from dashboards_py.preview.gallery import Entry
    from dashboards_py.review import Side


def draw_pictures(
    before: "Side",
    after: "Side",
    out: Path,
    prometheus: _preview_source.Connection,
    scene: str | None,
    configuration: "Configuration",
) -> int:
    """Write a picture for each board of which panels differ, and a page of all; returns what is not in the pictures.

    Paths are printed on stderr.
    """
    _preview.ensure_installed()
    from dashboards_py.preview import gallery
    from dashboards_py.preview.draw import draw_changes
    from dashboards_py.preview.picture import PictureOptions
    from dashboards_py.preview.png_bands import PngBands
    from dashboards_py.review import same_boards

    source, now = _preview_source.source_of(prometheus, scene, configuration.labels.renamed)
    gallery.ensure_ours(out)
    earlier = gallery.entries_in(out)
    entries: list[Entry] = []
    problems = 0
    for old, new in same_boards(before.boards, after.boards):
        board = after.boards.get(new or "") or before.boards[old or ""]
        changed = changed_panels(before.boards.get(old or ""), board) if new else []
        if not changed:
            continue
        name = board.uid or board.title or new or ""
        window, notes = _preview.window_of(board, None, None, now)
        with waiting(name), PngBands() as bands:
            picture = draw_changes(changed, board, source, PictureOptions(window=window, notes=notes), {})
            content = bands.picture(picture.svg)
        problems += _preview.report(_preview.NamedBoard(name, name, board), picture)
        entry = gallery.Entry(file=f"{_file_name(name, entries)}.png", title=board.title or name)
        entries.append(entry)
        gallery.write(out, gallery.PAGE, gallery.page(entries, earlier, is_dark=True))
        gallery.write(out, entry.file, content)
        click.echo(str(out / entry.file), err=True)
    gallery.write(out, gallery.PAGE, gallery.page(entries, earlier, is_dark=True))
    return problems


def _file_name(name: str, entries: "list[Entry]") -> str:
    """A name for a file of its own."""
    base = re.sub(r"[^\w.-]+", "-", name)[:100].strip("-.") or "board"
    number, result = 2, base
    while any(entry.file == f"{result}.png" for entry in entries):
        number, result = number + 1, f"{base}-{number}"
    return result
