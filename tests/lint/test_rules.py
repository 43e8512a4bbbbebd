"""Each rule on queries where it must speak and on queries where it must stay quiet."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.board import Board, read
from dashboards_py.catalog import RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.lint import explained, lint, names
from tests.conftest import required_path

R116, R117, R120 = RELEASES[0], RELEASES[1], RELEASES[-1]

# rule: (query, legend, release, what is said, or "" where it must be quiet)
CASES: dict[str, list[tuple[str, str, Release, str]]] = {
    "query-does-not-parse": [
        ("sum(", "", R120, "does not parse"),
        ("sum(rate(x[$__rate_interval])) by (le", "", R120, "does not parse"),
        ('topk($n, cilium_version{a=~"$b"})', "", R120, ""),
        ("rate(cilium_drop_count_total[${w:raw}])", "", R120, ""),
    ],
    "metric-is-not-there": [
        ("cilium_services_events_total", "", R120, "no code writes it"),
        ("sum(rate(cilium_triggers_policy_update_total[5m]))", "", R117, "Removed in 1.17"),
        ("sum(rate(cilium_triggers_policy_update_total[5m]))", "", R116, ""),
        ("cilium_operator_unmanaged_pods", "", R116, "has it since 1.17"),
        ("cilium_drop_cuont_total", "", R120, "Did you mean cilium_drop_count_total"),
        ("cilium_version / cilium_services_events_total", "", R120, "no code writes it"),
        ("cilium_services_events_total or cilium_version", "", R120, ""),
        ("cilium_version unless cilium_services_events_total", "", R120, ""),
        ("rate(hubble_flows_processed_total[5m])", "", R120, ""),
        ("container_cpu_usage_seconds_total", "", R120, ""),
        ("envoy_some_extension_total", "", R120, ""),
        ("kvstore_operations_total", "", R120, "No component of Cilium"),
        ("kubernetes_events_total", "", R120, ""),
        ("$metric", "", R120, ""),
    ],
    "label-is-not-there": [
        ('cilium_drop_count_total{verdict="x"}', "", R120, "has no label verdict"),
        ('cilium_drop_count_total{verdict=~"x.+"}', "", R120, "has no label verdict"),
        ('cilium_operator_process_start_time_seconds{k8s_app="cilium"}', "", R120, "has no label k8s_app"),
        ('cilium_version{k8s_app="cilium"}', "", R120, ""),
        ('cilium_drop_count_total{verdict!="x"}', "", R120, ""),
        ('cilium_drop_count_total{verdict=~".*"}', "", R120, ""),
        ('cilium_drop_count_total{verdict=~"$v"}', "", R120, ""),
        ('hubble_drop_total{source_namespace="shop"}', "", R120, ""),
        ('cilium_version{cluster="a", pod="b"}', "", R120, ""),
        ('cilium_policy_implementation_delay_bucket{le="1"}', "", R120, ""),
        ('cilium_drop_count_total{le="1"}', "", R120, "has no label le"),
    ],
    "value-is-never-taken": [
        ('cilium_drop_count_total{direction="egress"}', "", R120, "INGRESS, EGRESS"),
        ('cilium_drop_count_total{direction=~"in.*|eg.*"}', "", R120, "matches none of"),
        ('cilium_drop_count_total{direction=~"(?i)egress"}', "", R120, ""),
        ('cilium_drop_count_total{direction="EGRESS"}', "", R120, ""),
        ('cilium_drop_count_total{reason="anything"}', "", R120, ""),
        ('cilium_kubernetes_events_total{scope="Pod"}', "", R120, "matches none of CiliumNetworkPolicy"),
        ('cilium_kubernetes_events_total{scope=~"Pod|Service"}', "", R120, "matches none of"),
        ('cilium_kubernetes_events_total{scope=~"Pod|Node"}', "", R120, ""),
        ('cilium_kubernetes_events_total{scope="Pod"}', "", R117, ""),
        ('cilium_kubernetes_events_total{scope="CiliumBGPPeerConfig"}', "", R120, ""),
        ('hubble_icmp_total{family="IPv6"}', "", R117, "matches none of IPv4"),
        ('cilium_kubernetes_events_total{scope="Pod"}', "", R120, "matches none of CiliumNetworkPolicy"),
        ('cilium_kubernetes_events_total{scope=~"Pod|Service"}', "", R120, "matches none of"),
        ('cilium_kubernetes_events_total{scope=~"Pod|Node"}', "", R120, ""),
        ('cilium_kubernetes_events_total{scope="Pod"}', "", R117, ""),
        ('cilium_kubernetes_events_total{scope="CiliumBGPPeerConfig"}', "", R120, ""),
        ('hubble_icmp_total{family="IPv6"}', "", R120, ""),
        ('hubble_drop_total{traffic_direction="EGRESS"}', "", R120, "egress, ingress"),
        ('cilium_errors_warnings_total{level="error"}', "", R120, "matches none of"),
        ('cilium_errors_warnings_total{level="error"}', "", R117, ""),
    ],
    "rate-of-a-gauge": [
        ("rate(cilium_bpf_map_pressure[5m])", "", R120, "rate over cilium_bpf_map_pressure"),
        ("sum(increase(cilium_endpoint_state[5m]))", "", R120, "increase over"),
        ("rate(cilium_drop_count_total[5m])", "", R120, ""),
        ("delta(cilium_bpf_map_pressure[5m])", "", R120, ""),
        ("rate(cilium_policy_implementation_delay_sum[5m])", "", R120, ""),
    ],
    "quantile-without-buckets": [
        ("histogram_quantile(0.9, rate(cilium_drop_count_total[5m]))", "", R120, "which is a counter"),
        ("histogram_quantile(0.9, sum(rate(cilium_policy_implementation_delay_bucket[5m])))", "", R120, "drops le"),
        (
            "histogram_quantile(0.9, sum without (le) (rate(cilium_policy_implementation_delay_bucket[5m])))",
            "",
            R120,
            "drops le",
        ),
        ("histogram_quantile(0.9, sum by (le) (rate(cilium_policy_implementation_delay_bucket[5m])))", "", R120, ""),
        (
            "histogram_quantile(0.9, sum without (a) (rate(hubble_http_request_duration_seconds_bucket[5m])))",
            "",
            R120,
            "",
        ),
        ("histogram_quantile(0.9, rate(apiserver_request_duration_seconds_bucket[5m]))", "", R120, ""),
    ],
    "legend-is-lost": [
        ("sum(cilium_version)", "{{node}}", R120, "keeps nothing"),
        ("sum by (a, b) (cilium_version)", "{{node}}", R120, "keeps a, b"),
        ("topk(3, sum by (a) (cilium_version)) * 60", "{{node}}", R120, "keeps a"),
        ("histogram_quantile(0.9, sum by (le, a) (x))", "{{le}}", R120, "keeps a"),
        ("sum by (node) (cilium_version)", "{{node}} {{ node }}", R120, ""),
        ("sum without (a) (cilium_version)", "{{node}}", R120, ""),
        ("cilium_version", "{{node}}", R120, ""),
        ('label_replace(sum by (a) (x), "node", "$1", "a", "(.*)")', "{{node}}", R120, ""),
        ("sum by (a) (x) * on (a) group_left(node) y", "{{node}}", R120, ""),
    ],
}

CASES |= {
    "counter-without-rate": [
        ("sum(cilium_drop_count_total)", "", R120, "is a counter on 1.20"),
        ("cilium_forward_bytes_total / 2", "", R120, "no rate is taken"),
        ("rate(cilium_drop_count_total[5m])", "", R120, ""),
        ("count(cilium_drop_count_total)", "", R120, ""),
        ("cilium_bpf_map_pressure", "", R120, ""),
    ],
    "fixed-window": [
        ("rate(cilium_drop_count_total[1m])", "", R120, "over 1m: use $__rate_interval"),
        ("sum(increase(x[90s]))", "", R120, "over 90s"),
        ("rate(cilium_drop_count_total[$__rate_interval])", "", R120, ""),
        ("increase(cilium_drop_count_total[$__range])", "", R120, ""),
        ("predict_linear(cilium_bpf_map_pressure[6h], 86400)", "", R120, ""),
    ],
    "short-window": [
        ("rate(cilium_drop_count_total[30s])", "", R120, "scraped every 30s, it holds one sample"),
        ("irate(cilium_drop_count_total[$__interval])", "", R120, "which may hold one sample"),
        ("delta(cilium_bpf_map_pressure[${__interval}])", "", R120, "use $__rate_interval"),
        ("rate(cilium_drop_count_total[1m])", "", R120, ""),
        ("rate(cilium_drop_count_total[1m30s])", "", R120, ""),
        ("rate(cilium_drop_count_total[$__rate_interval])", "", R120, ""),
        ("max_over_time(cilium_bpf_map_pressure[$__interval])", "", R120, ""),
    ],
    "variable-is-not-there": [
        ('cilium_version{a="$b"}', "", R120, "$b is not defined"),
        ('cilium_version{a="[[b]]"}', "", R120, "$b is not defined"),
        ("rate(cilium_drop_count_total[$__rate_interval])", "", R120, ""),
    ],
    "relies-on-k8s-app": [
        ('cilium_version{k8s_app="cilium"}', "", R120, 'wants k8s_app="cilium"'),
        ('cilium_operator_version{io_cilium_app="operator"}', "", R120, "wants io_cilium_app"),
        ('cilium_version{k8s_app=~".*"}', "", R120, ""),
    ],
}

DELAY = "cilium_policy_implementation_delay"


def shown(unit: str, expr: str, **changes: Any) -> dict[str, Any]:
    """A panel's unit and its query."""
    return {"fieldConfig": {"defaults": {"unit": unit}}, "targets": [{"expr": expr}], **changes}


