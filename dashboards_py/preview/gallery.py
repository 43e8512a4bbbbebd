"""A directory of pictures, with a page that shows them all. Only an empty directory, or one of ours, is written to."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from dashboards_py.errors import DashboardsError
from dashboards_py.preview.theme import DARK, LIGHT
from dashboards_py.tree import replace

PAGE = "index.html"
MARK = '<meta name="generator" content="pictures of cilium-dashboards">'


EARLIER = "Pictures of earlier runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A picture of the page: the name of its file and its heading."""

    file: str
    title: str


def ensure_ours(directory: Path) -> None:
    """Refuse a directory that holds files of someone else; one that is missing is made."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        names = sorted(path.name for path in directory.iterdir())
        page = (directory / PAGE).read_text(encoding="utf-8", errors="replace") if PAGE in names else ""
    except OSError as error:
        raise DashboardsError(
            str(directory), cause=error.strerror or str(error), fix="name another directory"
        ) from error
    if names and MARK not in page:
        cause = f"holds files that are not pictures of boards ({names[0]})"
        raise DashboardsError(str(directory), cause=cause, fix="name an empty or a new directory")


def entries_in(directory: Path) -> tuple[Entry, ...]:
    """The pictures that the page of a directory lists, as far as they are still there."""
    try:
        text = (directory / PAGE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    images = _Images()
    images.feed(text)
    return tuple(entry for entry in images.entries if (directory / entry.file).is_file())


class _Images(HTMLParser):
    """The pictures of a page that `page` wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read the picture of an element."""
        values = dict(attrs)
        if tag == "img" and (address := values.get("src")):
            file = os.fsdecode(unquote_to_bytes(address))
            if os.sep not in file and "\0" not in file:
                self.entries.append(Entry(file=file, title=values.get("alt") or file))


def write(directory: Path, name: str, content: bytes) -> None:
    """Write one file, or nothing of it; two runs at once do not disturb each other."""
    path = directory / name
    try:
        replace(path, content)
    except OSError as error:
        raise DashboardsError(str(path), cause=error.strerror or str(error), fix="name another directory") from error


def page(entries: Sequence[Entry], earlier: Sequence[Entry] = (), *, is_dark: bool) -> bytes:
    """The page that shows the pictures, with a table of contents; those of earlier runs have a heading of their own."""
    kept = [entry for entry in earlier if entry.file not in {drawn.file for drawn in entries}]
    theme = DARK if is_dark else LIGHT
    style = (
        f"body{{background:{theme.canvas};color:{theme.text};font:14px sans-serif;margin:16px}}a{{color:{theme.link}}}"
        "img{max-width:100%;display:block;margin-bottom:32px}li{margin:2px 0}"
    )
    numbered = list(enumerate([*entries, *kept], start=1))
    contents = "".join(f'<li><a href="#board-{number}">{escape(entry.title)}</a></li>' for number, entry in numbered)
    parts = [
        f'<h2 id="board-{number}">{escape(entry.title)}</h2>'
        + f'<img src="{quote(os.fsencode(entry.file))}" alt="{escape(entry.title)}">'
        for number, entry in numbered
    ]
    if kept:
        parts.insert(len(entries), f"<h1>{EARLIER}</h1>")
    text = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{MARK}<title>Dashboards</title>'
        f"<style>{style}</style></head><body>\n<ul>{contents}</ul>\n" + "\n".join(parts) + "\n</body></html>\n"
    )
    return text.encode(errors="replace")
