"""always-true-matcher: a matcher excludes values of a label that no series has on this release: it excludes nothing.

A series without the label has an empty value, which `!=` and `!~` accept: what was to be left out is counted. Use a
label that the metric has. Labels of your own relabelling rules are named with `--label`. Before:
`cilium_policy_change_total{status!="success"}`. After: `cilium_policy_change_total{outcome!="success"}`.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._selectors import all_queries, known_labels, resolve_selectors
from dashboards_py.lint._settings import Settings

SEVERITY = Severity.WARNING

WITH_SETTINGS = True


def check(board: Board, release: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Matchers that every series satisfies."""
    others = known_labels(board, settings)
    for panel, query in all_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            possible = resolved.labels(release)
            if possible is None:
                continue
            for matcher in resolved.selector.matchers:
                if matcher.op in ("!=", "!~") and matcher.accepts("") and matcher.label not in possible | others:
                    yield panel, f"{resolved.name}: no series has {matcher.label}, so {matcher} excludes nothing"