SCOPED = {"templating": {"list": [{"name": "cluster", "type": "query"}, {"name": "node", "type": "query"}]}}
WRONG_UNIT: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (shown("ms", f"histogram_quantile(0.9, rate({DELAY}_bucket[5m]))"), {}, "the query gives seconds"),
    (shown("ms", f"1000 * histogram_quantile(0.9, rate({DELAY}_bucket[5m]))"), {}, ""),
    (shown("s", f"rate({DELAY}_sum[5m]) / rate({DELAY}_count[5m])"), {}, ""),
    (shown("ops", f"rate({DELAY}_sum[5m]) / rate({DELAY}_count[5m])"), {}, "the query gives seconds"),
    (shown("s", f"rate({DELAY}_count[5m])"), {}, "the query gives plain numbers a second"),
    (shown("percent", "max(cilium_bpf_map_pressure)"), {}, "the query gives plain numbers"),
    (shown("percentunit", "max(cilium_bpf_map_pressure)"), {}, ""),
    (shown("percent", "max(cilium_bpf_map_pressure) * 100"), {}, ""),
    (shown("percentunit", "cilium_operator_identity_gc_entries / 65280"), {}, ""),
    (shown("bytes", "sum(rate(cilium_forward_bytes_total[5m]))"), {}, "the query gives bytes a second"),
    (shown("Bps", "sum(rate(cilium_forward_bytes_total[5m]))"), {}, ""),
    (shown("bps", "sum(rate(cilium_forward_bytes_total[5m])) * 8"), {}, ""),
    (shown("opm", "sum(rate(cilium_drop_count_total[5m]))"), {}, "plain numbers a second"),
    (shown("opm", "sum(rate(cilium_drop_count_total[5m])) * 60"), {}, ""),
    (shown("ops", "sum(rate(cilium_drop_count_total[5m])) * 60"), {}, "60 x plain numbers a second"),
    (shown("pps", "sum(rate(cilium_drop_count_total[5m])) or vector(0)"), {}, ""),
    (shown("pps", "sum(increase(cilium_drop_count_total[5m]))"), {}, "the query gives plain numbers"),
    (shown("percentunit", "rate(process_cpu_seconds_total[5m])"), {}, ""),
    (shown("s", "time() - process_start_time_seconds"), {}, ""),
    (shown("s", "process_start_time_seconds"), {}, "the query gives Unix seconds"),
    (shown("s", "container_memory_working_set_bytes"), {}, "the query gives bytes"),
    (shown("s", "rate(container_cpu_usage_seconds_total[5m])"), {}, "seconds a second"),
    (shown("bytes", "some_unknown_thing"), {}, ""),
    (shown("ms", "count(cilium_version)"), {}, "plain numbers"),
    (shown("lengthft", "count(cilium_version)"), {}, ""),
    (shown("ms", "count(cilium_version)", transformations=[{"id": "calculateField"}]), {}, ""),
    (shown("ms", "count(cilium_version)", seriesOverrides=[{"alias": "a", "yaxis": 2}]), {}, ""),
    (
        {
            "fieldConfig": {"defaults": {"unit": "ms"}, "overrides": [{"properties": [{"id": "unit", "value": "s"}]}]},
            "targets": [{"expr": "count(cilium_version)"}],
        },
        {},
        "",
    ),
]

