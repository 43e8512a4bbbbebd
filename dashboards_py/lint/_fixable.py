"""A query for which rules may know what to write instead, and how matchers are rewritten."""

import re
from dataclasses import dataclass

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query
from dashboards_py.catalog import Release
from dashboards_py.lint._settings import Settings


@dataclass(frozen=True, slots=True)
class QueryToFix:
    """A query of a panel, on a board that has no other."""

    board: Board
    panel: Panel
    query: Query
    release: Release
    settings: Settings

    @property
    def expr(self) -> str:
        """The query's expression."""
        return self.query.expr


def with_matcher(expr: str, matcher: promql.Matcher, new: str) -> str:
    """The expression with another matcher, wherever it is written."""
    pattern = rf"(?<!\w){re.escape(matcher.label)}\s*{re.escape(matcher.op)}\s*([\"']){re.escape(matcher.value)}\1"
    return re.sub(pattern, lambda _: new, expr)
