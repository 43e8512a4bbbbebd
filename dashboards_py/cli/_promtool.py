"""promtool's verdict, if it is installed, on queries that our parser rejects."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from shutil import which
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from dashboards_py.board import Board
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
    for number, item in enumerate(items):
        unparsed = [query.expr for query in board_queries(board(item)) if needs_promtool(query.expr)]
        exprs |= dict.fromkeys(unparsed)
        if unparsed and which("promtool"):
            waiting.append((number, item))
        else:
            yield number, item, settings
    if waiting:
        settings_with_verdicts = replace(settings, verdicts=_verdicts(list(exprs)))
        yield from ((number, item, settings_with_verdicts) for number, item in waiting)


def _verdicts(exprs: list[str]) -> dict[str, str]:
    from dashboards_py.promql import for_prometheus
    from dashboards_py.promtool import verdicts

    sent = {expr: for_prometheus(expr) or "" for expr in exprs}
    answers = verdicts(list(sent.values()))
    return {expr: answers[text] for expr, text in sent.items() if text in answers}
