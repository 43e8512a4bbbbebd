import pytest

from dashboards_py.catalog import RELEASES, Release, State, entries, status

# name, release, state, reason, fix, replaced by
CASES = [
    ("cilium_drop_count_total", "1.16", State.EXPORTED, "cilium-agent has it.", "", ()),
    (
        *("cilium_unreachable_nodes", "1.20", State.EXPORTED),
        *("cilium-agent has it as long as health checks between nodes are on, as by default.", "", ()),
    ),
    (
        *("cilium_fqdn_active_names", "1.20", State.OFF, "cilium-agent leaves it out by default."),
        *("Add +cilium_fqdn_active_names to prometheus.metrics.", ()),
    ),
    (
        *("cilium_bpf_syscall_duration_seconds_bucket", "1.18", State.OFF, "cilium-agent leaves it out by default."),
        *("Add +cilium_bpf_syscall_duration_seconds to prometheus.metrics.", ()),
    ),
    (
        *("cilium_ciliumenvoyconfig_controller_duration_seconds_sum", "1.18", State.OFF),
        "cilium-agent leaves it out by default, and writes it only when CiliumEnvoyConfig is on.",
        "Add +cilium_ciliumenvoyconfig_controller_duration_seconds to prometheus.metrics. "
        "Set envoyConfig.enabled=true.",
        (),
    ),
    (
        *("cilium_operator_ces_queueing_delay_seconds_sum", "1.19", State.CONDITIONAL),
        "cilium-operator has it only when CiliumEndpointSlices are on.",
        *("Set ciliumEndpointSlice.enabled=true.", ()),
    ),
    (
        *("cilium_operator_reconciler_count", "1.20", State.OFF),
        *("cilium-operator leaves it out by default. No Helm value turns it on.", "", ()),
    ),
    (
        *("hubble_dns_queries_total", "1.17", State.OFF, "Hubble writes it only with the handler dns."),
        *("Add dns to hubble.metrics.enabled.", ()),
    ),
    (
        *(
            "hubble_dynamic_exporter_up",
            "1.20",
            State.CONDITIONAL,
            "Hubble has it only when dynamic flow exporters are on.",
        ),
        *("Set hubble.export.dynamic.enabled=true.", ()),
    ),
    (
        *("rest_client_requests_total", "1.16", State.CONDITIONAL),
        *("cilium-operator has it only when the Gateway API is on.", "Set gatewayAPI.enabled=true.", ()),
    ),
    ("rest_client_requests_total", "1.17", State.EXPORTED, "cilium-operator has it.", "", ()),
    (
        *("rest_client_requests_total", "1.19", State.REMOVED, "Removed in 1.19: cilium-operator no longer has it."),
        *(
            "Use cilium_operator_k8s_client_api_calls_total (from 1.20).",
            ("cilium_operator_k8s_client_api_calls_total",),
        ),
    ),
    (
        *("cilium_operator_lbipam_ips_used", "1.16", State.NOT_YET, "cilium-operator has it since 1.17."),
        *("Use cilium_operator_lbipam_ips_used_total.", ("cilium_operator_lbipam_ips_used_total",)),
    ),
    (
        *("cilium_identity_updater_timer_duration_sum", "1.17", State.NOT_YET, "cilium-agent has it since 1.18."),
        *("Use cilium_identity_cache_timer_duration_sum.", ("cilium_identity_cache_timer_duration_sum",)),
    ),
    ("cilium_identity_updater_timer_duration_sum", "1.16", State.NOT_YET, "cilium-agent has it since 1.18.", "", ()),
    (
        *("cilium_policy_regeneration_time_stats_seconds_count", "1.17", State.NEVER_SET),
        "cilium-agent 1.17 defines it, but no code writes it: it has no samples.",
        "Use cilium_endpoint_regeneration_time_stats_seconds_count.",
        ("cilium_endpoint_regeneration_time_stats_seconds_count",),
    ),
    (
        *("cilium_services_events_total", "1.20", State.NEVER_SET),
        *("cilium-agent 1.20 defines it, but no code writes it: it has no samples.", "", ()),
    ),
    (
        *("hubble_kafka_requests_total", "1.20", State.REMOVED),
        *("Removed in 1.20: hubble no longer has it.", "", ()),
    ),
    (
        *("cilium_agent_bootstrap_seconds_bucket", "1.18", State.REMOVED),
        "cilium_agent_bootstrap_seconds is a gauge since 1.18, no longer a histogram.",
        *("Use cilium_agent_bootstrap_seconds.", ("cilium_agent_bootstrap_seconds",)),
    ),
    (
        *("cilium_agent_bootstrap_seconds_bucket", "1.20", State.REMOVED),
        *("Removed in 1.20: cilium-agent no longer has it.", "Use cilium_hive_jobs_oneshot_last_run_duration_seconds."),
        ("cilium_hive_jobs_oneshot_last_run_duration_seconds",),
    ),
    (
        *("cilium_statedb_table_contention_seconds_bucket", "1.16", State.NOT_YET),
        *("cilium-agent has it since 1.17.", "", ()),
    ),
    (
        *("cilium_operator_workqueue_work_duration_seconds", "1.19", State.NEVER_EXISTED),
        "Cilium's documentation lists it, but no release exposes it.",
        *("Use cilium_k8s_workqueue_work_duration_seconds.", ("cilium_k8s_workqueue_work_duration_seconds",)),
    ),
    (
        *("cilium_drop_cont_total", "1.20", State.NEVER_EXISTED),
        f"No component of Cilium {RELEASES[0]} to {RELEASES[-1]} exposes a metric of this name.",
        *("Did you mean cilium_drop_count_total or cilium_drop_bytes_total?", ()),
    ),
    (
        *("cilium_hive_jobs_runs_failed_bucket", "1.20", State.NEVER_EXISTED),
        "cilium_hive_jobs_runs_failed is a counter: it has no _bucket.",
        *("Use cilium_hive_jobs_runs_failed.", ("cilium_hive_jobs_runs_failed",)),
    ),
]


