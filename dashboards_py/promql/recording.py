"""Queries that read recorded series instead of raw ones, with the rules that record these.

Each aggregation of a query becomes a rule for all clusters, nodes and other choices of a reader: its matchers of
Grafana's variables move from the raw series to the recorded ones, whose labels they become. What is recorded can be
aggregated again (sums of sums, the greatest of the greatest), a mean as the two sums that it is of, and a ranking ranks
the rankings of each cluster. A query is recorded in whole or not at all, so that no quotient has a side of each kind.

Rules evaluate rates over `WINDOW`; an increase over the time range is a sum of recorded rates.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from dashboards_py.promql.distributions import in_brackets, selector_of
from dashboards_py.promql.grafana import has_variable
from dashboards_py.promql.idle_matchers import is_idle
from dashboards_py.promql.inject import inject
from dashboards_py.promql.matcher import Matcher, Selector
from dashboards_py.promql.parsing import parse
from dashboards_py.promql.positions import Part, parts, rewrite
from dashboards_py.promql.record_names import WINDOW, WINDOW_SECONDS, record_name
from dashboards_py.promql.recordable import (
    RANKINGS,
    RATES,
    SELECTORS,
    has_fixed_labels,
    in_order,
    is_aggregated,
    is_positive,
    keeps,
    matchers_in,
    offset_of,
    reads_clock,
    scale_of,
    selectors_in,
    vector_node,
    window_of,
)
from dashboards_py.promql.syntax import grouped_by
from dashboards_py.promql.zero_counts import without_brackets

INTERVAL, INTERVAL_SECONDS = "1m", 60  # between evaluations
NODE = "node"
# Recorded series cover all nodes. This label has the value that Grafana sends for All nodes: a matcher `="$node"`
# selects them, and `!~"$node"`, which a series without the label then does not pass, keeps raw ones out.
ALL_NODES = "all_nodes"
AGAIN = {"sum": "sum", "max": "max", "min": "min", "count": "sum", "group": "group"}  # aggregated from recorded values
OF_INSTANCES = frozenset({NODE, "pod", "instance"})  # labels whose values grow in number with the cluster
GROUP = re.compile(r"\$\{?[0-9]+")  # of a regular expression, in label_replace
RATE_WINDOW, RANGE = ("$__rate_interval", "${__rate_interval}"), ("$__range", "${__range}")


@dataclass(frozen=True, slots=True, order=True)
class Recording:
    """A recorded series: `record` is its name, which follows from `expr`, in terms of raw series."""

    record: str
    expr: str


@dataclass(frozen=True, slots=True)
class RecordedQuery:
    """A query of recorded series, and the rules that record them."""

    expr: str
    recordings: tuple[Recording, ...]


def recorded(
    expr: str, grows: Callable[[Selector], bool] = lambda _: True, node_variable: str = NODE
) -> RecordedQuery | None:
    """The query as one of recorded series; None if a part of it cannot be recorded. Raises QueryError.

    None as well if no selector `grows`: it reads the same number of series in a cluster of any size.

    If a reader chooses single nodes with `node_variable`, the query still reads the raw series of these.
    """
    root = parts(expr)
    if not any(map(grows, selectors_in(root))):
        return None
    writer = _Writer(expr, node_variable)
    text = writer.text(root)
    if text is None or not writer.recordings:
        return None
    parse(text)
    return RecordedQuery(text, tuple(dict.fromkeys(writer.recordings)))


class _NotRecorded(Exception):
    """The part cannot be a rule."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A part of a query as a rule: its text for all choices, the matchers of these, and its offset."""

    text: str
    matchers: tuple[Matcher, ...]
    offset: str = ""
    is_increase: bool = False
    over_range: bool = False

    @property
    def labels(self) -> frozenset[str]:
        """The labels that the matchers need."""
        return frozenset(matcher.label for matcher in self.matchers)


