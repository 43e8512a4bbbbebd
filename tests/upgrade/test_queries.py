"""What an upgrade changes in a query: each kind of change, and no change."""

import pytest

from dashboards_py.catalog import Release
from dashboards_py.upgrade.change import Effect, Step
from dashboards_py.upgrade.queries import query_changes

R16, R17, R18, R19, R20 = (Release(1, minor) for minor in range(16, 21))
REGENERATIONS = "cilium_endpoint_regenerations_total"
IPS, STATUS = "cilium_operator_ipam_ips", "cilium_endpoint_component_status"  # removed in 1.20, and new

# query, before, after: the effect and a part of the reason and the fix; None for no change.
CASES = [
    ("cilium_version", R16, R20, None, ""),
    ("up", R16, R20, None, ""),
    ("sum(cilium_operator_ipam_ips)", R19, R20, Effect.EMPTY, "Removed in 1.20"),
    ("sum(cilium_operator_ipam_ips)", R19, R20, Effect.EMPTY, "cilium_operator_ipam_used_ips"),
    ("sum(cilium_operator_ipam_ips)", R18, R19, None, ""),
    ('sum({__name__=~"cilium_operator_ipam_(ips|x)"})', R17, R20, Effect.EMPTY, "matches no metric of Cilium 1.20"),
    ('sum({__name__=~"cilium_operator_ipam_.*"})', R17, R20, None, ""),
    ("cilium_endpoint_component_status", R20, R19, Effect.EMPTY, "since 1.20"),
    ("cilium_endpoint_component_status", R19, R20, None, ""),
    ("cilium_services_events_total", R17, R18, Effect.EMPTY, "no code writes it"),
    ("cilium_nothing_of_the_kind", R16, R20, None, ""),
    ("sum(cilium_operator_ipam_ips) or vector(0)", R19, R20, Effect.CONSTANT, "Removed in 1.20"),
    ("absent(cilium_operator_ipam_ips)", R19, R20, Effect.CONSTANT, "Removed in 1.20"),
    ("cilium_version unless on (pod) cilium_operator_ipam_ips", R19, R20, Effect.MEANING, "excludes nothing"),
    ('cilium_kubernetes_events_total{scope="Pod"}', R17, R18, Effect.EMPTY, 'scope="Pod" matches none of'),
    ('cilium_kubernetes_events_total{scope=~"Pod|Node"}', R17, R18, Effect.VALUES, "no longer matches Pod"),
    (
        'cilium_bpf_map_pressure{map_name=~"cilium_policy_.*"}',
        R16,
        R20,
        Effect.VALUES,
        "matches cilium_policy_v3_* on 1.20, on 1.16 cilium_policy_*",
    ),
    (
        'rate(cilium_k8s_client_rate_limiter_duration_seconds_count{method="GET"}[5m])',
        R18,
        R19,
        Effect.EMPTY,
        "no label method",
    ),
    (f"sum by (reason) (rate({REGENERATIONS}[5m]))", R20, R19, Effect.LABELS, "none of the series has reason on 1.19"),
    (f"rate({REGENERATIONS}[5m])", R19, R20, Effect.LABELS, "also have error, reason on 1.20"),
    (f"sum(rate({REGENERATIONS}[5m]))", R19, R20, None, ""),
    (f"{REGENERATIONS} / cilium_policy_regeneration_total", R16, R17, None, ""),
    (
        'cilium_endpoint_regenerations_total{outcome="fail"} / cilium_identity_gc_runs{outcome="fail"}',
        R19,
        R20,
        None,
        "",
    ),
    (
        f"{REGENERATIONS} * cilium_policy_change_total",
        R19,
        R20,
        Effect.EMPTY,
        "no series match",
    ),
    ("sum(rate(cilium_agent_api_process_time_seconds_count[5m]))", R19, R20, Effect.TYPE, "native histogram"),
    (
        "sum(rate(cilium_agent_api_process_time_seconds_count[5m])) "
        "or sum(histogram_count(rate(cilium_agent_api_process_time_seconds[5m])))",
        R19,
        R20,
        None,
        "",
    ),
    ("sum(cilium_k8s_workqueue_depth)", R18, R19, Effect.MEANING, "cilium-operator also has"),
    ('sum(cilium_k8s_workqueue_depth{pod=~"cilium-[^-]+"})', R18, R19, None, ""),
    ("sum(hubble_icmp_total)", R18, R19, Effect.MEANING, "ICMPv6 with family IPv6"),
    (
        "sum(cilium_operator_cid_controller_work_queue_event_count)",
        R17,
        R18,
        Effect.SWITCH,
        "Set identityManagementMode=operator",
    ),
    # More series may empty a query: Prometheus refuses several for one of the other side (engine.go, VectorBinop).
    ('cilium_policy_change_total{source=""}', R19, R20, Effect.EMPTY, 'source="" matches nothing'),
    ('sum(cilium_policy_change_total{source!="k8s"})', R19, R20, None, ""),
    (f'sum({REGENERATIONS}{{reason=""}})', R19, R20, Effect.NOT_TOLD, "selects series without it"),
    (f'sum({REGENERATIONS}{{reason=~"|x"}})', R19, R20, Effect.NOT_TOLD, "selects series without it"),
    (f'sum({REGENERATIONS}{{reason!="x"}})', R19, R20, None, ""),
    (f'sum({REGENERATIONS}{{reason=""}}) or sum(cilium_version)', R19, R20, None, ""),
    (f"cilium_version and on () absent({STATUS})", R19, R20, Effect.NOT_TOLD, f"{STATUS}, which 1.19 does not have"),
    (f"cilium_version unless on () count({STATUS}) > 0", R19, R20, Effect.NOT_TOLD, STATUS),
    (f"cilium_version and on () absent({IPS})", R19, R20, Effect.MEANING, "always has a result"),
    (f"cilium_version unless on () absent({IPS})", R19, R20, Effect.EMPTY, "Removed in 1.20"),
    (f"cilium_version unless on (pod) absent({IPS})", R19, R20, Effect.NOT_TOLD, f"`absent` of {IPS}"),
    (f"sum({REGENERATIONS} / on (pod, outcome) {REGENERATIONS})", R19, R20, Effect.NOT_TOLD, "refuses several"),
    (f"sum({REGENERATIONS} * on (pod) group_left () cilium_version)", R19, R20, None, ""),
    (f"sum(cilium_version * on (pod) group_left () {REGENERATIONS})", R19, R20, Effect.NOT_TOLD, "refuses several"),
    (f"sum({REGENERATIONS} / ignoring (error) {REGENERATIONS})", R19, R20, Effect.NOT_TOLD, "has error"),
    ("go_goroutines", R16, R20, None, ""),
    ("process_network_receive_bytes_total", R16, R17, None, ""),
]


