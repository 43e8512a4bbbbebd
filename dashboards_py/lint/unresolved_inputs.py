"""unresolved-inputs: the board is an export with `__inputs`, which only the import dialog of Grafana fills.

Provisioned from a file or a ConfigMap its panels have no data source. Replace the inputs by a variable of type
datasource: `cilium-dashboards upstream fetch` does so for upstream's boards. Where the board has a variable of the
input's name, that one is taken and nothing is missing.
"""

from collections.abc import Iterator

from dashboards_py.board import Board
from dashboards_py.catalog import Release


def check(board: Board, _: Release) -> Iterator[tuple[None, str]]:
    """Boards with inputs that no variable stands in for."""
    variables = {variable.name for variable in board.variables}
    if missing := [name for name in board.inputs if name not in variables]:
        yield None, f"needs {', '.join(missing)} from an import dialog"
