"""Alerts, one file a group. A new file here is a new group; helpers begin with `_`."""

from typing import TYPE_CHECKING, Protocol

from dashboards_py.errors import DashboardsError
from dashboards_py.plugins import Plugins
from dashboards_py.release import Release

if TYPE_CHECKING:
    from dashboards_py.model import RuleGroup


class RuleModule(Protocol):
    """A group's module."""

    def rules(self, release: Release, /) -> "RuleGroup":
        """The group for a release of Cilium."""


RULES: Plugins[RuleModule] = Plugins(__name__, __path__, (RuleModule,))
names = RULES.names


def build(name: str, release: Release) -> "RuleGroup":
    """Build the group of a module for a release; errors are raised as DashboardsError with the file."""
    module = RULES.load(name)
    try:
        return module.rules(release)
    except (DashboardsError, TypeError, ValueError) as error:
        raise DashboardsError(f"dashboards_py/rules/{name}.py", cause=str(error)) from error
