"""What must be enabled on the release afterwards: by the boards' needs, and with a user's values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboards_py.board import Board
from dashboards_py.catalog import Release
from dashboards_py.needs import needs_of
from dashboards_py.upgrade.change import Affected, Change, Effect, Kind, Step
from dashboards_py.values.check import Gap, check
from dashboards_py.values.keys import HANDLERS, METRICS, Values


@dataclass(frozen=True, slots=True)
class NewSetting:
    """A value of the chart that boards need afterwards and did not before, and the panels that need it."""

    text: str
    panels: tuple[str, ...]


def new_settings(present: Sequence[Board], following: Sequence[Board], step: Step) -> tuple[NewSetting, ...]:
    """The Hubble handlers and metrics that are off by default and that only the boards for the release afterwards read.

    Features of Cilium are not among them: nobody turns one on for a panel.
    """
    before, after = _settings(present, step.before), _settings(following, step.after)
    return tuple(NewSetting(text, tuple(panels)) for text, panels in after.items() if text not in before)


def _settings(boards: Sequence[Board], release: Release) -> dict[str, list[str]]:
    settings: dict[str, list[str]] = {}
    for need in needs_of(boards, release):
        for setting in need.metric.enabled_by_on(release):
            panels = settings.setdefault(str(setting), []) if setting.key in (HANDLERS, METRICS) else [need.where]
            if need.where not in panels:
                panels.append(need.where)
    return settings


def lacking(present: Board, following: Board, values: Values, step: Step, source: str = "") -> Iterator[Affected]:
    """Panels of a board that have all their data with these values before the upgrade, and lack some afterwards.

    `following` is the board as it is deployed afterwards, the same for one from a file.
    """
    before = {one.panel for one in check([present], values, step.before, labels={})}
    known = {panel.title for panel in present.panels}
    for one in check([following], values, step.after, labels={}):
        if one.panel in known - before:
            effect = Effect.EMPTY if one.gap is Gap.EMPTY else Effect.SWITCH
            for reason in one.why:
                change = Change(effect, one.panel, f"With your values on {step.after}: {reason}.")
                yield Affected(source, present.uid or present.title, Kind.PANEL, one.panel, change)
