"""The boards, one file each. A file with a function `board(cilium)` is a board: nothing else has to be told."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from dashboards_py.catalog.release import Release
from dashboards_py.errors import DashboardsError
from dashboards_py.style import Dashboard


def names() -> tuple[str, ...]:
    """The names of the boards' modules, sorted."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


def build(name: str, release: Release) -> Dashboard:
    """The board of a module for a release; one that cannot be built raises DashboardsError with its file."""
    board: Callable[[Release], Dashboard] = import_module(f"{__name__}.{name}").board
    try:
        return board(release)
    except (DashboardsError, TypeError, ValueError) as error:
        raise DashboardsError(f"dashboards_py/dashboards/{name}.py", cause=str(error)) from error
