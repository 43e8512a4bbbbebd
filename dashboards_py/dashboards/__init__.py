"""The dashboards, one file each. A new file here is a new dashboard; helpers begin with `_`."""

from functools import cache
from typing import TYPE_CHECKING, Protocol

from dashboards_py.errors import DashboardsError
from dashboards_py.plugins import Plugins
from dashboards_py.release import Release

if TYPE_CHECKING:  # boards take time to import, and uids need none of them
    from dashboards_py.style import Dashboard


class BoardModule(Protocol):
    """A dashboard's module."""

    def board(self, release: Release, /) -> "Dashboard":
        """The dashboard for a release of Cilium."""


BOARDS: Plugins[BoardModule] = Plugins(__name__, __path__, (BoardModule,))
names = BOARDS.names


def uids() -> tuple[str, ...]:
    """The uids of all boards, which their files are named after."""
    return tuple(name.replace("_", "-") for name in names())


def build(name: str, release: Release) -> "Dashboard":
    """Build the dashboard of a module for a release; errors are raised as DashboardsError with the file."""
    module = BOARDS.load(name)
    try:
        return module.board(release)
    except (DashboardsError, TypeError, ValueError) as error:
        raise DashboardsError(f"dashboards_py/dashboards/{name}.py", cause=str(error)) from error


@cache
def built(name: str, release: Release) -> "Dashboard":
    """The dashboard of a module as built once: alerts read the boards as well."""
    return build(name, release)