@pytest.mark.parametrize(("name", "release", "state", "reason", "fix", "replaced_by"), CASES)
def test_states_of_a_metric(
    name: str, release: str, state: State, reason: str, fix: str, replaced_by: tuple[str, ...]
) -> None:
    """State, reason and fix."""
    (actual,) = status(name, Release.parse(release))
    assert (actual.state, actual.reason, actual.fix, actual.replaced_by) == (state, reason, fix, replaced_by)
    assert (actual.name, str(actual.release)) == (name, release)
    assert actual.present == (state in (State.EXPORTED, State.OFF, State.CONDITIONAL))


def test_the_table_has_every_state() -> None:
    """No state is left without an example from the data."""
    assert {case[2] for case in CASES} == set(State)


def test_a_shared_name_is_reported_for_each_component() -> None:
    """On 1.18 agents have the workqueues, the operator has them under other names; on 1.19 both do."""
    states = {
        str(release): [(entry.metric.component, entry.state) for entry in status(name, release) if entry.metric]
        for name, release in (
            ("cilium_k8s_workqueue_depth", Release(1, 18)),
            ("cilium_k8s_workqueue_depth", Release(1, 19)),
        )
    }
    assert states == {
        "1.18": [("cilium-agent", State.EXPORTED), ("cilium-operator", State.NOT_YET)],
        "1.19": [("cilium-agent", State.EXPORTED), ("cilium-operator", State.EXPORTED)],
    }


def test_a_status_names_its_metric_or_none() -> None:
    """An unknown name has a status too, without a metric."""
    release = Release(1, 20)
    assert [entry.metric for entry in status("cilium_version", release)] == list(entries("cilium_version"))
    assert [entry.metric for entry in status("nonsense", release)] == [None]
