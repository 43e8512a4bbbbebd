"""Common parts of the targets: options, payload, changes and deployment."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from dashboards_py.errors import DashboardsError, Denied, PartlyDone, ProblemsFound


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
    REMOVE = "remove"  # ours, not edited, and the code no longer has it
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"  # ours, but someone changed it
    FOREIGN = "foreign"  # has the name of one of ours, but is not ours
    LEFT = "left over"  # ours, but the code no longer has it
    IMPOSSIBLE = "impossible"  # the destination cannot hold it
    REFUSED = "refused"  # a policy, quota or limit of the destination does not accept it


WRITES = (Action.CREATE, Action.UPDATE, Action.REMOVE)
REFUSES = (Action.CONFLICT, Action.FOREIGN, Action.IMPOSSIBLE, Action.REFUSED)


class State(StrEnum):
    """How what is there differs from the code, and from what we deployed last."""

    SAME = "same"
    STALE = "stale"  # as we deployed it, and the code has changed since
    EDITED = "edited"  # someone changed what the code still has as it was deployed
    BOTH = "edited and stale"  # someone changed it, and the code has changed since
    MOVED = "moved"  # the same, in another folder
    MISSING = "missing"
    FOREIGN = "foreign"
    LEFT = "left over"
    IMPOSSIBLE = "impossible"


STATES: Mapping[Action, State] = {
    Action.CREATE: State.MISSING,
    Action.UPDATE: State.STALE,
    Action.REMOVE: State.LEFT,
    Action.UNCHANGED: State.SAME,
    Action.CONFLICT: State.EDITED,
    Action.FOREIGN: State.FOREIGN,
    Action.LEFT: State.LEFT,
    Action.IMPOSSIBLE: State.IMPOSSIBLE,
    Action.REFUSED: State.IMPOSSIBLE,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One board or file and what would happen to it; `why` explains a refusal, and ends with a fix.

    `state` is how it differs, if the action alone does not tell; `details` are of what is there: who saved it and when,
    where it was moved to. `editors` are the managers of an object that edited it.
    """

    name: str
    action: Action
    why: str = ""
    state: State | None = field(default=None, compare=False)
    details: str = field(default="", compare=False)
    editors: tuple[str, ...] = field(default=(), compare=False)

    @property
    def drift(self) -> State:
        """How what is there differs from the code and from what was deployed last."""
        return self.state or STATES[self.action]


@dataclass(frozen=True, slots=True)
class Payload:
    """The files of provisioning/ to deploy, by path, and the git commit that they come from ("" if unknown).

    `left_out` are the uids of boards of ours that are not to be deployed. `kept` are those that are never removed:
    boards that only an option deploys. `rules` are the files of alerts, if they are to be deployed.
    """

    files: Mapping[str, bytes]
    commit: str = ""
    left_out: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    rules: Mapping[str, bytes] = field(default_factory=dict)

    def why_left(self, uid: str) -> str:
        """Why a board of ours that is deployed is none of those to deploy."""
        if uid in self.kept:
            return "deployed by an earlier run with other options"
        return "left out now, and still deployed" if uid in self.left_out else "no board of ours now"

    def boards(self) -> Iterator[tuple[str, str, bytes]]:
        """Each board's folder, uid and JSON."""
        for path, content in self.files.items():
            if path.startswith("dashboards/") and path.endswith(".json"):
                _, folder, name = path.split("/")
                yield folder, name.removesuffix(".json"), content

    def converted(self, convert: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Iterator[tuple[str, str, Any]]:
        """Each board's folder and uid, and the board in another form; one that cannot have it is named.

        Upstream's boards are files that somebody gave, in which a value may be of any type.
        """
        for folder, uid, content in self.boards():
            try:
                board = convert(json.loads(content))
            except DashboardsError as error:
                raise DashboardsError(f"board {uid}: {error.what}", cause=error.cause, fix=error.fix) from error
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                cause = "has a value of a type that Grafana does not write"
                raise DashboardsError(
                    f"board {uid}", cause=cause, fix="save it in a Grafana, then export it"
                ) from error
            yield folder, uid, board


@dataclass(frozen=True, slots=True)
class Deployment:
    """A plan for a destination. `write` makes one change, or raises DashboardsError."""

    destination: str
    changes: tuple[Change, ...]
    write: Callable[[Change], None]

    def apply(self) -> Iterator[Change]:
        """Execute the plan in order, yielding each change when it is done.

        A problem with only one change (ProblemsFound) is yielded as a conflict, or as refused if the destination does
        not accept it (Denied); the others continue.
        Any other failure after the first write raises PartlyDone, which says what was written and what was not.
        """
        done: list[str] = []
        pending = [change for change in self.changes if change.action in WRITES]
        for index, change in enumerate(pending):
            try:
                self.write(change)
            except ProblemsFound as error:
                action = Action.REFUSED if isinstance(error, Denied) else Action.CONFLICT
                yield replace(change, action=action, why=one_line(error))
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


def changed_since(what: str, cause: str = "someone changed it since it was compared") -> ProblemsFound:
    """The error for what someone changed between the plan and the write."""
    return ProblemsFound(what, cause=cause, fix="deploy again to see what it is now")


def one_line(error: DashboardsError) -> str:
    """An error as the `why` of a change."""
    head = f"{error.what}: {error.cause}" if error.cause else error.what
    return f"{head}: {error.fix}" if error.fix else head


PRUNE = Option("prune", "Remove what we deployed, nobody edited, and the code no longer has.", flag=True)


def left_over(name: str, why: str, fix: str, *, prune: bool) -> Change:
    """The change for what is ours, not edited, and none of what is to be deployed."""
    return Change(name, Action.REMOVE, why) if prune else Change(name, Action.LEFT, f"{why}: {fix}")


def summary(changes: Sequence[Change]) -> Mapping[str, int]:
    """How many changes of each kind there are."""
    return {str(action): count for action in Action if (count := sum(change.action == action for change in changes))}


Options = Mapping[str, Any]
