"""What a board costs Prometheus when it opens, estimated on a synthetic cluster."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from dashboards_py import promql
from dashboards_py.board import Board, Panel, fields
from dashboards_py.catalog import Release
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.requests import requests
from dashboards_py.panel_data.times import parse_time
from dashboards_py.promql import Matcher, Selector
from dashboards_py.review.settings import raw_variable

END = 1_800_000_000.0  # Unix time at which boards open here: any will do
LABELS = "labelsContext=source_namespace,source_app,destination_namespace,destination_app"
HANDLERS = ("drop", "tcp", "flow", "icmp", "port-distribution", "policy", "flows-to-world", "httpV2")
DEFAULT_RANGE = ("now-6h", "now")


@dataclass
class CostModel:
    """The samples that panels read on a cluster; variables choose everything, or one value if that is all they can.

    tests/live/test_cost.py holds it to what a real Prometheus counts.
    """

    cluster: CiliumCluster
    _series: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _counts: dict[tuple[str, tuple[Matcher, ...]], int] = field(default_factory=dict)

    def opened(self, board: Board) -> float:
        """The samples of the rows that are open when the board opens."""
        panels = [panel for row in board.rows if not row.collapsed for panel in row.panels]
        return self.samples(panels, board)

    def samples(self, panels: Iterable[Panel], board: Board) -> float:
        """The samples of panels over the board's range of time; queries that cannot be read count nothing."""
        window = _window(board)
        queried = [request for panel in panels for request in requests(panel, window, {}, self.cluster.interval)]
        queries = [request.expr for request in queried]
        self._load(queries)
        chosen = self._chosen(board, queries)
        total = 0.0
        for request in queried:
            span = 0.0 if request.is_instant else request.end - request.begin
            evaluations = int(span * 1000 / request.step) + 1
            try:
                total += promql.samples_read(
                    request.expr, evaluations, self.cluster.interval, lambda one: self._count(one, chosen)
                )
            except promql.QueryError:
                continue
        return total

    def _load(self, queries: Iterable[str]) -> None:
        """The series of the metrics in the queries, all at once."""
        names = {one.metric for expr in queries for one in promql.lenient_selectors(expr)} - self._series.keys()
        if not names:
            return
        self._series |= {name: [] for name in names}
        for one in generate(self.cluster, end=END, only=frozenset(names)):
            if one.name in names:
                self._series[one.name].append({**dict(one.labels), **dict(one.target.labels)})

    def _chosen(self, board: Board, queries: Iterable[str]) -> Mapping[str, str]:
        """The values of variables that can have but one: what the board says, else the most frequent one."""
        chosen: dict[str, str] = {}
        for variable in board.variables:
            if not variable.include_all and not variable.multi:
                current = fields.mapping(raw_variable(board, variable.name), "current").get("value")
                chosen[variable.name] = current if isinstance(current, str) else ""
        for one in (one for expr in queries for one in promql.lenient_selectors(expr)):
            for matcher in one.matchers:
                for name in promql.variable_names(matcher.value) & chosen.keys():
                    values = Counter(filter(None, (labels.get(matcher.label) for labels in self._of(one.metric))))
                    chosen[name] = chosen[name] or (values.most_common(1)[0][0] if values else "")
        return chosen

    def _of(self, metric: str) -> list[dict[str, str]]:
        return self._series.get(metric, [])

    def _count(self, selector: Selector, chosen: Mapping[str, str]) -> int:
        """How many series a selector has; a matcher with a variable has all, or those of the value that is chosen."""
        matchers = tuple(_with(matcher, chosen) for matcher in selector.matchers)
        key = selector.metric, matchers
        if key not in self._counts:
            self._counts[key] = sum(
                all(matcher.accepts(labels.get(matcher.label, "")) is not False for matcher in matchers)
                for labels in self._of(selector.metric)
            )
        return self._counts[key]


def _with(matcher: Matcher, chosen: Mapping[str, str]) -> Matcher:
    """The matcher with the value of its variable, if there is one."""
    value = next((chosen[name] for name in promql.variable_names(matcher.value) if chosen.get(name)), "")
    return Matcher(matcher.label, "=" if matcher.op == "=~" else matcher.op, value) if value else matcher


@cache  # the boards of a review read the same series
def usual_model(release: Release) -> CostModel:
    """The model of a small cluster with all metrics on, on which the costs of two versions are compared."""
    contexts = {**dict.fromkeys(HANDLERS, (LABELS,)), "dns": ("query", LABELS)}
    return CostModel(CiliumCluster(release=release, contexts=contexts))


def _window(board: Board) -> Window:
    """The range of time with which the board opens."""
    saved = fields.mapping(board.raw, "time")
    begin, end = fields.text(saved, "from") or DEFAULT_RANGE[0], fields.text(saved, "to") or DEFAULT_RANGE[1]
    try:
        window = Window(begin=parse_time(begin, END, is_end=False), end=parse_time(end, END, is_end=True), now=END)
        if window.begin < window.end:
            return window
    except DashboardsError:
        pass
    return Window(begin=END - 6 * 3600, end=END, now=END)