# rule: (changes to the panel, changes to the board, what is said)
BOARDS: dict[str, list[tuple[dict[str, Any], dict[str, Any], str]]] = {
    "data-source-is-fixed": [
        ({"datasource": {"uid": "P1809F7CD0C75ACF3"}}, {}, "P1809F7CD0C75ACF3 is written out"),
        ({"datasource": "Prometheus"}, {}, "Prometheus is written out"),
        ({"datasource": {"uid": "${ds}"}}, {}, ""),
        ({"datasource": "-- Mixed --"}, {}, ""),
    ],
    "inputs-in-file": [
        ({}, {"__inputs": [{"name": "DS"}]}, "needs DS from an import dialog"),
        ({}, {}, ""),
    ],
    "no-description": [({}, {}, "has no description"), ({"description": "Look."}, {}, "")],
    "no-unit": [
        ({}, {}, "has no unit"),
        ({"fieldConfig": {"defaults": {"unit": "s"}}}, {}, ""),
        ({"type": "heatmap"}, {}, ""),
    ],
    "panel-type-is-gone": [({"type": "graph"}, {}, "timeseries has taken its place"), ({}, {}, "")],
    "query-twice": [
        ({"targets": [{"expr": "up"}, {"expr": " up "}]}, {}, "asked 2 times: up"),
        ({"targets": [{"expr": "up"}, {"expr": "up", "hide": True}]}, {}, ""),
        ({"targets": [{"expr": "up"}, {"expr": "up", "instant": True}]}, {}, ""),
    ],
    "board-is-too-large": [({"description": "x" * 60_000}, {}, "60 kB with 1 panels, over 60 kB"), ({}, {}, "")],
    "scope-is-missing": [
        ({"targets": [{"expr": "cilium_drop_count_total"}]}, SCOPED, 'has no cluster=~"$cluster"'),
        ({"targets": [{"expr": 'cilium_drop_count_total{cluster="a"}'}]}, SCOPED, 'has no node=~"$node"'),
        ({"targets": [{"expr": 'cilium_drop_count_total{cluster=~"$cluster", node=~"$node"}'}]}, SCOPED, ""),
        ({"targets": [{"expr": 'cilium_operator_version{cluster=~"$cluster"}'}]}, SCOPED, ""),
        ({"targets": [{"expr": "container_cpu_usage_seconds_total"}]}, SCOPED, ""),
        ({"targets": [{"expr": "cilium_drop_count_total"}]}, {}, ""),
    ],
    "wrong-unit": WRONG_UNIT,
    "title-twice": [
        ({}, {"more": [{"title": "P", "type": "stat", "targets": [{"expr": "up"}]}]}, "2 panels have this title"),
        ({}, {"more": [{"title": "P", "type": "text"}]}, ""),
    ],
    "variable-is-not-used": [
        (
            {},
            {"templating": {"list": [{"name": "a", "type": "custom", "query": "x"}]}},
            "$a is defined and used nowhere",
        ),
        ({"title": "P $a"}, {"templating": {"list": [{"name": "a", "type": "custom", "query": "x"}]}}, ""),
        ({"repeat": "a"}, {"templating": {"list": [{"name": "a", "type": "custom", "query": "x"}]}}, ""),
        ({"title": "P $ab"}, {"templating": {"list": [{"name": "a", "type": "custom"}]}}, "used nowhere"),
    ],
}