class _Writer:
    def __init__(self, expr: str, node_variable: str) -> None:
        self.expr, self.node = expr, f"${node_variable}"
        self.recordings: list[Recording] = []
        self.positive: set[int] = set()  # parts of which only values above 0 count
        self.is_chosen = any(map(self.is_node_choice, chain.from_iterable(matchers_in(parts(expr)))))

    def text(self, part: Part) -> str | None:
        """The text of a part that reads recorded series; None if there is none."""
        if not any(inner.kind in SELECTORS for inner in part.walk()):
            return self.source(part)
        if part.kind in (*SELECTORS, "SubqueryExpr"):
            return None
        before = len(self.recordings)
        for write in (self.aggregation, self.ranking, self.whole, self.absence):
            try:
                if (text := write(part)) is not None:
                    return text
            except _NotRecorded:
                del self.recordings[before:]
        return self.by_children(part)

    def by_children(self, part: Part) -> str | None:
        pieces, end = [], part.start
        for child in part.children:
            if is_positive(part):
                self.positive.add(id(without_brackets(child)))
            text = self.text(child)
            if text is None:
                return None
            pieces += [self.expr[end : child.start], text]
            end = child.end
        return "".join(pieces) + self.expr[end : part.end]

    def aggregation(self, part: Part) -> str | None:
        """A sum, a mean and the like: recorded by its own labels and those that readers choose by."""
        operation = str(part.node.op) if part.kind == "AggregateExpr" else ""
        if (operation not in AGAIN and operation != "avg") or not has_fixed_labels(part):
            return None
        labels = grouped_by(part.node)
        scaled = operation in ("sum", "max", "min")  # in proportion to what they aggregate
        rule = self.rule(part.children[-1], scaled=scaled, summed=operation == "sum")
        by = f" by ({', '.join(labels)}) " if labels else ""
        if rule.over_range and id(part) in self.positive and OF_INSTANCES & {*labels}:
            # Of each node there would be a series, and of most nodes it would be 0.
            return self.or_raw(part, self.again("sum", by, self.record("sum", labels, rule, " > 0"), rule))
        if operation == "avg":
            sums, counts = (self.again("sum", by, self.record(name, labels, rule), rule) for name in ("sum", "count"))
            return self.or_raw(part, f"{sums} / {counts}")
        return self.or_raw(part, self.again(AGAIN[operation], by, self.record(operation, labels, rule), rule))

    def record(self, operation: str, labels: Iterable[str], rule: _Rule, level: str = "") -> str:
        """Record an aggregation of the rule's text, compared with a level; its name."""
        by = in_order({*labels, *rule.labels})
        return self.named(by, f"{operation} by ({', '.join(by)}) ({rule.text}){level}")

    def again(self, operation: str, by: str, record: str, rule: _Rule) -> str:
        """The aggregation of recorded series."""
        series = self.series(record, rule)
        if not rule.over_range:
            text = f"{operation}{by}({series})"
            return f"{WINDOW_SECONDS} * {text}" if rule.is_increase else text
        total = f"{INTERVAL_SECONDS} * {operation}{by}(sum_over_time({series}))"
        return total if rule.is_increase else f"{total} / $__range_s"

    def series(self, record: str, rule: _Rule) -> str:
        own = [Matcher(ALL_NODES, "=", self.node)] if self.is_chosen else []
        window = "[$__range]" if rule.over_range else ""
        return f"{record}{{{', '.join(map(str, (*rule.matchers, *own)))}}}{window}{rule.offset}"

    def ranking(self, part: Part) -> str | None:
        """The first of all, which are among the first of each cluster."""
        if part.kind != "AggregateExpr" or str(part.node.op) not in RANKINGS or not has_fixed_labels(part):
            return None
        count, ranked = part.children if len(part.children) == 2 else (None, part.children[0])
        if count is None or count.kind != "NumberLiteral":
            return None
        rule = self.rule(ranked)
        self.require_aggregated(ranked)
        own, number, name = grouped_by(part.node), self.source(count), str(part.node.op)
        by = in_order({*own, *rule.labels})
        record = self.named(by, f"{name} by ({', '.join(by)}) ({number}, {rule.text})")
        grouping = f" by ({', '.join(own)}) " if own else ""
        return self.or_raw(part, f"{name}{grouping}({number}, max without ({ALL_NODES}) ({self.series(record, rule)}))")

    def whole(self, part: Part) -> str | None:
        """A comparison node by node, in whole."""
        if not any(OF_INSTANCES & {*grouped_by(inner.node)} for inner in part.walk() if inner.kind == "AggregateExpr"):
            return None
        rule = self.rule(part)
        self.require_aggregated(part)
        record = self.named(in_order(rule.labels), rule.text)
        return self.or_raw(part, f"max without ({ALL_NODES}) ({self.series(record, rule)})")

    def absence(self, part: Part) -> str | None:
        """The absence of series is that of their number."""
        if part.kind != "Call" or str(part.node.func.name) != "absent" or part.children[0].kind != "VectorSelector":
            return None
        selector = part.children[0]
        rule = self.rule(selector)
        counted = self.series(self.record("count", (), rule), rule)
        return f"absent({counted} or {self.raw(selector)})" if self.is_chosen else f"absent({counted})"

    def or_raw(self, part: Part, text: str) -> str:
        """The recorded series, or the raw ones if the reader chose nodes."""
        if self.is_chosen:
            return in_brackets(self.expr, part, f"{text} or {self.raw(part)}")
        return text if type(parse(text)).__name__ != "BinaryExpr" else in_brackets(self.expr, part, text)

    def raw(self, part: Part) -> str:
        """The part's text, which reads nothing if the reader chose all nodes."""
        return inject(self.source(part), lambda _: (Matcher(ALL_NODES, "!~", self.node),))

    def is_node_choice(self, matcher: Matcher) -> bool:
        return matcher.label == NODE and matcher.op == "=~" and matcher.value == self.node

    def source(self, part: Part) -> str:
        return self.expr[part.start : part.end]

    def require_aggregated(self, part: Part) -> None:
        """Raise _NotRecorded for a part that would copy raw series."""
        if not is_aggregated(part):
            raise _NotRecorded

    def rule(self, part: Part, *, scaled: bool = False, summed: bool = False) -> _Rule:
        """The part as the text of a rule; raises _NotRecorded.

        If it is `scaled` in proportion to the values below it, an increase is a rate times its window; if it is
        `summed` as well, one over the time range is a sum of rates.
        """
        selectors = list(selectors_in(part))
        chosen = [self.choices(selector) for selector in selectors]
        if not selectors or any(other != chosen[0] for other in chosen):
            raise _NotRecorded
        labels = {matcher.label for matcher in chosen[0]}
        if not all(keeps(part, label) for label in labels):
            raise _NotRecorded
        offsets = {offset_of(inner, self.expr) for inner in part.walk() if inner.kind in SELECTORS}
        # What reads the clock has no value of an earlier time.
        shared = offsets.pop() if len(offsets) == 1 and not reads_clock(part) else ""
        scale = scale_of(part, self.expr) if scaled else None
        if scale and scale[1] not in (*RATE_WINDOW, *RANGE):
            scale = None  # a fixed window is kept
        over_range = scale is not None and scale[1] in RANGE
        if over_range and not summed:
            raise _NotRecorded
        text = rewrite(self.expr, part, lambda inner: self.unchosen(inner, scale, keep_offset=not shared))
        if has_variable(GROUP.sub("", text)):
            raise _NotRecorded
        is_increase = scale is not None and scale[0] == "increase"
        return _Rule(text, tuple(sorted(chosen[0], key=str)), shared, is_increase, over_range)

    def choices(self, selector: Selector) -> frozenset[Matcher]:
        """The matchers of variables other than of nodes."""
        if selector.filters or any(has_variable(matcher.label) for matcher in selector.matchers):
            raise _NotRecorded
        return frozenset(
            matcher for matcher in selector.matchers if matcher.is_open and not self.is_node_choice(matcher)
        )

    def unchosen(self, part: Part, scale: tuple[str, str] | None, *, keep_offset: bool) -> str | None:
        """The text of a selector, or of the rate of one, without what readers choose; None for other parts."""
        if part.kind == "Call" and scale and str(part.node.func.name) in RATES:
            return f"rate({self.unchosen(part.children[0], scale, keep_offset=keep_offset)})"
        if part.kind not in SELECTORS:
            return None
        selector = selector_of(part)
        if not selector.metric or vector_node(part).at is not None:
            raise _NotRecorded
        matchers = (matcher for matcher in selector.matchers if not matcher.is_open and not is_idle(matcher))
        braces = f"{{{texts}}}" if (texts := ", ".join(map(str, matchers))) else ""
        window = window_of(part, self.expr)
        if window in RATE_WINDOW or (scale and window in RANGE):
            window = WINDOW
        offset = offset_of(part, self.expr) if keep_offset else ""
        return f"{selector.metric}{braces}{f'[{window}]' if window else ''}{offset}"

    def named(self, labels: Sequence[str], expr: str) -> str:
        name = record_name(labels, expr)
        self.recordings.append(Recording(name, expr))
        return name
