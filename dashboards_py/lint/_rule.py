"""The interface of a rule."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._settings import Settings
from dashboards_py.plugins import Plugins


class Rule(Protocol):
    """A module of this package: its docstring is the rule's manual page.

    `HOUSE_RULE = True` marks a rule of our own style, which is not applied to foreign dashboards by default. `SEVERITY`
    is ERROR unless the rule states another: WARNING for what may mislead, INFO for a habit.
    """

    def check(self, board: Board, release: Release, /) -> Iterator[tuple[Panel | None, str]]:
        """Yield a message and the panel that breaks the rule on a Cilium release (None: the dashboard itself)."""


@runtime_checkable
class RuleWithSettings(Protocol):
    """A rule that depends on the scrape interval or on promtool's verdicts."""

    @property
    def WITH_SETTINGS(self) -> bool:  # noqa: N802  # a constant of the rule's file
        """True."""

    def check(self, board: Board, release: Release, settings: Settings, /) -> Iterator[tuple[Panel | None, str]]:
        """As Rule.check."""


RULES: Plugins[Rule | RuleWithSettings] = Plugins(__package__, [str(Path(__file__).parent)], (RuleWithSettings, Rule))
