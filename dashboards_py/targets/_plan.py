"""Common parts of the targets: options, payload, changes and deployment."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a target: `--name` or the environment variable `env`; a `secret` comes only from the latter."""

    name: str
    help: str
    env: str = ""
    default: str | None = None
    flag: bool = False
    secret: bool = False
    several: bool = False

    @property
    def key(self) -> str:
        """The name under which a target finds the option's value."""
        return self.name.replace("-", "_")


class Action(StrEnum):
    """What would happen to a board."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"  # ours, but someone changed it
    FOREIGN = "foreign"  # has the name of one of ours, but is not ours
    LEFT = "left over"  # ours, but the code no longer has it
    IMPOSSIBLE = "impossible"  # the destination cannot hold it


WRITES = (Action.CREATE, Action.UPDATE)
REFUSES = (Action.CONFLICT, Action.FOREIGN, Action.IMPOSSIBLE)


@dataclass(frozen=True, slots=True)
class Change:
    """One board or file and what would happen to it; `why` explains a refusal, and ends with a fix."""

    name: str
    action: Action
    why: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """The files of provisioning/ to deploy, by path, and the git commit that they come from ("" if unknown).

    `left_out` are the uids of boards of ours that are not to be deployed: where they are already, they stay.
    `rules` are the files of alerts, if they are to be deployed.
    """

    files: Mapping[str, bytes]
    commit: str = ""
    left_out: frozenset[str] = frozenset()
    rules: Mapping[str, bytes] = field(default_factory=dict)

    def why_left(self, uid: str) -> str:
        """Why a board of ours that is deployed is none of those to deploy."""
        return "left out now, and still deployed" if uid in self.left_out else "no board of ours now"

    def boards(self) -> Iterator[tuple[str, str, bytes]]:
        """Each board's folder, uid and JSON."""
        for path, content in self.files.items():
            if path.startswith("dashboards/") and path.endswith(".json"):
                _, folder, name = path.split("/")
                yield folder, name.removesuffix(".json"), content


@dataclass(frozen=True, slots=True)
class Deployment:
    """A plan for a destination. `write` makes one change, or raises DashboardsError."""

    destination: str
    changes: tuple[Change, ...]
    write: Callable[[Change], None]

    def apply(self) -> Iterator[Change]:
        """Execute the plan in order, yielding each change when it is done.

        A problem with only one change (ProblemsFound) is yielded as a conflict; the others continue.
        Any other failure after the first write raises PartlyDone, which says what was written and what was not.
        """
        done: list[str] = []
        pending = [change for change in self.changes if change.action in WRITES]
        for index, change in enumerate(pending):
            try:
                self.write(change)
            except ProblemsFound as error:
                yield replace(change, action=Action.CONFLICT, why=one_line(error))
                continue
            except DashboardsError as error:
                if not done:
                    raise
                left = ", ".join(change.name for change in pending[index:])
                raise PartlyDone(
                    error.what,
                    cause=f"{error.cause} (written: {', '.join(done)}; not written: {left})",
                    fix=error.fix or "Fix this and rerun the command; it resumes where it stopped.",
                    remedy=error.remedy,
                ) from error
            done.append(change.name)
            yield change


def one_line(error: DashboardsError) -> str:
    """An error as the `why` of a change."""
    head = f"{error.what}: {error.cause}" if error.cause else error.what
    return f"{head}: {error.fix}" if error.fix else head


def summary(changes: Sequence[Change]) -> Mapping[str, int]:
    """How many changes of each kind there are."""
    return {str(action): count for action in Action if (count := sum(change.action == action for change in changes))}


Options = Mapping[str, Any]
