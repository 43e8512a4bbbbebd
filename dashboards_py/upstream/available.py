"""Upstream's dashboards that are available locally: fetched from grafana.com, or from a Cilium chart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboards_py.board import Board, read
from dashboards_py.catalog.upstream import PublishedBoard, published
from dashboards_py.documents.limits import BOARDS
from dashboards_py.documents.source import read_file
from dashboards_py.errors import DashboardsError
from dashboards_py.upstream.chart_version import precedence


@dataclass(frozen=True, slots=True)
class Original:
    """An upstream board: its catalogue entry, the file that it was read from, its JSON, and the parsed board."""

    published: PublishedBoard
    path: Path
    json: bytes
    board: Board


def originals(directories: Sequence[Path]) -> Mapping[int, Original]:
    """Read the boards in the directories, by ID; the first directory that has a board wins.

    Files are named `<id>.json`, as `fetch` writes them, or as in the Cilium chart. Of several charts the newest is
    used, according to Chart.yaml or the folder's name (`cilium-1.20.0/files/cilium-agent/dashboards/...`). Raises
    DashboardsError for a missing directory, or for a file that is not a board.
    """
    originals_by_id: dict[int, Original] = {}
    for directory in directories:
        if not directory.is_dir():
            cause = "is not a directory" if directory.exists() else "does not exist"
            raise DashboardsError(str(directory), cause=cause, fix="name a directory with upstream's boards as JSON")
        for board in published():
            if board.id not in originals_by_id and (path := next(_files(directory, board), None)):
                content = read_file(path, BOARDS)
                originals_by_id[board.id] = Original(board, path, content, read(content, str(path)))
    return dict(sorted(originals_by_id.items()))


def _files(directory: Path, board: PublishedBoard) -> Iterator[Path]:
    yield from directory.rglob(f"{board.id}.json")
    if board.chart_file:
        paths = sorted(directory.rglob(Path(board.chart_file).name))
        yield from sorted(paths, key=lambda path: precedence(path, directory), reverse=True)