@pytest.mark.fault("which panels an upgrade of Cilium empties is known afterwards")
@pytest.mark.parametrize(
    ("expr", "before", "after", "effect", "part"),
    CASES,
    ids=[f"{expr[:60]} {before}-{after}" for expr, before, after, _, _ in CASES],
)
def test_changes(expr: str, before: Release, after: Release, effect: Effect | None, part: str) -> None:
    """The change has the effect, and names the reason and what replaces it; or there is none."""
    result = query_changes(expr, Step(before, after))
    assert result is not None
    assert {change.effect for change in result.changes} == ({effect} if effect else set())
    text = " ".join(f"{change.why} {change.fix}" for change in result.changes)
    assert part in text


@pytest.mark.parametrize("expr", ["sum(", "vector(1)", ""])
def test_what_cannot_be_read(expr: str) -> None:
    """A query that does not parse, or reads nothing, has no changes rather than wrong ones."""
    assert query_changes(expr, Step(R16, R20)) is None


def test_one_reason_for_a_metric() -> None:
    """A histogram of which sum, count and native series go is named once."""
    metric = "cilium_identity_cache_timer_duration"
    expr = f"rate({metric}_sum[5m]) / rate({metric}_count[5m])"
    (result,) = [query_changes(expr, Step(R17, R18))]
    assert result is not None
    assert [change.what for change in result.changes] == [metric]
