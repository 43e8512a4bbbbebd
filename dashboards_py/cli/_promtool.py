"""promtool's verdict, if it is installed, on queries of which our parser is not sure, and on rules."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from shutil import which
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.documents.rule_files import RuleSet
    from dashboards_py.lint import Settings

T = TypeVar("T")


def with_promtool_verdicts(
    items: Iterable[T], board: "Callable[[T], Board]", settings: "Settings"
) -> "Iterator[tuple[int, T, Settings]]":
    """Each item with its number and the settings for its board.

    Boards with queries that need promtool are yielded last, because it runs once for all of them.
    """
    from dashboards_py.lint import needs_promtool
    from dashboards_py.queries import board_queries

    waiting: list[tuple[int, T]] = []
    exprs: dict[str, None] = {}
    has_promtool = which("promtool") is not None
    for number, item in enumerate(items):
        queries = board_queries(board(item)) if has_promtool else ()
        unsure = [query.expr for query in queries if needs_promtool(query.expr)]
        exprs |= dict.fromkeys(unsure)
        if unsure:
            waiting.append((number, item))
        else:
            yield number, item, settings
    if waiting:
        settings_with_verdicts = replace(settings, verdicts=_verdicts(list(exprs)))
        yield from ((number, item, settings_with_verdicts) for number, item in waiting)


def settings_for_rules(rule_sets: "Iterable[RuleSet]", settings: "Settings") -> "Iterator[tuple[RuleSet, Settings]]":
    """Each document of rules with its settings: promtool's verdicts on queries, and what it and pint say."""
    from dashboards_py.lint import needs_promtool
    from dashboards_py.pint import problems as pint_problems
    from dashboards_py.promtool import rule_problems

    listed = list(rule_sets)
    has_promtool = which("promtool") is not None
    exprs = dict.fromkeys(rule.expr for one in listed for rule in one.rules if needs_promtool(rule.expr))
    verdicts = _verdicts(list(exprs)) if has_promtool and exprs else {}
    for rule_set in listed:
        problems = rule_problems(rule_set.rules) if has_promtool else {}
        both = {**settings.verdicts, **verdicts}
        yield rule_set, replace(settings, verdicts=both, problems=problems, pint=pint_problems(rule_set.rules))


def _verdicts(exprs: list[str]) -> dict[str, str]:
    from dashboards_py.promql import for_prometheus
    from dashboards_py.promtool import verdicts

    sent = {expr: for_prometheus(expr) or "" for expr in exprs}
    answers = verdicts(list(sent.values()))
    return {expr: answers[text] for expr, text in sent.items() if text in answers}
