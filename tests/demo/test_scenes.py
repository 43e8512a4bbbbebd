"""The scenes: what their stories say is what a query finds, and the same bytes come every time."""

import math
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards_py import demo
from dashboards_py.catalog import NEWEST, entries, names
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.shapes import Gauge
from dashboards_py.demo.cluster.topology import CiliumCluster, targets
from dashboards_py.demo.engine import Engine
from dashboards_py.demo.engine.matching import Matcher
from dashboards_py.demo.scenes import _living
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.source import Source
from tests.demo.boards import BOARDS, opened

ROOT = Path(__file__).parents[2]
# What a person looks for in a scene: a query at its end, and the values by one label.
LOST = "count by (node) (cilium_version offset {}) unless count by (node) (cilium_version)"
CONNECTIVITY = "max by (status) (cilium_node_health_connectivity_status{type='node'})"
FULL = "count by (node) (rate(cilium_drop_count_total{reason='CT: Map insertion failed'}[5m]) > 1)"
NO_ROOM = "count by (protocol) (rate(hubble_drop_total{reason='CT_MAP_INSERTION_FAILED'}[5m]) > 1)"
DENIED = "sum by (source_app, match) (rate(hubble_policy_verdicts_total{action='dropped'}[5m])) > 1"
ANSWERED = "sum by (source_app) (rate(hubble_dns_responses_total{destination_app='frontend'}[5m]))"
TO_PROXY = "sum(rate(envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix='proxy'}[5m]))"
CALLED = "sum(rate(hubble_flows_processed_total{source_app='frontend', destination_app='checkout'}[5m]))"
REFUSED = "count by (rcode) (sum by (rcode) (rate(hubble_dns_queries_total{source_app='checkout'}[5m])) > 1)"
RESTARTED = "count(resets(sum by (node) (cilium_forward_count_total)[1h:30s]) == 1)"
TARGET = "target_cluster"
RECONNECTED = "count by (target_cluster) (increase(cilium_kvstoremesh_remote_cluster_failures[10m]) > 5)"
NACKS = "cilium_xds_events_count{status='nack', type_url=~'.*Listener'}"
# The proxies whose verdicts are not those of what they received.
UNDECIDED = (
    "abs(sum by (proxy_type) (rate(cilium_policy_l7_total{rule='received'}[20m]))"
    " / sum by (proxy_type) (rate(cilium_policy_l7_total{rule!='received'}[20m])) - 1) > 0.02"
)
FAILING_OPERATORS = (
    "count(sum by (pod) (rate(cilium_operator_controllers_group_runs_total{status='failure'}[5m])) > 0.1)"
)
CHANGES = "sum by (outcome) (increase(cilium_policy_change_total[1h])) > bool 0"
WRITES = "rate(cilium_operator_k8s_client_api_calls_total"
PRESSURE = "max(cilium_bpf_map_pressure{map_name='ct4_global'})"
ENTRIES = "max(cilium_datapath_conntrack_gc_entries{status='alive', protocol='TCP'}) / 524288"
COLLECTOR = ("entries", "latency", "runs")
MESSAGES = "grpc_server_msg_sent_total{grpc_method='GetFlows', pod=~'hubble-relay.*'}"
ADDRESSES = "sum by (node, family) (cilium_ip_addresses) / sum by (node, family) (cilium_ipam_capacity)"
EACH_NODE = {f"node-{number}": 1.0 for number in range(1, 7)}
ONE_OF_EACH_METHOD = dict.fromkeys(("PUT", "POST", "PATCH", "DELETE"), 1.0)
FINDINGS: dict[str, list[tuple[str, str, dict[str, float]]]] = {
    "healthy": [
        ("sum(increase(cilium_bpf_ratelimit_dropped_total[1h]))", "", {"": 0.0}),
        (CHANGES, "outcome", {"success": 1.0, "fail": 0.0}),
        ("count(up == 0)", "", {}),
        ("count(cilium_version)", "", {"": 6.0}),
        ("sum(cilium_unreachable_nodes)", "", {"": 0.0}),
        ("count(time() - cilium_process_start_time_seconds < 86400)", "", {}),
        (UNDECIDED, "proxy_type", {}),
        ("max(cilium_operator_ipam_interface_candidates) + max(cilium_operator_ipam_resync_total)", "", {"": 0.0}),
        ("max(delta(cilium_operator_identity_gc_runs{outcome='success'}[1h])) > bool 3", "", {"": 1.0}),
        (f"round({PRESSURE} - {ENTRIES}, 0.001)", "", {"": 0.0}),
        ("sum(cilium_endpoint_state) - sum(cilium_policy_endpoint_enforcement_status)", "", {"": 0.0}),
    ],
    "node-down": [
        ("count by (node) (up == 0)", "node", {"node-4": 3.0}),
        (LOST.format("30m"), "node", {"node-4": 1.0}),
        ("max(cilium_unreachable_nodes)", "", {"": 1.0}),
        (CONNECTIVITY, "status", {"reachable": 21.0, "unreachable": 1.0, "unknown": 0.0}),
        ("sum(cilium_endpoint_state) - sum(cilium_policy_endpoint_enforcement_status)", "", {"": 0.0}),
    ],
    "node-gone": [
        ("count(up == 0)", "", {}),
        (LOST.format("45m"), "node", {"node-4": 1.0}),
        ("max(cilium_nodes_all_num)", "", {"": 21.0}),
        ("count(max_over_time(cilium_unreachable_nodes[1h]) == 1)", "", {"": 5.0}),
    ],
    "map-full": [
        ("cilium_bpf_map_pressure == 1", "node", {"node-2": 1.0}),
        (FULL, "node", {"node-2": 2.0}),
        (NO_ROOM, "protocol", {"TCP": 5.0, "UDP": 1.0}),
        (f"round({PRESSURE} - {ENTRIES}, 0.001)", "", {"": 0.0}),
        (
            "count by (signal) (increase(cilium_datapath_signals_handled_total[15m]) > 10)",
            "signal",
            {"ct_fill_up": 1.0},
        ),
        (
            "round(sum(rate(hubble_drop_total[5m])) / sum(rate(hubble_flows_processed_total{type='Drop'}[5m])), 0.2)",
            "",
            {"": 1.0},
        ),
    ],
    "addresses-used-up": [
        (f"count by (node) ({ADDRESSES} == 1)", "node", {"node-5": 1.0}),
        (f"count({ADDRESSES} < 0.5)", "", {"": 11.0}),
        ("count by (node) (changes(cilium_ipam_events_total{family='ipv4'}[10m]) == 0)", "node", {"node-5": 2.0}),
    ],
    "relays-half": [
        ("count by (pod) (up{pod=~'hubble-relay.*'} == 0)", "pod", {"hubble-relay-6b9d4-relay2": 1.0}),
        ("count(count by (pod) (hubble_relay_pool_peer_connection_status))", "", {"": 1.0}),
        (
            f"rate({MESSAGES}[5m]) / rate({MESSAGES}[5m] offset 30m) > bool 1.5",
            "pod",
            {"hubble-relay-6b9d4-relay1": 1.0},
        ),
        ("count(count by (pod) (hubble_relay_pool_peer_connection_status offset 30m))", "", {"": 2.0}),
    ],
    "mesh-stale": [
        ("cilium_kvstoremesh_remote_cluster_readiness_status", TARGET, {"east": 1.0, "west": 0.0}),
        ("count(cilium_clustermesh_remote_cluster_readiness_status == 0)", "", {}),
        (RECONNECTED, TARGET, {"west": 1.0}),
        ("count(changes(cilium_clustermesh_remote_cluster_services{target_cluster='west'}[15m]) > 0)", "", {}),
    ],
    "dns-drop": [
        (f"count by (source_app) ({DENIED})", "source_app", {"frontend": 1.0, "checkout": 1.0}),
        (ANSWERED, "source_app", {"coredns": 0.0}),
        (REFUSED, "rcode", {"Policy denied": 1.0}),
        (UNDECIDED, "proxy_type", {}),
        (f"{TO_PROXY} / ({TO_PROXY.replace('[5m]', '[5m] offset 40m')}) < bool 0.7", "", {"": 1.0}),
        (f"{CALLED} / ({CALLED.replace('[5m]', '[5m] offset 40m')}) < bool 0.2", "", {"": 1.0}),
    ],
    "empty": [("count({__name__=~'.+'})", "", {})],
    "operator-only": [
        ("count(cilium_operator_process_start_time_seconds)", "", {"": 2.0}),
        ("count(up) - count(up{pod=~'cilium-operator.*'})", "", {"": 0.0}),
        ("count({__name__=~'cilium_version|hubble_.*|envoy_server_live'})", "", {}),
    ],
    "hubble-off": [
        ("count({__name__=~'hubble_.*'})", "", {}),
        ("count(cilium_version)", "", {"": 6.0}),
        ("count(envoy_server_live)", "", {"": 6.0}),
    ],
    "identity-storm": [
        ("floor(max(cilium_operator_identity_gc_entries{status='alive'}) / 100) * 100", "", {"": 60200.0}),
        ("count(cilium_bpf_map_pressure{map_name=~'.*policy.*'} > 0.9)", "", {"": 6.0}),
        ("max(cilium_operator_identity_gc_latency) > bool 4", "", {"": 1.0}),
    ],
    "envoy-refuses": [
        ("count by (node) (increase(envoy_listener_manager_lds_update_rejected[15m]) > 1)", "node", EACH_NODE),
        ("count(rate(envoy_cluster_manager_cds_update_rejected[15m]) > 0)", "", {}),
        ("max(increase(envoy_listener_manager_lds_update_success[20m]))", "", {"": 0.0}),
        (f"count({NACKS}) - count({NACKS} offset 50m)", "", {"": 0.0}),
        (f"count(increase({NACKS}[15m]) > 1)", "", {"": 6.0}),
    ],
    "operator-cannot-write": [
        (f"count by (method) ({WRITES}{{return_code='403'}}[5m]) > 0.1)", "method", ONE_OF_EACH_METHOD),
        (f"count by (method) ({WRITES}{{return_code=~'2..'}}[5m]) > 0.1)", "method", {"GET": 2.0}),
        (" + ".join(f"max(changes(cilium_operator_identity_gc_{of}[28m]))" for of in COLLECTOR), "", {"": 0.0}),
        (FAILING_OPERATORS, "", {"": 1.0}),
    ],
    "router-down": [
        ("count by (node) (cilium_bgp_control_plane_session_state == 0)", "node", EACH_NODE),
        ("count by (neighbor) (cilium_bgp_control_plane_advertised_routes)", "neighbor", {"10.0.0.1:179": 12.0}),
    ],
    "rolling-upgrade": [
        ("count by (version) (cilium_version)", "version", {f"{NEWEST}.3": 1.0, f"{NEWEST}.4": 5.0}),
        ("count(time() - cilium_process_start_time_seconds < 3600)", "", {"": 5.0}),
        (RESTARTED, "", {"": 5.0}),
        ("count by (pod) (go_goroutines{pod=~'hubble-relay.*'})", "pod", {"hubble-relay-7c8f5-relay1": 1.0}),
    ],
}


