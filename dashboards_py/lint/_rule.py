"""The interface of a rule."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._fixable import QueryToFix
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._settings import Settings
from dashboards_py.plugins import Plugins


class Rule(Protocol):
    """A module of this package: its docstring is the rule's manual page.

    `HOUSE_RULE = True` marks a rule of our own style, which is not applied to foreign dashboards by default.
    `BOARDS_ONLY = True` marks one about what only dashboards have; others judge queries of alerts as well.
    `OF_NATIVE_HISTOGRAMS = True` marks one about how Prometheus stores them, as VictoriaMetrics does not. `SEVERITY`
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


@runtime_checkable
class AlertRule(Protocol):
    """A rule about alerts and recording rules, which dashboards do not have."""

    @property
    def OF_ALERTS(self) -> bool:  # noqa: N802  # a constant of the rule's file
        """True."""

    def check(self, judged: JudgedRule, release: Release, settings: Settings, /) -> Iterator[str]:
        """Yield a message for each fault of an alert or recording rule on a Cilium release."""


@runtime_checkable
class RuleWithFixes(Protocol):
    """A rule that knows what to write instead of a query that it reports."""

    def fixes(self, item: QueryToFix, /) -> Iterator[str]:
        """Yield expressions that may be right; one is kept if fewer findings remain, and none is new."""


AnyRule = Rule | RuleWithSettings | AlertRule
RULES: Plugins[AnyRule] = Plugins(__package__, [str(Path(__file__).parent)], (AlertRule, RuleWithSettings, Rule))
