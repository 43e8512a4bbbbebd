"""The selectors of a query as it is sent, without variables: each can be asked by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dashboards_py.promql.idle_matchers import is_idle
from dashboards_py.promql.matcher import Matcher, Selector
from dashboards_py.promql.memory import remember
from dashboards_py.promql.parsing import parse_as_sent
from dashboards_py.promql.syntax import children, selector


@dataclass(frozen=True, slots=True)
class SentSelector:
    """A selector of a sent query; `window` (also that of a subquery) and `offset` are seconds, 0 for none."""

    selector: Selector
    window: float = 0.0
    offset: float = 0.0

    @property
    def metric(self) -> str:
        """Its metric, "" if the name is not fixed."""
        return self.selector.metric

    def text(self, leave_out: Matcher | None = None, *, window: bool = False) -> str:
        """The selector as PromQL, with its offset, without a matcher, and with its window if wanted."""
        matchers = ", ".join(
            str(matcher)
            for matcher in self.selector.matchers
            if matcher != leave_out and not (self.metric and is_idle(matcher))
        )
        braces = f"{{{matchers}}}" if matchers or not self.metric else ""
        span = f"[{round(self.window * 1000)}ms]" if window else ""
        offset = f" offset {'-' if self.offset < 0 else ''}{abs(round(self.offset * 1000))}ms" if self.offset else ""
        return f"{self.metric}{braces}{span}{offset}"


@remember
def sent_selectors(expr: str) -> tuple[SentSelector, ...]:
    """The selectors of a query without variables, in the order written; raises QueryError."""
    return tuple(_walk(parse_as_sent(expr), 0.0, 0.0))


def _walk(node: Any, window: float, offset: float) -> Iterator[SentSelector]:
    kind = type(node).__name__
    if kind == "MatrixSelector":
        yield from _walk(node.vector_selector, node.range.total_seconds(), offset)
        return
    if kind == "VectorSelector":
        own = node.offset.total_seconds() if node.offset else 0.0
        yield SentSelector(selector(node), window, offset + own)
        return
    if kind == "SubqueryExpr":
        window = node.range.total_seconds()
        offset += node.offset.total_seconds() if node.offset else 0.0
    for child in children(node):
        yield from _walk(child, window, offset)