def values(source: Source, expr: str, label: str) -> dict[str, float]:
    """The values at the end of a scene by a label."""
    series = source.instant(expr, demo.END)
    return {one.labels.get(label, ""): float(str(value)) for one in series for _, value in one.samples}


@pytest.mark.parametrize("scene", demo.scene_names())
def test_the_story_is_found(scene: str) -> None:
    """Queries find what the scene's docstring tells."""
    source = demo.source(scene)
    assert FINDINGS[scene]
    for expr, label, expected in FINDINGS[scene]:
        assert values(source, expr, label) == expected, expr


def test_every_scene_has_findings() -> None:
    """A new scene says what a person finds in it."""
    assert FINDINGS.keys() == {*demo.scene_names()}


def test_counters_never_fall_but_in_restarts() -> None:
    """A counter of a healthy cluster only grows."""
    source = demo.source("healthy")
    for metric in ("cilium_forward_count_total", "hubble_http_requests_total", "hubble_dns_queries_total"):
        assert values(source, f"sum(resets({metric}[1h]))", "") == {"": 0.0}


@pytest.mark.parametrize("scene", demo.scene_names())
def test_no_series_twice(scene: str) -> None:
    """What a scene adds is nowhere already: a storage with two series of the same labels raises ValueError."""
    moved = "up|hubble_(dns|drop|flows|policy|tcp).*|cilium_(drop|endpoint_state|policy|version).*"
    assert values(demo.source(scene), f'count({{__name__=~"{moved}"}})', "") or scene == "empty"


