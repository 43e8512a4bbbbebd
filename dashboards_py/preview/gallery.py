"""A directory of pictures, with a page that shows them all. Only an empty directory, or one of ours, is written to."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from dashboards_py.errors import DashboardsError
from dashboards_py.tree import replace

PAGE = "index.html"
MARK = '<meta name="generator" content="pictures of cilium-dashboards">'


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


def write(directory: Path, name: str, content: bytes) -> None:
    """Write one file, or nothing of it; two runs at once do not disturb each other."""
    path = directory / name
    try:
        replace(path, content)
    except OSError as error:
        raise DashboardsError(str(path), cause=error.strerror or str(error), fix="name another directory") from error


def page(entries: Sequence[Entry], *, is_dark: bool) -> bytes:
    """The page that shows the pictures, with a table of contents."""
    background, color = ("#111217", "#ccccdc") if is_dark else ("#f4f5f5", "#24292e")
    style = (
        f"body{{background:{background};color:{color};font:14px sans-serif;margin:16px}}"
        "img{max-width:100%;display:block;margin-bottom:32px}a{color:#6e9fff}li{margin:2px 0}"
    )
    contents = "".join(
        f'<li><a href="#board-{number}">{escape(entry.title)}</a></li>' for number, entry in enumerate(entries, start=1)
    )
    parts = [
        f'<h2 id="board-{number}">{escape(entry.title)}</h2>'
        + f'<img src="{quote(os.fsencode(entry.file))}" alt="{escape(entry.title)}">'
        for number, entry in enumerate(entries, start=1)
    ]
    text = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{MARK}<title>Dashboards</title>'
        f"<style>{style}</style></head><body>\n<ul>{contents}</ul>\n" + "\n".join(parts) + "\n</body></html>\n"
    )
    return text.encode(errors="replace")
