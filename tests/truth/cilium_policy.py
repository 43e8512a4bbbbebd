"""Expected values of the panels of Cilium / Policy."""

from tests.truth.namespaces import denied_share
from tests.truth.values import Value, hour_ago, increase, mean, more_than_an_hour_ago, now, quantile, rate

DENIED = rate("cilium_drop_count_total", "reason~Policy denied.*")
DENIED_REQUESTS = rate("cilium_policy_l7_total", "rule=denied")
RISE = more_than_an_hour_ago(DENIED.sum("cluster", "node"))

TRUTH: dict[str, dict[str, Value]] = {
    "Denied packets": {
        "A": DENIED.sum() | 0 * now("cilium_version").count(),
        "B": hour_ago(DENIED.sum()),
    },
    "Denied requests": {
        "A": DENIED_REQUESTS.sum() | 0 * now("cilium_version").count(),
        "B": hour_ago(DENIED_REQUESTS.sum()),
    },
    "Denied share": {"A": denied_share("source_namespace!=").top(1)},
    "Rise of denied packets": {
        "A": RISE | (0 * now("cilium_version").count()).unless(RISE.sum()),
    },
    "Failed imports": {
        "A": increase("cilium_policy_change_total", "outcome=fail").sum(),
    },
    "Policy delay": {
        "A": mean("cilium_policy_implementation_delay"),
    },
    "Without policy": {
        "A": (
            now("cilium_policy_endpoint_enforcement_status", "enforcement=none").sum()
            / now("cilium_policy_endpoint_enforcement_status").sum()
        ),
    },
    "Fullest policy map": {
        "A": now("cilium_bpf_map_pressure", "map_name~(cilium_)?policy_.*").max()
        | (0 * now("cilium_bpf_map_pressure").max()),
    },
    "L3/L4 denials": {
        "A": rate("cilium_drop_count_total", "reason~Policy denied.*").sum("direction"),
    },
    "L7 verdicts": {
        "A": rate("cilium_policy_l7_total").sum("proxy_type", "rule"),
    },
    "Enforcement": {
        "A": now("cilium_policy_endpoint_enforcement_status").sum("enforcement"),
    },
    "Policy changes": {
        "A": rate("cilium_policy_change_total").sum("outcome") * 60,
    },
    "Policy objects written": {
        "A": rate("cilium_kubernetes_events_total", "scope~.*NetworkPolicy")
        .sum("cluster", "node", "scope")
        .max("scope")
        * 60,
    },
    "Denied pairs": {
        "A": (
            rate("hubble_policy_verdicts_total", "action=dropped")
            .sum(
                "cluster",
                "source_namespace",
                "source_app",
                "destination_namespace",
                "destination_app",
                "direction",
                "match",
            )
            .nonzero()
            .top(25)
        ).or_not_scraped("hubble_policy_verdicts_total", "source_namespace"),
    },
    "Verdicts by match": {
        "A": rate("hubble_policy_verdicts_total", "action=dropped").sum("direction", "match").nonzero().top(15),
        "B": rate("hubble_policy_verdicts_total", "action!=dropped").sum("direction", "match").nonzero().top(15),
    },
    "Would be denied": {
        "A": (
            rate("hubble_policy_verdicts_total", "action=audit")
            .sum("cluster", "direction", "source_namespace", "source_app", "destination_namespace", "destination_app")
            .nonzero()
            .top(25)
        ).or_not_scraped("hubble_policy_verdicts_total", "source_namespace"),
    },
    "Policy delay, distribution": {
        "A": rate("cilium_policy_implementation_delay_bucket").sum("le"),
    },
    "Policy delay by source, mean": {
        "A": mean("cilium_policy_implementation_delay", by=("source",)),
        "B": mean("cilium_policy_incremental_update_duration"),
    },
    "Policy stages, p90": {
        "A": quantile(
            0.9,
            "cilium_endpoint_regeneration_time_stats_seconds",
            "scope~.*olicy.*|proxyConfiguration",
            "status=success",
            by=("scope",),
            least=10,
            over="range",
        ),
    },
    "Policies per node": {
        "A": now("cilium_policy").min(),
        "B": now("cilium_policy").max(),
    },
    "Redirects to the proxy": {
        "A": now("cilium_proxy_redirects").avg(),
        "B": now("cilium_proxy_redirects").max(),
        "C": now("cilium_policy_missing_proxy_redirects").sum(),
    },
    "Identities": {
        "A": now("cilium_operator_identity_gc_entries", "status=alive").max(),
        "B": now("cilium_identity").max("type"),
        "C": now("cilium_identity_label_sources").max("source"),
    },
    "Largest selectors": {"A": now("cilium_policy_selector_match_count_max").max("class")},
    "Selectors": {"A": now("cilium_policy_selector_cache_selectors").max("type")},
    "Identities that selectors know": {"A": now("cilium_policy_selector_cache_identities").max("type")},
    "Identity updates, wait and run": {
        "A": mean("cilium_identity_updater_timer_trigger_latency", by=("name",)),
        "B": mean("cilium_identity_updater_timer_duration", by=("name",)),
    },
    "ipcache errors": {
        "A": rate("cilium_ipcache_errors_total").sum("type", "error") * 60,
    },
    "DNS proxy time by stage, p99": {
        "A": quantile(
            0.99,
            "cilium_proxy_upstream_reply_seconds",
            "error=allow",
            "protocol_l7=dns",
            "scope!=totalTime",
            by=("scope",),
            least=100,
        ),
    },
    "DNS proxy time by stage, mean": {
        "A": mean("cilium_proxy_upstream_reply_seconds", "error=allow", by=("scope",)),
        "B": (
            mean(
                "cilium_proxy_upstream_reply_seconds",
                "error=allow",
                "scope=totalTime",
                by=(
                    "cluster",
                    "node",
                ),
            )
        ).max(),
    },
    "DNS proxy verdicts": {
        "A": rate("cilium_policy_l7_total", "proxy_type=fqdn").sum("rule"),
        "B": rate("cilium_proxy_upstream_reply_seconds_count", "error=timeout", "scope=totalTime").sum(),
    },
    "FQDN selectors": {
        "A": now("cilium_fqdn_selectors").max(),
    },
    "Expired names": {
        "A": rate("cilium_fqdn_gc_deletions_total").sum() * 60,
    },
    "FQDN under pressure": {
        "A": rate("cilium_fqdn_semaphore_rejected_total").sum(),
        "B": rate("cilium_proxy_datapath_update_timeout_total").sum(),
    },
    "Endpoints with most names": {
        "A": now("cilium_fqdn_active_names").sum("cluster", "node", "endpoint").top(10),
        "B": now("cilium_fqdn_active_ips").sum("cluster", "node", "endpoint").top(10),
        "C": now("cilium_fqdn_alive_zombie_connections").sum("cluster", "node", "endpoint").top(10),
    },
}
