"""Rules that keep the series which boards read: none of these is dropped, and most of the others are."""

import gzip
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dashboards_py import promql
from dashboards_py.board import Board, read
from dashboards_py.catalog import NEWEST, RELEASES, Release, components
from dashboards_py.catalog.upstream import series_read_by_upstream
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster
from dashboards_py.queries import board_queries, resolve
from dashboards_py.values.keep import MARK, keep_values, literal_names, matches, renaming_rules, starved
from dashboards_py.values.keep_check import check_rules
from dashboards_py.values.keep_labels import unjudged
from dashboards_py.values.keep_savings import savings
from dashboards_py.values.keys import merge_values, nested
from dashboards_py.values.series_read import series_read
from tests.components import require

RECORDED = Path(__file__).parents[1] / "recorded"
AGENT = "prometheus.serviceMonitor.metricRelabelings"


def boards(release: Release) -> list[Board]:
    """Ours."""
    return [read(board.json) for board in compile_boards(release)]


def board(*exprs: str) -> Board:
    """A board with a panel for each query."""
    panels = [
        {"id": number, "title": f"P{number}", "type": "stat", "targets": [{"refId": "A", "expr": expr}]}
        for number, expr in enumerate(exprs)
    ]
    return read({"uid": "mine", "title": "Mine", "panels": panels})


def by_name(action: str, pattern: str, **more: str) -> dict[str, Any]:
    """A rule that judges names."""
    return {"sourceLabels": ["__name__"], "action": action, "regex": pattern, **more}


def patterns(*exprs: str, release: Release = NEWEST) -> dict[str, str]:
    """What is kept of each component for some queries, without what doctor asks for."""
    kept = series_read([board(*exprs)], release)
    return {
        name: "|".join(series for series, panels in own.items() if panels != ("doctor",))
        for name, own in kept.names.items()
        if any(panels != ("doctor",) for panels in own.values())
    }


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_every_series_of_a_panel_is_kept(release: Release) -> None:
    """Of all series of a cluster: those that a selector of our boards matches are kept."""
    kept = series_read(boards(release), release)
    read_by_name: dict[str, list[promql.Selector]] = {}
    for own in boards(release):
        for query in board_queries(own):
            for selector in promql.selectors(query.expr):
                read_by_name.setdefault(selector.metric, []).append(selector)
    lost, dropped = set(), set()
    for series in generate(CiliumCluster(release=release, nodes=1), end=0):
        component, labels = series.target.component, dict(series.labels)
        if (
            component not in kept.names
            or series.name == "up"
            or matches(kept.pattern(components()[component]), series.name)
        ):
            continue
        dropped.add((component, series.name))
        for selector in read_by_name.get(series.name, ()):
            if all(matcher.accepts(labels.get(matcher.label, "")) is not False for matcher in selector.matchers):
                lost.add((component, series.name, str(selector.matchers)))
    assert not lost
    assert dropped


def test_most_series_of_a_node_are_dropped() -> None:
    """Three of five at least, with all that a real agent and a real Envoy expose, and upstream's boards kept."""
    kept = series_read(boards(NEWEST), NEWEST, upstream=True)
    total, left = Counter[str](), Counter[str]()
    for component, file in (("cilium-agent", "cilium-agent"), ("cilium-envoy", "cilium-envoy"), ("hubble", "hubble")):
        pattern = kept.pattern(components()[component])
        for line in gzip.decompress((RECORDED / f"{file}.txt.gz").read_bytes()).decode().splitlines():
            if line and not line.startswith("#"):
                total[component] += 1
                left[component] += matches(pattern, line.partition("{")[0].partition(" ")[0])
    assert left.total() <= 0.4 * total.total(), (total, left)
    assert all(left.values())


def test_the_parts_of_a_histogram_that_are_read() -> None:
    """Those that a query names, and the bare name, which it has if it is stored natively."""
    expr = "rate(cilium_policy_implementation_delay_bucket[5m])"
    assert patterns(expr) == {
        "cilium-agent": "cilium_policy_implementation_delay|cilium_policy_implementation_delay_bucket"
    }


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ('process_open_fds{pod=~"hubble-relay.*"}', {"hubble-relay": "process_open_fds"}),
        ("envoy_listener_extra_total", {"cilium-envoy": "envoy_listener_extra_total"}),
        ("cilium_nosuch_total", dict.fromkeys(("cilium-agent", "cilium-operator"), "cilium_nosuch_total")),
        ("node_load1", {}),
        ("ALERTS", {}),
        ("cilium_clustermesh_global_services", {}),  # gone in 1.20
        ('{__name__="hubble_drop_total"}', {"hubble": "hubble_drop_total"}),
    ],
)
def test_where_a_series_is_kept(expr: str, expected: dict[str, str]) -> None:
    """On the components that expose it; names that the catalogue lacks where their prefix is at home."""
    assert patterns(expr) == expected


