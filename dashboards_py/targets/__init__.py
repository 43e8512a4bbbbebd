"""The targets that dashboards can be deployed to, one file each.

A new file here is a new target. It imports slow modules inside its functions.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dashboards_py.plugins import Plugins
from dashboards_py.targets._plan import (
    REFUSES,
    WRITES,
    Action,
    Change,
    Deployment,
    Option,
    Options,
    Payload,
    State,
    summary,
)

if TYPE_CHECKING:  # Grafana's API takes time to import
    from dashboards_py.targets._deployed import Reader as Reader


class Target(Protocol):
    """A file of this package. SUMMARY is its line in `deploy --help`; the command line makes flags of OPTIONS."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802  # constants of the target's file
        """A sentence on what it deploys to."""

    @property
    def OPTIONS(self) -> tuple[Option, ...]:  # noqa: N802
        """Its options, as data."""

    def prepare(self, payload: Payload, options: Options, /) -> Deployment:
        """Read the current state and plan the changes; nothing is written until the deployment is applied."""


@runtime_checkable
class TargetWithWarnings(Target, Protocol):
    """A target with warnings to print before anything is sent."""

    def warnings(self, options: Options, /) -> tuple[str, ...]:
        """The warnings, a sentence each."""


@runtime_checkable
class TargetWithSchemas(Target, Protocol):
    """A target that may store boards in another schema than ours."""

    def schemas(self, options: Options, uids: Sequence[str], /) -> Mapping[str, str]:
        """The schema in which each board is stored, by its uid; without those that the target does not tell."""


@runtime_checkable
class TargetWithPages(Target, Protocol):
    """A target whose boards are not opened in Grafana."""

    def page(self, uid: str, /) -> str:
        """Where a board is opened: what follows `open`."""


TARGETS: Plugins[Target] = Plugins(__name__, __path__, (TargetWithSchemas, TargetWithWarnings, TargetWithPages, Target))
names, load = TARGETS.names, TARGETS.load


def reader(options: Options) -> "Reader":
    """A Grafana that answers, to read from; raises Refused for wrong credentials."""
    from dashboards_py.targets._deployed import Reader

    return Reader(options)


__all__ = [
    "REFUSES",
    "TARGETS",
    "WRITES",
    "Action",
    "Change",
    "Deployment",
    "Option",
    "Options",
    "Payload",
    "State",
    "Target",
    "TargetWithPages",
    "TargetWithSchemas",
    "TargetWithWarnings",
    "load",
    "names",
    "reader",
    "summary",
]