def board(expr: str, legend: str = "") -> Board:
    """A board with one panel that asks one query."""
    panel = {"id": 1, "title": "P", "type": "timeseries", "targets": [{"expr": expr, "legendFormat": legend}]}
    return read({"uid": "b", "title": "B", "schemaVersion": 41, "panels": [panel]})


def test_every_rule_has_cases_and_a_manual_page() -> None:
    """No rule without a table of both kinds, and its page begins with its name."""
    assert names() == tuple(sorted({**CASES, **BOARDS}))
    for rule, cases in {**CASES, **BOARDS}.items():
        assert {bool(said) for *_, said in cases} == {True, False}
        assert explained(rule).startswith(f"{rule}: ")
    with pytest.raises(
        DashboardsError, match="there is none of this name\n  known: board-is-too-large, counter-without"
    ):
        explained("nonsense")


@pytest.mark.parametrize(
    ("rule", "expr", "legend", "release", "said"),
    [(rule, *case) for rule, cases in CASES.items() for case in cases],
)
def test_speaks_and_stays_quiet(rule: str, expr: str, legend: str, release: Release, said: str) -> None:
    """The rule says what is expected, or nothing."""
    found = [each.what for each in lint(board(expr, legend), release)[0] if each.rule == rule]
    assert bool(found) == bool(said), found
    assert not said or re.search(re.escape(said), found[0])


