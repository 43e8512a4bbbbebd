"""What a rule is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._settings import Settings
from dashboards_py.plugins import Plugins


class Rule(Protocol):
    """A file of this package: its docstring is the rule's manual page.

    With `FOR_OURS = True` it is a matter of our own taste, and other people's dashboards are not held to it.
    """

    def check(self, board: Board, release: Release, /) -> Iterator[tuple[Panel | None, str]]:
        """The panels that break the rule on a release of Cilium, None for the dashboard itself, and what is wrong."""


@runtime_checkable
class RuleWithSettings(Protocol):
    """A rule that asks how often Prometheus scrapes, or what a real parser said of the queries."""

    @property
    def WITH_SETTINGS(self) -> bool:  # noqa: N802  # a constant of the rule's file
        """True."""

    def check(self, board: Board, release: Release, settings: Settings, /) -> Iterator[tuple[Panel | None, str]]:
        """As Rule.check."""


RULES: Plugins[Rule | RuleWithSettings] = Plugins(__package__, [str(Path(__file__).parent)], (RuleWithSettings, Rule))
