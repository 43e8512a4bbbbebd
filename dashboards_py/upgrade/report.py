"""All that an upgrade changes: boards, rules, values of the chart, and what to deploy when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from dashboards_py.board import Board
from dashboards_py.upgrade.boards import BoardChanges, board_changes, with_data
from dashboards_py.upgrade.change import Affected, Effect, Kind, Step
from dashboards_py.upgrade.enabled import NewSetting, lacking
from dashboards_py.upgrade.helm import KeyChange
from dashboards_py.upgrade.reading import NOTHING_ELSE, World
from dashboards_py.upgrade.rules import RuleChanges
from dashboards_py.upgrade.running import Running
from dashboards_py.values.keys import Values


class When(StrEnum):
    """When to deploy a board, so that as few panels as possible are empty while both releases run."""

    ANY_TIME = "any time"  # the same JSON works on both releases, and so does the one for the release afterwards
    KEEP = "keep"  # a file that works on both as it is
    BEFORE = "before"  # the JSON for the release afterwards works on both, the present one does not
    AFTER = "after"  # the present JSON works on both, the one for the release afterwards does not
    DURING = "during"  # neither works on both
    CHANGE = "change"  # a file that does not work afterwards


@dataclass(frozen=True, slots=True)
class BoardPlan:
    """A board, what happens to it, and when to deploy which JSON.

    `empty_until` are panels that have data now, and none while the JSON for the release afterwards meets agents of the
    release before; `empty_after` are those that the present JSON loses.
    """

    changes: BoardChanges
    when: When
    empty_until: tuple[str, ...] = ()
    empty_after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What an upgrade changes.

    `keys` concern the user's values if `has_values`, else all users. `settings` are what our boards need afterwards
    only; `running` what a Prometheus reports that runs now.
    """

    step: Step
    boards: tuple[BoardPlan, ...] = ()
    rules: tuple[RuleChanges, ...] = ()
    keys: tuple[KeyChange, ...] = ()
    has_values: bool = False
    settings: tuple[NewSetting, ...] = ()
    running: tuple[Running, ...] = ()

    @property
    def affected(self) -> tuple[Affected, ...]:
        """All changes of boards and rules."""
        boards = [one for plan in self.boards for one in plan.changes.affected]
        return (*boards, *(one for rules in self.rules for one in rules.affected))

    @property
    def is_fatal(self) -> bool:
        """True if a query, a rule or a setting of the user dies."""
        keys = self.has_values and any(change.effect.is_fatal for change in self.keys)
        return keys or any(one.change.effect.is_fatal for one in self.affected)


def plan_file(
    board: Board, step: Step, world: World = NOTHING_ELSE, source: str = "", values: Values | None = None
) -> BoardPlan:
    """The plan of a board from a file, of which there is one JSON for both releases."""
    changes = _with_values(board_changes(board, step, world, source), board, step, values)
    if changes.works_on_both:
        return BoardPlan(changes, When.KEEP)
    return BoardPlan(changes, When.CHANGE, empty_after=_lost(changes.affected))


def plan_ours(
    board: Board, following: Board, step: Step, world: World = NOTHING_ELSE, values: Values | None = None
) -> BoardPlan:
    """The plan of a board of ours, compiled for the release before and for the one afterwards."""
    changes = board_changes(board, step, world)
    works = {title for title, count in with_data(following, step.after, world).items() if count}
    early = with_data(following, step.before, world)
    until = tuple(title for title, count in early.items() if count < changes.with_data.get(title, (0, 0))[0])
    after = tuple(title for title in _lost(changes.affected) if title in works)
    when = {(False, False): When.ANY_TIME, (False, True): When.BEFORE, (True, False): When.AFTER}.get(
        (bool(until), bool(after)), When.DURING
    )
    names = {variable.name for variable in following.variables} | {mark.name for mark in following.annotations}
    affected = tuple(_redeployed(one, works | names) for one in changes.affected)
    changes = _with_values(replace(changes, affected=affected), following, step, values)
    return BoardPlan(changes, when, until, after)


def _with_values(changes: BoardChanges, following: Board, step: Step, values: Values | None) -> BoardChanges:
    """The changes with what the user's values lack, instead of what the chart's defaults lack."""
    if values is None:
        return changes
    others = (one for one in changes.affected if one.change.effect is not Effect.SWITCH)
    lacks = lacking(changes.board, following, values, step, changes.source)
    return replace(changes, affected=tuple(dict.fromkeys((*others, *lacks))))


def _redeployed(one: Affected, works: set[str]) -> Affected:
    """A change that is fatal for the present JSON only, not for the board compiled for the release afterwards."""
    if not one.change.effect.is_fatal:
        return one
    effect = Effect.REDEPLOY if one.name in works else Effect.LEFT_OUT
    return replace(one, change=replace(one.change, effect=effect))


def _lost(affected: Iterable[Affected]) -> tuple[str, ...]:
    """The titles of panels that lose all or some of their data."""
    fatal = (one for one in affected if one.change.effect.is_fatal and one.kind is Kind.PANEL)
    return tuple(dict.fromkeys(one.name for one in fatal))