@pytest.mark.parametrize(
    ("rule", "panel", "changes", "said"), [(rule, *case) for rule, cases in BOARDS.items() for case in cases]
)
def test_boards_and_panels(rule: str, panel: dict[str, Any], changes: dict[str, Any], said: str) -> None:
    """The same for what is wrong with a panel or the board itself."""
    plain = {"id": 1, "title": "P", "type": "timeseries", "targets": [{"expr": "up"}], **panel}
    panels = [plain, *changes.pop("more", [])]
    found = lint(read({"uid": "b", "title": "B", "schemaVersion": 41, "panels": panels, **changes}), R120)[0]
    whats = [each.what for each in found if each.rule == rule]
    assert bool(whats) == bool(said), whats
    assert not said or said in whats[0]


def test_rules_of_taste_are_for_ours() -> None:
    """On other people's boards they are off."""
    found = {each.rule for each in lint(board("up"), R120, ours=False)[0]}
    assert not {"no-unit", "no-description"} & found
    assert {"no-unit", "no-description"} <= {each.rule for each in lint(board("up"), R120)[0]}


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_our_boards_are_clean(release: Release) -> None:
    """On every release, with the excuses counted: there may be few."""
    excused = []
    for compiled in compile_boards(release):
        found, allowed = lint(
            read(compiled.json), release, {panel: each.get("excuse", {}) for panel, each in compiled.beside.items()}
        )
        assert found == [], compiled.uid
        excused += allowed
    assert len(excused) <= 5


def test_an_excuse_is_counted() -> None:
    """What stands beside a panel takes the finding away and is given with its reason."""
    given = board("rate(cilium_bpf_map_pressure[$__rate_interval])")
    found, excused = lint(given, R120, {1: {"rate-of-a-gauge": "it only grows"}}, ours=False)
    assert found == []
    assert [(each.finding.rule, each.why) for each in excused] == [("rate-of-a-gauge", "it only grows")]


