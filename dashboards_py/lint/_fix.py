"""Queries with fixes that are certain: what a rule says to write, the spelling of a value, a renamed metric."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query, Row
from dashboards_py.catalog import Release
from dashboards_py.lint._run import lint
from dashboards_py.lint._selectors import resolve_selectors
from dashboards_py.lint._settings import Settings
from dashboards_py.lint._several_values import OPERATORS, matchers_for_one_value
from dashboards_py.queries import missing_metric

SUGGESTED = re.compile(r"write `([^`]+)`$")
MOST_FIXES = 10  # of one query, one after the other
# Rules whose findings a fix removes; those of INFO only if they are reported.
FIXABLE = ("classic-histogram-only", "unguarded-mean", "unknown-metric", "impossible-label-value")
EQUALS, WINDOW = "multi-value-with-equals", "fixed-window"
# A rule of these may report the result of a fix only if it reported the query before.
JUDGES = frozenset((*FIXABLE, EQUALS, "invalid-promql", "unknown-label", "missing-legend-label", "rate-of-a-gauge"))


def fixed_query(
    board: Board, panel: Panel, query: Query, release: Release, settings: Settings, *, windows: bool
) -> str:
    """The query's expression with all fixes that are certain; unchanged if there are none.

    With `windows` fixed windows become `$__rate_interval`. A fix after which another rule finds more is not made.
    """
    before = _findings(board, panel, query, release, settings)
    for _ in range(MOST_FIXES):
        for expr in _candidates(board, query.expr, before, release, windows=windows):
            changed = replace(query, expr=expr)
            after = _findings(board, panel, changed, release, settings)
            if _score(after) < _score(before) and {rule for rule, _ in after} <= {rule for rule, _ in before}:
                query, before = changed, after
                break
        else:
            break
    return query.expr


def _findings(board: Board, panel: Panel, query: Query, release: Release, settings: Settings) -> list[tuple[str, str]]:
    """Rule and message of what is found on one query."""
    alone = replace(board, rows=(Row("", collapsed=False, panels=(replace(panel, queries=(query,)),)),), annotations=())
    findings, _ = lint(alone, release, house_rules=False, settings=settings)
    return [(item.rule, item.what) for item in findings if item.panel == panel.title and item.rule in {*JUDGES, WINDOW}]


def _score(findings: list[tuple[str, str]]) -> tuple[int, int]:
    """The number of findings that judge a fix, and of fixed windows, which a suggested query repeats."""
    windows = sum(rule == WINDOW for rule, _ in findings)
    return len(findings) - windows, windows


def _candidates(
    board: Board, expr: str, findings: list[tuple[str, str]], release: Release, *, windows: bool
) -> Iterator[str]:
    """Changed expressions that may be fixes of the findings."""
    rules = {rule for rule, _ in findings}
    fixes: list[tuple[str, Callable[[], Iterator[str]]]] = [
        ("unknown-metric", lambda: _renamed(expr, release)),
        ("impossible-label-value", lambda: _respelt(expr, release)),
        (EQUALS, lambda: _as_expression(board, expr)),
    ]
    for rule, fix in fixes:
        if rule in rules:
            yield from (changed for changed in fix() if changed != expr)
    yield from (match[1] for rule, what in findings if rule in FIXABLE and (match := SUGGESTED.search(what)))
    if windows and WINDOW in rules:
        for selector in promql.selectors(expr):
            if selector.window and f"over {selector.window.strip()}: " in " ".join(what for _, what in findings):
                yield expr.replace(f"[{selector.window}]", "[$__rate_interval]")


def _renamed(expr: str, release: Release) -> Iterator[str]:
    """With the only successor of a metric, which the release has."""
    for resolved in resolve_selectors(expr, release):
        reason = missing_metric(resolved, release)
        if reason and len(reason.replaced_by) == 1 and resolved.name:
            yield re.sub(rf"(?<![\w:]){re.escape(resolved.name)}(?![\w:])", reason.replaced_by[0], expr)


def _respelt(expr: str, release: Release) -> Iterator[str]:
    """With the only value of the label that differs in case and punctuation alone."""
    for resolved in resolve_selectors(expr, release):
        for matcher in resolved.selector.matchers if resolved.metrics else ():
            values = {value for metric in resolved.metrics for value in metric.values_on(matcher.label, release)}
            alike = [value for value in values if _spelling(value) == _spelling(matcher.value)]
            if matcher.op == "=" and matcher.value not in values and len(alike) == 1:
                yield _with_matcher(expr, matcher, f'{matcher.label}="{alike[0]}"')


def _as_expression(board: Board, expr: str) -> Iterator[str]:
    """With `=~` for a variable that may have several values."""
    for matcher, _ in matchers_for_one_value(board, expr):
        yield _with_matcher(expr, matcher, f'{matcher.label}{OPERATORS[matcher.op]}"{matcher.value}"')


def _with_matcher(expr: str, matcher: promql.Matcher, new: str) -> str:
    """With another matcher, wherever it is written."""
    pattern = rf"(?<!\w){re.escape(matcher.label)}\s*{re.escape(matcher.op)}\s*([\"']){re.escape(matcher.value)}\1"
    return re.sub(pattern, lambda _: new, expr)


def _spelling(value: str) -> str:
    return re.sub(r"[^a-z0-9]", "", value.lower())