def test_the_same_bytes_in_every_process() -> None:
    """Two processes with different hash seeds give the same samples to the last bit."""
    exprs = (
        "sum by (node) (rate(hubble_flows_processed_total[5m]))",
        "cilium_endpoint_state",
        "topk(3, cilium_identity)",
    )
    code = (
        "from dashboards_py import demo\n"
        "source = demo.source('rolling-upgrade')\n"
        f"print([source.range(expr, demo.END - 3600, demo.END, 60) for expr in {exprs}])\n"
    )
    outputs = set()
    for seed in ("1", "2"):
        command, env = [sys.executable, "-c", code], {"PYTHONHASHSEED": seed}
        outputs.add(subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout)
    assert len(outputs) == 1
    assert len(outputs.pop()) > 10_000


def test_every_query_is_supported() -> None:
    """The engine answers every query of every board."""
    source, count = demo.source("healthy"), 0
    for board in BOARDS:
        for _, one in opened(board, source):
            if one.is_instant:
                source.instant(one.expr, one.end)
            else:
                source.range(one.expr, one.begin, one.end, one.step / 1000)
            count += 1
    assert count > 20 * len(BOARDS)


def test_a_query_without_a_metric_finds_all() -> None:
    """Metrics are left out by their labels only where none of their series has the label."""
    source = demo.source("healthy")
    assert isinstance(source, Engine)
    begin, end = round(1000 * (demo.END - 60)), round(1000 * demo.END)
    of_names = Matcher("__name__", "=~", "hubble_.*|cilium_(b|d|e).*|up")
    everything = [dict(labels) for labels in source.storage.select((of_names,), begin, end).labels]
    for label in ("source_namespace", "node", "le", "map_name", "nothing"):
        expected = {labels["__name__"] for labels in everything if label in labels}
        chosen = source.storage.select((of_names, Matcher(label, "=~", ".+")), begin, end)
        assert {dict(labels)["__name__"] for labels in chosen.labels} == expected
        assert expected or label == "nothing"