# What is found on Cilium's own boards, each looked at and right: title of the panel and rule.
UPSTREAM_1_20 = {
    ("Service Updates", "metric-is-not-there"),
    ("Policy Denies: L7", "legend-is-lost"),
    ("Policies Per Node", "value-is-never-taken"),
    ("Node Events", "legend-is-lost"),
    ("Pod Events", "value-is-never-taken"),  # no longer written from 1.18, or 1.19
    ("Namespace Events", "value-is-never-taken"),
    ("Service Events", "value-is-never-taken"),
    ("Endpoints Events", "value-is-never-taken"),
    ("# operations (sum all nodes)", "metric-is-not-there"),  # kvstore_operations_total, without cilium_
    ("# operations (max node)", "metric-is-not-there"),
    ("IP Addresses", "metric-is-not-there"),
    ("# interfaces with addresses available", "metric-is-not-there"),
    ("Incoming Request Success Rate (non-5xx responses)", "legend-is-lost"),
    ("Incoming Requests by Source and Response Code", "legend-is-lost"),
    ("Incoming Request Success Rate (non-5xx responses) By Source", "legend-is-lost"),
    ("CPU Usage by Source", "legend-is-lost"),
    ("Incoming Requests by Destination and Response Code", "legend-is-lost"),
    ("Incoming Request Success Rate (non-5xx responses) By Destination", "legend-is-lost"),
    ("CPU Usage by Destination", "legend-is-lost"),
    ("Top 10 destinations", "legend-is-lost"),
    ("Datapath Conntrack Dump Resets", "counter-without-rate"),
    ("Policies Per Node", "counter-without-rate"),
    ("Node Events", "title-twice"),
    ("Endpoint regenerations", "short-window"),
    ("Endpoint regenerations", "wrong-unit"),  # by the second, shown as by the minute
    ("Controllers", "wrong-unit"),  # the same, and a count of controllers beside it
    ("EC2 client side rate limiting", "wrong-unit"),  # a mean duration, shown as requests a second
    ("Top 10 DNS queries", "wrong-unit"),  # by the minute, shown as by the second
    ("", "inputs-in-file"),
}
UPSTREAM_1_17 = UPSTREAM_1_20 - {
    ("Service Updates", "metric-is-not-there"),  # written until 1.17
    ("Policy Denies: L7", "legend-is-lost"),
    ("Policies Per Node", "value-is-never-taken"),
    ("IP Addresses", "metric-is-not-there"),  # removed in 1.20
    ("Pod Events", "value-is-never-taken"),
    ("Namespace Events", "value-is-never-taken"),
    ("Service Events", "value-is-never-taken"),
    ("Endpoints Events", "value-is-never-taken"),
} | {
    ("Proxy response time (Avg)", "counter-without-rate"),
    ("Policy Trigger Duration", "metric-is-not-there"),
    ("Policy Trigger Runs", "metric-is-not-there"),
    ("Controllers", "title-twice"),
    ("ICMPv6", "value-is-never-taken"),  # 1.17 counts ICMPv6 with family="IPv4"
    ("Missing ICMPv6 Echo-Reply", "value-is-never-taken"),
}
UPSTREAM = {
    "cilium-1.17.18": (R117, UPSTREAM_1_17, {"fixed-window": 109, "relies-on-k8s-app": 86, "panel-type-is-gone": 42}),
    "cilium-1.20.0": (R120, UPSTREAM_1_20, {"fixed-window": 103, "relies-on-k8s-app": 78, "panel-type-is-gone": 42}),
}


@pytest.mark.parametrize("chart", UPSTREAM)
def test_what_is_found_on_cilium_s_own_boards(chart: str) -> None:
    """Exactly the list above, and as many of those rules that find the same on many panels."""
    release, listed, counted = UPSTREAM[chart]
    directory = Path(required_path("UPSTREAM_BOARDS", "Cilium's own boards as JSON")) / chart
    found = [
        each
        for path in sorted(directory.glob("*.json"))
        for each in lint(read(path.read_bytes(), path.name), release, ours=False)[0]
    ]
    assert {(each.panel, each.rule) for each in found if each.rule not in counted} == listed
    assert {rule: sum(each.rule == rule for each in found) for rule in counted} == counted


def test_a_board_of_anyone_is_read_as_json() -> None:
    """An export with inputs and old panels is looked at as ours are."""
    old = {"title": "Old", "rows": [{"panels": [{"title": "P", "type": "graph", "targets": [{"expr": "sum("}]}]}]}
    found = lint(read(json.dumps(old)), R120, ours=False)[0]
    assert [(each.board, each.panel, each.rule) for each in found] == [
        ("Old", "P", "panel-type-is-gone"),
        ("Old", "P", "query-does-not-parse"),
    ]