def test_names_by_pattern_are_kept_everywhere() -> None:
    """`{__name__=~"..."}`: any component may have them."""
    kept = series_read([board('count({__name__=~"cilium_bpf.*|hubble_x"})')], NEWEST)
    assert not kept.unknown
    assert matches(kept.pattern(components()["hubble-relay"]), "cilium_bpf_map_pressure")
    assert not matches(kept.pattern(components()["hubble-relay"]), "cilium_drop_count_total")


@pytest.mark.parametrize("expr", ["$metric", "rate(${m}_total[5m])", '{job="hubble"}', '{__name__!="up"}', "sum("])
def test_names_that_nobody_knows_are_reported(expr: str) -> None:
    """A variable, other labels only, or no PromQL."""
    [(where, why)] = series_read([board(expr)], NEWEST).unknown
    assert where == "mine / P0"
    assert why


def test_rules_of_the_user_stay_and_ours_are_replaced() -> None:
    """Helm replaces lists: theirs come first, once; a second run gives the same."""
    kept = series_read([board("cilium_version")], NEWEST)
    own = [{"action": "labeldrop", "regex": "x"}, by_name("keep", "old", replacement=MARK), "odd"]
    values = keep_values(kept, nested(AGENT, own))
    rules = values["prometheus"]["serviceMonitor"]["metricRelabelings"]
    assert rules[0] == own[0]
    assert [rule["regex"] for rule in rules[1:]] == [kept.pattern(components()["cilium-agent"])]
    assert keep_values(kept, merge_values(nested(AGENT, own), values)) == values


def test_rules_that_starve_panels() -> None:
    """By series, with the panels; a keep-list of other names and a drop; of histograms not the bare name."""
    kept = series_read(
        [board("cilium_version", "cilium_drop_count_total", "rate(cilium_policy_implementation_delay_sum[5m])")], NEWEST
    )
    keeps = by_name("keep", "cilium_version|cilium_policy_implementation_delay_sum")
    [lost] = starved(kept, nested(AGENT, [keeps]))
    assert (lost.rule, lost.series) == (f"{AGENT}[0]", {"cilium_drop_count_total": ("mine / P1",)})
    [lost] = starved(kept, nested(AGENT, [{"action": "labeldrop", "regex": "x"}, by_name("drop", "cilium_v.*")]))
    assert (lost.rule, [*lost.series]) == (f"{AGENT}[1]", ["cilium_version"])
    outdated = nested(AGENT, [by_name("keep", "cilium_drop_count_total", replacement=MARK)])
    assert not starved(kept, outdated)
    assert {problem.name for problem in check_rules(outdated, kept, NEWEST)} == {
        "cilium_version",
        "cilium_policy_implementation_delay_sum",
    }
    assert not starved(kept, nested(AGENT, [by_name("keep", "(")]))
    assert not starved(kept, nested(AGENT, "odd"))


DROPS, DENIED = "cilium_drop_count_total", 'cilium_drop_count_total{reason="Policy denied", node=~"$node"}'
DELAY = "cilium_policy_implementation_delay_bucket"


@pytest.mark.parametrize(
    ("action", "labels", "pattern", "query", "why"),
    [
        ("drop", ("__name__", "reason"), f"{DROPS};Policy denied", DENIED, "is dropped"),
        ("drop", ("__name__", "reason"), f"{DROPS};(TTL|Policy) .*", DENIED, "is dropped"),
        ("drop", ("__name__", "reason"), f"{DROPS};TTL exceeded", DENIED, ""),
        (
            "drop",
            ("__name__", "reason"),
            f"{DROPS};TTL exceeded",
            DROPS,
            "is dropped where reason matches TTL exceeded",
        ),
        ("drop", ("__name__", "reason"), f"{DROPS};.*", DROPS, "is dropped"),
        ("drop", ("__name__", "direction"), f"{DROPS};(IN|E)GRESS|SERVICE|UNKNOWN", DROPS, "is dropped"),
        ("drop", ("__name__", "direction"), "hubble_.*;.*", DROPS, ""),
        ("drop", ("__name__", "le"), f"{DELAY};0.5", DELAY, "is dropped where le matches 0.5"),
        ("drop", ("__name__", "le"), "cilium_.*;.+", "cilium_version", ""),
        ("drop", ("job", "__name__"), "cilium-agent;cilium_v.*", "cilium_version", "is dropped"),
        ("drop", ("job", "__name__"), "hubble;.*", "cilium_version", ""),
        ("drop", ("pod",), "cilium-x.*", "cilium_version", "is dropped where pod matches cilium-x.*"),
        ("keep", ("__name__", "reason"), f"{DROPS};Policy denied", DENIED, ""),
        ("keep", ("__name__", "reason"), f"{DROPS};Policy denied", "cilium_version", "is dropped"),
        ("keep", ("__name__", "le"), f"{DELAY};1|5", DELAY, "is dropped where le does not match 1|5"),
    ],
)
def test_rules_that_choose_by_labels(action: str, labels: tuple[str, ...], pattern: str, query: str, why: str) -> None:
    """What a query loses, by the values that its matchers, the catalogue and the scrape allow."""
    kept = series_read([board(query)], NEWEST)
    values = nested(AGENT, [{"sourceLabels": [*labels], "action": action, "regex": pattern}])
    problems = {(problem.why, problem.panels) for problem in check_rules(values, kept, NEWEST) if "P0" in str(problem)}
    assert problems == ({(why, ("mine / P0",))} if why else set())
    assert [*unjudged(values)] == []


