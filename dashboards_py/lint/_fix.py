"""Queries with fixes that are certain: of what rules say to write instead, that which no rule reports."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache

from dashboards_py.board import Board, Panel, Query, Row
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._fixable import QueryToFix
from dashboards_py.lint._rule import RULES, RuleWithFixes
from dashboards_py.lint._run import lint, severity_of
from dashboards_py.lint._settings import Settings

MOST_FIXES = 10  # of one query, one after the other
# Rules without a fix of their own, whose findings a fix must not add.
JUDGES = ("invalid-promql", "unknown-label", "missing-legend-label", "rate-of-a-gauge")


def fixable(board: Board, release: Release, settings: Settings, *, habits: bool) -> Iterator[tuple[Panel, Query]]:
    """The queries of panels of which a rule that has fixes reports something."""
    findings, _ = lint(board, release, house_rules=False, settings=settings, rules=_fixed_rules(habits=habits))
    titles = {finding.panel for finding in findings}
    return ((panel, query) for panel, query in board.queries() if panel.title in titles and query.expr.strip())


def fixed_query(board: Board, panel: Panel, query: Query, release: Release, settings: Settings, *, habits: bool) -> str:
    """The query's expression with all fixes that are certain; unchanged if there are none.

    With `habits` findings of INFO are fixed as well, such as fixed windows. A fix that adds a finding is not made.
    """
    alone = replace(board, annotations=())
    rules = _fixed_rules(habits=habits)

    def item_of(expr: str) -> QueryToFix:
        changed = replace(query, expr=expr)
        rows = (Row("", collapsed=False, panels=(replace(panel, queries=(changed,)),)),)
        return QueryToFix(replace(alone, rows=rows), panel, changed, release, settings)

    item = item_of(query.expr)
    before = _reported(item)
    for _ in range(MOST_FIXES):
        for expr in _with_next(item_of, _candidates(item, rules, before), before):
            changed = item_of(expr)
            after = _reported(changed)
            if _score(after) < _score(before) and set(after) <= set(before):
                item, before = changed, after
                break
        else:
            break
    return item.expr


@cache
def _fixed_rules(*, habits: bool) -> tuple[str, ...]:
    """The ids of the rules that have fixes."""
    named = [(name.replace("_", "-"), RULES.load(name)) for name in RULES.names()]
    rules = [rule for rule, module in named if isinstance(module, RuleWithFixes)]
    return tuple(rule for rule in rules if habits or severity_of(rule) != Severity.INFO)


def _reported(item: QueryToFix) -> list[str]:
    """The rules that report something of the query, as often as they do."""
    rules = (*_fixed_rules(habits=True), *JUDGES)
    findings, _ = lint(item.board, item.release, house_rules=False, settings=item.settings, rules=rules)
    return [finding.rule for finding in findings if finding.panel == item.panel.title]


def _score(rules: list[str]) -> tuple[int, int]:
    """The number of findings that judge a fix, and of habits, which a suggested query repeats."""
    habits = sum(severity_of(rule) == Severity.INFO for rule in rules)
    return len(rules) - habits, habits


def _candidates(item: QueryToFix, rules: Collection[str], reported: Collection[str]) -> Iterator[str]:
    """Changed expressions that may be fixes: those of errors first, as the result of others may build on them."""
    for rule in sorted(set(rules) & set(reported), key=_order):
        module = RULES.load(rule.replace("-", "_"))
        if isinstance(module, RuleWithFixes):
            yield from (expr for expr in module.fixes(item) if expr != item.expr)


def _with_next(item_of: Callable[[str], QueryToFix], exprs: Iterable[str], before: Collection[str]) -> Iterator[str]:
    """Expressions, and after each that adds findings the fixes of these: a successor may be of another kind."""
    for expr in exprs:
        yield expr
        changed = item_of(expr)
        added = set(_reported(changed)) - set(before)
        yield from _candidates(changed, _fixed_rules(habits=False), added)


def _order(rule: str) -> tuple[bool, str]:
    return severity_of(rule) != Severity.ERROR, rule
