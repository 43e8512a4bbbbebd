"""unresolved-inputs: the dashboard is an export with `__inputs`, which only Grafana's import dialog fills in.

If it is provisioned from a file or a ConfigMap, its panels have no data source. Replace the inputs with a variable of
type datasource; `cilium-dashboards upstream fetch` does that for upstream's dashboards. An input with the name of a
variable is not reported, because Grafana uses the variable.
"""

from collections.abc import Iterator

from dashboards_py.board import Board
from dashboards_py.catalog import Release

BOARDS_ONLY = True


def check(board: Board, _: Release) -> Iterator[tuple[None, str]]:
    """Inputs that have no variable of the same name."""
    variables = {variable.name for variable in board.variables}
    if missing := [name or "an input without a name" for name in board.inputs if name not in variables]:
        yield None, f"needs {', '.join(missing)} from an import dialog"