def test_history_begins_with_the_processes() -> None:
    """Weeks ago there was nothing, a day ago the same cluster, and no counter is ever negative."""
    source = demo.source("healthy")
    assert source.range("up", demo.END - 40 * 86_400, demo.END - 30 * 86_400, 86_400) == ()
    series = source.range("cilium_forward_count_total", demo.END - 20 * 86_400, demo.END, 7200)
    assert len({one.labels["node"] for one in series}) == 6
    assert all(float(str(value)) >= 0 for one in series for _, value in one.samples)


def test_another_end_is_the_same_scene_at_another_time() -> None:
    """A scene that ends later has the same counts there."""
    later = demo.END + 86_400
    expr = "sum by (node) (cilium_forward_count_total)"
    moved = {one.labels["node"]: one.samples[0][1] for one in demo.source("healthy", end=later).instant(expr, later)}
    assert moved == values(demo.source("healthy"), expr, "node")


def test_an_unknown_scene() -> None:
    """The error lists the scenes."""
    with pytest.raises(DashboardsError, match=r"scene nonsense: there is no such scene\n  known: .*, healthy"):
        demo.source("nonsense")


def test_without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenes are listed without it; a source says what to install."""
    for name in [name for name in sys.modules if name.startswith("dashboards_py.demo.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert "healthy" in demo.scene_names()
    with pytest.raises(DashboardsError, match=r"demo: needs numpy, which is not installed\n  .* install .*\[preview\]"):
        demo.source("healthy")


def test_there_are_no_samples_before_the_last_week() -> None:
    """A range of a hundred years takes neither the time nor the memory for them."""
    source = demo.source("healthy")
    assert isinstance(source, Engine)
    selection = source.storage.select((Matcher("__name__", "=", "cilium_version"),), 0, 0)
    assert max(len(block.times) for block in selection.blocks) <= 7 * 24 * 120 + 1


@pytest.mark.fault("numbers of the demo are none of a real cluster: maps of 7 entries, an Envoy up for 20 ms")
@pytest.mark.parametrize(
    ("expr", "least", "most"),
    [
        ('min(cilium_bpf_map_capacity{map_group="ct"})', 524_288, 524_288),
        ('min(cilium_bpf_map_capacity{map_group="policy"})', 16_384, 16_384),
        ("min(envoy_server_uptime)", 86_400, 30 * 86_400),
        ('sum(rate(envoy_http_downstream_rq_xx{envoy_response_code_class="1"}[5m]))', 0, 0.01),
        (
            'sum(rate(envoy_http_downstream_rq_xx{envoy_response_code_class="2"}[5m]))'
            " / sum(rate(envoy_http_downstream_rq_xx[5m]))",
            0.9,
            1,
        ),
        ("max(cilium_datapath_conntrack_gc_interval_seconds)", 10, 43_200),
        ('sum(rate(hubble_port_distribution_total{protocol=~"ICMP.*", port!="0"}[5m])) or vector(0)', 0, 0),
        (
            "sum(rate(etcd_disk_wal_fsync_duration_seconds_sum[5m]))"
            " / sum(rate(etcd_disk_wal_fsync_duration_seconds_count[5m]))",
            0.0005,
            0.01,
        ),
        ("max(cilium_operator_doublewrite_crd_only_identities)", 0, 0),
    ],
)
def test_numbers_are_those_of_a_real_cluster(expr: str, least: float, most: float) -> None:
    """Sizes are Cilium's defaults (pkg/option/config.go), and nothing is frequent or fast that never is."""
    (value,) = values(demo.source("healthy"), expr, "").values()
    assert least <= value <= most


