"""unknown-metric: the query reads a metric that has no samples on this Cilium release.

The finding states whether the metric was removed, was added later, is never set or never existed, and what replaced it.
Not reported are queries with an alternative (`new or old`), and metrics that are off by default or need a feature,
because these can be enabled. `or vector(0)` is not an alternative: the panel would always show 0.
"""

import re
from collections.abc import Iterator
from functools import partial
from operator import contains

from dashboards_py import promql
from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.catalog.status import OLDER_NAMES
from dashboards_py.lint._fixable import QueryToFix
from dashboards_py.lint._selectors import ReadableSelector, all_queries, problems_by_selector, resolve_selectors
from dashboards_py.queries import missing_metric


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that return nothing on the release."""
    for panel, query in all_queries(board):
        absent = problems_by_selector(query.expr, release, absence)
        if not promql.can_return_data(query.expr, partial(contains, absent)):
            for selector, reason in absent.items():
                yield panel, f"{selector.metric}: {reason}"


def absence(resolved: ReadableSelector, release: Release) -> str:
    """The reason why a selector has no series on the release, and the fix; "" if it may have series."""
    return str(missing_metric(resolved, release) or "")


def fixes(item: QueryToFix) -> Iterator[str]:
    """The query with the only successor of a metric, which the release has."""
    for resolved in resolve_selectors(item.expr, item.release):
        reason = missing_metric(resolved, item.release)
        if reason and resolved.name in OLDER_NAMES:
            yield _with_label(item.expr, resolved.name)
        elif reason and len(reason.replaced_by) == 1 and resolved.name:
            yield re.sub(rf"(?<![\w:]){re.escape(resolved.name)}(?![\w:])", reason.replaced_by[0], item.expr)


def _with_label(expr: str, name: str) -> str:
    """The query with a metric and the matcher that a name stands for, before the matchers that it has."""
    selector = OLDER_NAMES[name]

    def changed(match: re.Match[str]) -> str:
        return f"{selector[:-1]}, " if match[1] else f"{selector[:-1]}" if match[2] else selector

    return re.sub(rf"(?<![\w:]){re.escape(name)}(?![\w:])(?:(\s*\{{\s*)(?!\}})|(\s*\{{\s*)(?=\}}))?", changed, expr)
