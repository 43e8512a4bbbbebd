"""inputs-in-file: the board is an export with `__inputs`, which only the import dialog of Grafana fills.

Provisioned from a file or a ConfigMap its panels have no data source. Replace the inputs by a variable of type
datasource: `cilium-dashboards upstream fetch` does so for upstream's boards.
"""

from collections.abc import Iterator

from dashboards_py.board import Board
from dashboards_py.catalog import Release


def check(board: Board, release: Release) -> Iterator[tuple[None, str]]:
    """Boards with inputs."""
    if board.inputs:
        yield None, f"needs {', '.join(board.inputs)} from an import dialog"