def test_labels_of_series_are_known() -> None:
    """Of each component: all but the target's labels, which `up` has, are those that the series' name has by itself."""
    of_target = {label for target in targets(_living.CLUSTER) for label, _ in target.labels}
    for name in _living.series_names()[::60]:
        for part in _living.parts_of_scenes(name, demo.END):
            assert set(part.labels) <= of_target | _living.own_labels(name)


def test_service_exports_are_in_order() -> None:
    """An export is valid, exported, and without conflicts: each condition has one status and a reason of its own."""
    source = demo.source("healthy")
    conditions = source.instant("cilium_operator_mcsapi_serviceexport_status_condition", demo.END)
    assert {(one.labels["condition"], one.labels["status"], one.labels["reason"]) for one in conditions} <= {
        ("Valid", "True", "Valid"),
        ("Ready", "True", "Exported"),
        ("Conflict", "False", "NoConflicts"),
    }


def test_gauges_have_values_that_they_can_have() -> None:
    """Of each component: a version is 0, `go_info` 1, and a limit above 0."""
    limits = {(one.name, one.component): one.value_range for name in names() for one in entries(name)}
    limited = frozenset(name for (name, _), limit in limits.items() if limit != (None, None))
    seen = set[str]()
    for series in generate(CiliumCluster(release=NEWEST), end=0.0, only=limited):
        low, high = limits.get((series.name, series.target.component), (None, None))
        if isinstance(series.shape, Gauge):
            assert (low or 0.0) <= series.shape.level <= (math.inf if high is None else high), series
            seen.add(series.name)
    assert {"cilium_version", "cilium_kvstoremesh_version", "go_info", "process_max_fds"} <= seen
