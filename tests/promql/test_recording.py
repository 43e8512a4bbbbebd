"""Queries that read recorded series, and the rules that record these."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from dashboards_py import promql
from dashboards_py.board import Board, read
from dashboards_py.compile import compile_boards, compile_recordings
from dashboards_py.compile.recordings import grows
from dashboards_py.compile.rules import compile_rules
from dashboards_py.configuration import Configuration
from dashboards_py.promql import Recording, Selector, chained, classic_side, dependencies, parse, recorded, selectors
from dashboards_py.promql.output_labels import SELECTING_AGGREGATIONS, output_labels
from dashboards_py.release import NEWEST, RELEASES, Release

RECORDED = Configuration(recorded=True)
C, N = 'cluster=~"$cluster"', 'node=~"$node"'
W, RANGE = "[$__rate_interval]", "[$__range]"

# A query, the same with recorded series, and the queries of the rules.
CASES = {
    "sum of rates": (
        f"sum by (reason) (rate(x{{{C}}}{W}))",
        f"sum by (reason) (cluster_reason:x:sum_rate2m{{{C}}})",
        ["sum by (cluster, reason) (rate(x[2m]))"],
    ),
    "a level": (f"max(x{{{C}}})", f"max(cluster:x:max{{{C}}})", ["max by (cluster) (x)"]),
    "a count is a sum of counts": (f"count(x{{{C}}})", f"sum(cluster:x:count{{{C}}})", ["count by (cluster) (x)"]),
    "a mean is the quotient of two sums": (
        f"avg by (a) (x{{{C}}})",
        f"(sum by (a) (a_x:sum{{{C}}}) / sum by (a) (a_x:count{{{C}}}))".replace("a_x", "cluster_a:x"),
        ["count by (cluster, a) (x)", "sum by (cluster, a) (x)"],
    ),
    "fixed matchers stay, choices become labels": (
        f'sum(rate(x{{a="1", b=~"$b", {C}}}{W}))',
        f'sum(cluster_b:x:sum_DIGEST{{b=~"$b", {C}}})',
        ['sum by (cluster, b) (rate(x{a="1"}[2m]))'],
    ),
    "raw series of chosen nodes": (
        f"sum(x{{{C}, {N}}})",
        f'(sum(cluster:x:sum{{{C}, all_nodes="$node"}}) or sum(x{{{C}, {N}, all_nodes!~"$node"}}))',
        ["sum by (cluster) (x)"],
    ),
    "an increase over the window": (
        f"sum(increase(x{{{C}}}{W}))",
        f"(120 * sum(cluster:x:sum_rate2m{{{C}}}))",
        ["sum by (cluster) (rate(x[2m]))"],
    ),
    "an increase over the time range": (
        f"sum(increase(x{{{C}}}{RANGE}))",
        f"(60 * sum(sum_over_time(cluster:x:sum_rate2m{{{C}}}[$__range])))",
        ["sum by (cluster) (rate(x[2m]))"],
    ),
    "a rate over the time range": (
        f"sum(rate(x{{{C}}}{RANGE}))",
        f"(60 * sum(sum_over_time(cluster:x:sum_rate2m{{{C}}}[$__range])) / $__range_s)",
        ["sum by (cluster) (rate(x[2m]))"],
    ),
    "of increases by node, only those above zero": (
        f"topk(3, sum by (node) (increase(x{{{C}}}{RANGE})) > 0)",
        f"topk(3, (60 * sum by (node) (sum_over_time(cluster_node:x:value_DIGEST{{{C}}}[$__range]))) > 0)",
        ["sum by (cluster, node) (rate(x[2m])) > 0"],
    ),
    "both kinds of histogram": (
        f"sum(rate(x_count{{{C}}}{W}) or histogram_count(rate(x{{{C}}}{W})))",
        f"sum(cluster:x_count:sum_rate2m{{{C}}})",
        ["sum by (cluster) (rate(x_count[2m]) or histogram_count(rate(x[2m])))"],
    ),
    "a quantile of recorded buckets": (
        f"histogram_quantile(0.9, sum by (le) (rate(x_bucket{{{C}}}{W})))",
        f"histogram_quantile(0.9, sum by (le) (cluster_le:x_bucket:sum_rate2m{{{C}}}))",
        ["sum by (cluster, le) (rate(x_bucket[2m]))"],
    ),
    "a ranking of the rankings of each cluster": (
        f"topk(3, sum by (cluster, node) (x{{{C}}}))",
        f"topk(3, max without (all_nodes) (cluster:x:topk_DIGEST{{{C}}}))",
        ["topk by (cluster) (3, sum by (cluster, node) (x))"],
    ),
    "an aggregation of one that loses the cluster": (
        f"max(sum by (node) (x{{{C}}}) / 2)",
        f"max(sum by (node) (cluster_node:x:sum{{{C}}}) / 2)",
        ["sum by (cluster, node) (x)"],
    ),
    "a ranking of what loses the cluster ranks sums": (
        f"topk(3, sum by (a) (x{{{C}}}))",
        f"topk(3, sum by (a) (cluster_a:x:sum{{{C}}}))",
        ["sum by (cluster, a) (x)"],
    ),
    "what is compared node by node, in whole": (
        f"sum by (cluster, node) (x{{{C}}}) > on (cluster) group_left () quantile by (cluster) (0.5, y{{{C}}})",
        f"max without (all_nodes) (cluster:x:value_DIGEST{{{C}}})",
        ["sum by (cluster, node) (x) > on (cluster) group_left () quantile by (cluster) (0.5, y)"],
    ),
    "an offset moves to the recorded series": (
        f"sum(x{{{C}}} offset 1h)",
        f"sum(cluster:x:sum{{{C}}} offset 1h)",
        ["sum by (cluster) (x)"],
    ),
    "an offset of Grafana's stays as written": (
        f"sum(x{{{C}}} offset $__interval)",
        f"sum(cluster:x:sum{{{C}}} offset $__interval)",
        ["sum by (cluster) (x)"],
    ),
    "an offset may be in capitals": (
        f'sum(x{{{C}, b=~"$b"}} OFFSET 1h)',
        f'sum(cluster_b:x:sum{{b=~"$b", {C}}} offset 1h)',
        ["sum by (cluster, b) (x)"],
    ),
    "what reads the clock keeps its offset": (
        f"count(time() - x{{{C}}} offset 1h < 60)",
        f"sum(cluster:x:count_DIGEST{{{C}}})",
        ["count by (cluster) (time() - x offset 1h < 60)"],
    ),
    "absence is that of a count": (
        f"-absent(x{{{C}}})",
        f"-absent(cluster:x:count{{{C}}})",
        ["count by (cluster) (x)"],
    ),
    "a group of a regular expression is no variable": (
        f'sum by (b) (label_replace(x{{{C}}}, "b", "$1", "a", "(.*)"))',
        f"sum by (b) (cluster_b:x:sum_DIGEST{{{C}}})",
        ['sum by (cluster, b) (label_replace(x, "b", "$1", "a", "(.*)"))'],
    ),
}

REFUSED = {
    "raw series": f"x{{{C}}}",
    "a rate that nothing aggregates": f"rate(x{{{C}}}{W})",
    "labels that a variable chooses": f"sum by ($by) (x{{{C}}})",
    "a number that a variable chooses": f"sum(x{{{C}}} > $limit)",
    "labels that another aggregation leaves out": f"sum(x{{{C}}}) without (a)",
    "the greatest increase over the time range": f"max(increase(x{{{C}}}{RANGE}))",
    "a join that mixes clusters": f"sum(x{{{C}}} * on (a) group_left () y{{{C}}})",
    "one side of a join that is not chosen": f"sum(x{{{C}}} * y)",
    "a fixed moment": f"sum(x{{{C}}} @ end())",
    "a metric that a pattern names": '{__name__=~"a.*", cluster=~"$cluster"}',
    "a cluster that is replaced": f'sum(label_replace(x{{{C}}}, "cluster", "$1", "a", "(.*)"))',
    "half of a quotient": f"sum(x{{{C}}}) / max(increase(x{{{C}}}{RANGE}))",
}


def without_digests(text: str, recordings: tuple[Recording, ...]) -> str:
    for rule in recordings:
        text = text.replace(rule.record, re.sub("_[0-9a-f]{6}$", "_DIGEST", rule.record))
    return text


@pytest.mark.parametrize("name", CASES)
def test_a_query_reads_recorded_series(name: str) -> None:
    """The rule covers all choices of a reader, which select recorded series."""
    expr, expected, rules = CASES[name]
    result = recorded(expr)
    assert result is not None
    assert without_digests(result.expr, result.recordings) == expected
    assert sorted(rule.expr for rule in result.recordings) == rules


@pytest.mark.fault("a query that cannot be recorded is recorded in part")
@pytest.mark.parametrize("name", REFUSED)
def test_a_query_that_cannot_be_recorded_stays(name: str) -> None:
    """It stays in whole: no quotient has a raw side and a recorded one."""
    assert recorded(REFUSED[name]) is None


def test_nothing_is_recorded_that_does_not_grow() -> None:
    """A query of the few series of an operator stays."""
    expr = f"sum(x{{{C}}}) / sum(y{{{C}}})"
    assert recorded(expr, lambda _: False) is None
    assert recorded(expr, lambda selector: selector.metric == "y") is not None


def test_small_rules_read_large_ones() -> None:
    """An aggregation that another rule has by more labels is read from it, which is evaluated before."""
    rules = [
        Recording("a:x:sum", "sum by (a) (x)"),
        Recording("a_b:x:sum", "sum by (a, b) (x)"),
        Recording("a:x:topk", "topk by (a) (2, sum by (a, b) (x))"),
        Recording("a:x:max", "max by (a) (x)"),
        Recording("a:x:count", "count by (a) (x)"),
        Recording("a_b:x:count", "count by (a, b) (x)"),
    ]
    written = {rule.record: rule.expr for rule in chained(rules)}
    assert written["a_b:x:sum"] == "sum by (a, b) (x)"
    assert written["a:x:sum"] == "sum by (a) (a_b:x:sum)"
    assert written["a:x:count"] == "sum by (a) (a_b:x:count)"
    assert written["a:x:topk"] == "topk by (a) (2, sum by (a, b) (a_b:x:sum))"
    assert written["a:x:max"] == "max by (a) (x)"
    order = list(written)
    assert all(order.index(other) < order.index(rule.record) for rule in chained(rules) for other in dependencies(rule))


def test_the_classic_side_reads_no_native_histogram() -> None:
    """For servers without these; a rule of a native histogram alone is left out."""
    both = "sum(rate(x_count[2m]) or histogram_count(rate(x[2m]))) or y"
    assert classic_side(both, frozenset({"x"})) == "sum(rate(x_count[2m])) or y"
    assert classic_side("sum(rate(x[2m]))", frozenset({"x"})) == ""
    assert classic_side("a or b", frozenset({"x"})) == "a or b"


@pytest.mark.fault("a board reads a recorded series that no rule records")
@pytest.mark.parametrize("release", [RELEASES[0], NEWEST], ids=str)
def test_each_recorded_series_has_a_rule_and_a_reader(release: Release) -> None:
    """Of all boards; nothing grows with the nodes in a query that is left, and rules stand behind those they read."""
    groups = compile_recordings(release, RECORDED)
    rules = {rule.record: rule for group in groups for rule in group.recordings}
    assert len(rules) == sum(len(group.recordings) for group in groups)
    text = "".join(board.json for board in compile_boards(release, RECORDED))
    read = {selector.metric for rule in rules.values() for selector in selectors(rule.expr)}
    assert all(f"{name}{{" in text or name in read for name in rules)
    assert {name for name in read if ":" in name} <= rules.keys()
    for group in groups:
        before: set[str] = set()
        for rule in group.recordings:
            parse(rule.expr)
            assert {selector.metric for selector in selectors(rule.expr) if ":" in selector.metric} <= before
            before.add(rule.record)


def test_boards_read_raw_series_by_default() -> None:
    """Without the setting there is no rule, and no board names a recorded series or the label of all nodes."""
    assert compile_recordings(NEWEST, Configuration()) == ()
    assert not any("all_nodes" in board.json or ":sum_rate2m" in board.json for board in compile_boards())


# With recording rules a board reads as many series on 500 nodes as on 5: of each query, by its text.
OF_NODES = frozenset({"node", "pod", "instance"})
# The panels that read a series of each node all the same, and why these are few.
FEW = {
    "cilium-overview / Not scraped": "only targets that are down are recorded",
    "cilium-agent / Not scraped": "only targets that are down are recorded",
    "hubble-relay / Relays not scraped": "only targets that are down are recorded",
    "hubble-overview / Nodes without Hubble": "only nodes that lack it are recorded",
    "cilium-envoy / Nodes that need a look": "a reader chooses listeners, so that nodes are ranked as the table opens",
}


@cache
def rules() -> Mapping[str, str]:
    """The queries of the rules, by the series that they record."""
    return {rule.record: rule.expr for rule in compile_rules(NEWEST, RECORDED).recordings}


def labels_of(selector: Selector) -> frozenset[str] | None:
    """The labels of recorded series are those of their rule; raw ones are of nodes, and have all that is asked for."""
    if selector.metric in rules():
        return output_labels(parse(rules()[selector.metric]), labels_of)
    return OF_NODES | {"cluster"}


@pytest.mark.fault("a query reads series of all nodes although there are recording rules")
def test_raw_series_of_nodes_are_read_for_chosen_nodes_only() -> None:
    """A selector of a recorded board reads a recorded series, is off while All is chosen, or does not grow."""
    seen, raw = 0, set()
    for compiled in compile_boards(NEWEST, RECORDED):
        for where, expr in exprs(read(compiled.json)):
            for selector in promql.lenient_selectors(expr):
                is_off = any(matcher.label == promql.ALL_NODES for matcher in selector.matchers)
                seen += is_off
                if selector.metric not in rules() and not is_off and grows(selector, NEWEST):
                    raw.add(where)
    assert raw == set()
    assert seen > 100


def exprs(board: Board) -> Iterator[tuple[str, str]]:
    """The queries of panels and annotations, each with the name of what asks it."""
    yield from ((f"{board.uid} / {panel.title}", query.expr) for panel in board.panels for query in panel.queries)
    yield from ((f"{board.uid} / {annotation.name}", annotation.expr) for annotation in board.annotations)


@pytest.mark.fault("a recorded series is recorded for each node, so that boards read more of them on more nodes")
def test_recorded_series_are_not_of_single_nodes() -> None:
    """They are aggregated over nodes, or ranked, but for those of a few panels."""
    of_nodes = {record for record, expr in rules().items() if is_of_nodes(expr)}
    reading = {
        f"{compiled.uid} / {panel.title}"
        for compiled in compile_boards(NEWEST, RECORDED)
        for panel in read(compiled.json).panels
        for query in panel.queries
        for selector in promql.lenient_selectors(query.expr)
        if selector.metric in of_nodes
    }
    assert reading == FEW.keys()


def is_of_nodes(expr: str) -> bool:
    """Whether a rule records a series of each node."""
    tree = parse(expr)
    labels = output_labels(tree, labels_of)
    is_ranking = str(getattr(tree, "op", "")) in SELECTING_AGGREGATIONS
    return not is_ranking and (labels is None or bool(labels & OF_NODES))
