import pytest

from dashboards_py.catalog import FOREIGN, NEWEST, Release, entries, labels, names, split, suggest


@pytest.mark.parametrize(
    ("name", "base", "suffix"),
    [
        ("cilium_policy_implementation_delay_bucket", "cilium_policy_implementation_delay", "_bucket"),
        ("cilium_policy_implementation_delay_sum", "cilium_policy_implementation_delay", "_sum"),
        ("cilium_policy_implementation_delay", "cilium_policy_implementation_delay", ""),
        ("cilium_agent_bootstrap_seconds_count", "cilium_agent_bootstrap_seconds", "_count"),
        ("go_gc_duration_seconds_sum", "go_gc_duration_seconds", "_sum"),
        ("go_gc_duration_seconds_bucket", "go_gc_duration_seconds_bucket", ""),
        ("cilium_reconciler_count", "cilium_reconciler_count", ""),
        ("cilium_bgp_control_plane_reconcile_error_count", "cilium_bgp_control_plane_reconcile_error_count", ""),
        ("cilium_version_count", "cilium_version_count", ""),
        ("nonsense_sum", "nonsense_sum", ""),
    ],
)
def test_series_of_a_histogram_are_found(name: str, base: str, suffix: str) -> None:
    """A suffix is removed only if the rest is a histogram or summary on some release; an exact name wins."""
    assert split(name) == (base, suffix)
    assert [metric.name for metric in entries(name)] == ([base] if base in names() else []) * len(entries(name))
    assert bool(entries(name)) == (base in names())


@pytest.mark.parametrize(
    ("name", "release", "contexts", "carried"),
    [
        ("cilium_policy_implementation_delay_bucket", NEWEST, (), ("source", "le")),
        ("cilium_policy_implementation_delay_count", NEWEST, (), ("source",)),
        ("go_gc_duration_seconds", NEWEST, (), ("quantile",)),
        ("go_gc_duration_seconds_sum", NEWEST, (), ()),
        ("workqueue_depth", Release(1, 16), (), ("name",)),
        ("workqueue_depth", Release(1, 17), (), ("name", "controller")),
        (
            "hubble_http_requests_total",
            NEWEST,
            ("labelsContext=source_workload",),
            ("method", "protocol", "status", "reporter", "source_workload"),
        ),
        ("cilium_nope", NEWEST, (), ()),
    ],
)
def test_labels_of_series(name: str, release: Release, contexts: tuple[str, ...], carried: tuple[str, ...]) -> None:
    """Buckets carry le, a summary quantile; labels are those of the release."""
    assert labels(name, release, contexts) == carried


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("cilium_drop_cont_total", "cilium_drop_count_total"),
        ("cilium_controler_failing", "cilium_controllers_failing"),
        ("hubble_flow_processed_total", "hubble_flows_processed_total"),
        ("cilium_policy_implementation_delays_bucket", "cilium_policy_implementation_delay_bucket"),
    ],
)
def test_a_typo_finds_what_was_meant(typo: str, meant: str) -> None:
    """The closest name comes first, with the series suffix kept."""
    assert suggest(typo)[0] == meant


def test_nothing_is_suggested_for_a_name_unlike_any() -> None:
    """Far-fetched guesses mislead."""
    assert suggest("kube_pod_container_status_restarts_total") == ()


def test_foreign_names_are_not_catalogued() -> None:
    """Metrics that Prometheus writes about every target belong to no component."""
    assert "up" in FOREIGN
    assert not any(entries(name) for name in FOREIGN)
