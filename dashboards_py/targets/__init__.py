"""Where dashboards can be deployed to, one file for each target.

A new file here is a new target. It imports what takes long inside its functions.
"""

from typing import Protocol, runtime_checkable

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
    summary,
)


class Target(Protocol):
    """A file of this package. SUMMARY is its line in `deploy --help`; the command line makes flags of OPTIONS."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802  # constants of the target's file
        """What it deploys to, in a sentence."""

    @property
    def OPTIONS(self) -> tuple[Option, ...]:  # noqa: N802
        """Its options, as data."""

    def prepare(self, payload: Payload, options: Options, /) -> Deployment:
        """Read the real state and say what would change; nothing is written until the deployment is applied."""


@runtime_checkable
class TargetWithWarnings(Target, Protocol):
    """A target that has something to say before anything is sent."""

    def warnings(self, options: Options, /) -> tuple[str, ...]:
        """What the user should know, a sentence each."""


TARGETS: Plugins[Target] = Plugins(__name__, __path__, (TargetWithWarnings, Target))
names, load = TARGETS.names, TARGETS.load

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
    "Target",
    "TargetWithWarnings",
    "load",
    "names",
    "summary",
]