@pytest.mark.parametrize("pattern", ["cilium_version", "a;b;c", f"({DROPS};TTL|x;y)", "(.*)"])
def test_rules_whose_labels_cannot_be_told_apart(pattern: str) -> None:
    """They are not judged, and have no other finding; a separator may be another one."""
    rule = {"sourceLabels": ["__name__", "reason"], "action": "drop", "regex": pattern}
    kept = series_read([board("cilium_version")], NEWEST)
    assert ([*unjudged(nested(AGENT, [rule]))], [*check_rules(nested(AGENT, [rule]), kept, NEWEST)]) == (
        [f"{AGENT}[0]"],
        [],
    )
    other = nested(AGENT, [{**rule, "separator": "@", "regex": "cilium_version@.*"}])
    assert [problem.why for problem in check_rules(other, kept, NEWEST)] == ["is dropped"]


def test_wrong_names_are_reported_one_by_one() -> None:
    """Ten: misspelt, of another component, gone, and the right ones not."""
    wrong = {
        "cilium_drop_count_totl": "exists in no release; did you mean cilium_drop_count_total",
        "cilium_endpoint_regenerations": "exists in no release",
        "cilium_datapath_nat_gc_entrys": "exists in no release",
        "hubble_flow_processed_total": "exists in no release; did you mean hubble_flows_processed_total",
        "cilium_polcy": "exists in no release",
        "hubble_drop_total": "is not exposed by cilium-agent, but by hubble",
        "cilium_operator_ipam_nodes": "is not exposed by cilium-agent, but by cilium-operator",
        "hubble_relay_pool_peer_connection_status": "is not exposed by cilium-agent, but by hubble-relay",
        "cilium_clustermesh_global_services": "",
        "cilium_endpoint_max_ifindex": "",
    }
    right = ["cilium_version", "cilium_drop_count_total", "go_goroutines", "envoy_anything", "my_own:recorded"]
    kept = series_read([board("cilium_version")], NEWEST)
    values = nested(AGENT, [by_name("keep", f"({'|'.join([*wrong, *right])})")])
    problems = {problem.name: problem.why for problem in check_rules(values, kept, NEWEST)}
    assert {name: why for name, why in problems.items() if name in right} == {}
    for name, why in wrong.items():
        assert problems[name].startswith(why)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("a|b_c", ("a", "b_c")),
        ("(a|b)", ("a", "b")),
        ("^(?:a|b)$", ("a", "b")),
        ("((a|b))", ("a", "b")),
        ("a_.*|b", ("b",)),
        ("a(b|c)", ()),
        ("", ()),
    ],
)
def test_names_in_a_pattern(pattern: str, names: tuple[str, ...]) -> None:
    """Alternatives that are literal names."""
    assert literal_names(pattern) == names


def test_rules_that_rename_series() -> None:
    """What follows them sees other names."""
    renames = {"sourceLabels": ["__name__"], "targetLabel": "__name__", "replacement": "x_$1"}
    assert [*renaming_rules(nested(AGENT, [renames, by_name("keep", "a")]))] == [f"{AGENT}[0]"]


def test_what_is_saved_is_counted_in_prometheus() -> None:
    """By component and name, from one answer."""
    queries = []

    def ask(path: str, params: Any) -> Any:
        queries.append((path, params["query"]))
        names = {"cilium_version": 3, "go_threads": 7}
        return {
            "resultType": "vector",
            "result": [
                {"metric": {"__name__": name, "job": "cilium-agent"}, "value": [0, str(count)]}
                for name, count in names.items()
            ],
        }

    [row] = savings(ask, series_read([board("cilium_version")], NEWEST))
    assert (row.component, row.series, row.remaining, row.dropped) == ("cilium-agent", 10, 3, {"go_threads": 7})
    assert [path for path, _ in queries] == ["query"]


def test_the_series_of_upstream_are_those_that_its_boards_read() -> None:
    """With the boards of its charts: no more and no less."""
    require("upstream-boards")
    directory = Path(os.environ["UPSTREAM_BOARDS"])
    names = {
        resolved.name
        for file in directory.rglob("*.json")
        for query in board_queries(read(file.read_text()))
        for resolved in resolve(query.expr, NEWEST)
        if resolved.name.startswith(("cilium_", "hubble_"))
    }
    assert sorted(names) == [*series_read_by_upstream()]
