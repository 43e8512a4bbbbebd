"""Reader: security and platform. What is denied, and between whom? Does a policy change take effect, everywhere and soon? Do identities, selectors and FQDN rules stay small enough? Variables: datasource, cluster, node. Left out: policy revision (Traps), policy regeneration triggers of 1.16 (gone), per-endpoint FQDN gauges beyond a top ten. Most expensive: open - denials, L7 verdicts; closed - policy stage p99, DNS proxy p99. Samples: open 3.7 M, all 27 M."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board, above, cluster, dashboard, heatmap, node, query, row, stat, table, timeseries, to


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster, node"""
    return dashboard(
        uid="cilium-policy",
        title="Cilium / Policy",
        about="For security and platform. What is denied, and between whom? Does a policy change take effect, everywhere and soon? Do identities, selectors and FQDN rules stay small enough?",
        replaces=(),
        variables=(
            cluster("cilium_version"),
            node("cilium_version"),
        ),
        rows=(
            what_is_denied_and_do_changes_arrive(cilium),
            verdicts_from_hubble(),
            import_and_calculation(cilium),
            identities_and_selectors(cilium),
            dns_proxy_and_fqdn(cilium),
        ),
    )


def what_is_denied_and_do_changes_arrive(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "What is denied, and do changes arrive?",
        stat(
            "Denied packets",
            "A level is normal, a step is news: see the pairs below",
            query('sum(rate(cilium_drop_count_total{reason=~"Policy denied.*"}[$__rate_interval]))', "L3/L4"),
            query('sum(rate(cilium_policy_l7_total{rule="denied"}[$__rate_interval]))', "L7"),
            unit="pps",
            no_value="none seen",
        ),
        stat(
            "Failed imports",
            "A policy that some agent could not load: `kubectl get cnp,ccnp` shows its condition",
            query('sum(increase(cilium_policy_change_total{outcome="fail"}[$__range]))', "in the range"),
            limits=above(critical=1),
        ),
        stat(
            "Takes effect in",
            "From change to enforcement: when slow see Import and calculation",
            query(
                "sum(rate(cilium_policy_implementation_delay_sum[$__rate_interval])) / sum(rate(cilium_policy_implementation_delay_count[$__rate_interval]))",
                "mean",
            ),
            unit="s",
            limits=above(warning=1, critical=5),
            no_value="no change now",
        ),
        stat(
            "Endpoints without policy",
            "Neither ingress nor egress enforced: fine by design or a gap",
            query(
                'sum(cilium_policy_endpoint_enforcement_status{enforcement="none"}) / sum(cilium_policy_endpoint_enforcement_status)',
                "share",
            ),
            unit="percentunit",
        ),
        timeseries(
            "L3/L4 denials",
            "INGRESS: server side policy; EGRESS: client side; who",
            query(
                'sum by (direction) (rate(cilium_drop_count_total{reason=~"Policy denied.*"}[$__rate_interval]))',
                "{{direction}}",
            ),
            unit="pps",
            no_value="none seen",
            links=(to("hubble-network"),),
        ),
        timeseries(
            "L7 verdicts",
            "parse_errors: not the protocol the rule says; denied: HTTP or DNS rule [needs: an L7 or DNS policy]",
            query(
                "sum by (proxy_type, rule) (rate(cilium_policy_l7_total[$__rate_interval]))", "{{proxy_type}} {{rule}}"
            ),
            unit="reqps",
            no_value="no L7 policy",
            links=(to("cilium-envoy"),),
        ),
        timeseries(
            "Enforcement",
            "none rising: endpoints lost their policy; audit: nothing is blocked",
            query("sum by (enforcement) (cilium_policy_endpoint_enforcement_status)", "{{enforcement}}"),
            unit="short",
        ),
        timeseries(
            "Policy changes",
            "Constant changes without people: a controller rewrites policies",
            query("sum by (outcome) (rate(cilium_policy_change_total[$__rate_interval])) * 60", "{{outcome}}"),
            query(
                'sum by (scope) (rate(cilium_kubernetes_events_total{scope=~".*NetworkPolicy"}[$__rate_interval])) * 60',
                "{{scope}} events",
            ),
            unit="opm",
        ),
        table(
            "Denied pairs",
            "Allow it or find out why it asks [needs: H:drop]",
            query(
                'topk(25, sum by (source_namespace, source_workload, destination_namespace, destination_workload, traffic_direction) (rate(hubble_drop_total{reason="POLICY_DENIED"}[$__rate_interval])))',
                "denied",
            ),
            unit="pps",
            no_value="none seen, or Hubble drop metrics are off",
            links=(to("hubble-network"),),
        ),
    )


def verdicts_from_hubble() -> RowPanel:
    """TODO"""
    return row(
        "Verdicts from Hubble",
        timeseries(
            "Verdicts by match",
            "match none + forwarded: allowed because nothing selects it; action audit: would be denied [needs: H:policy]",
            query(
                "sum by (direction, match, action) (rate(hubble_policy_verdicts_total[$__rate_interval]))",
                "{{direction}} {{match}} {{action}}",
            ),
            unit="ops",
            points=60,
        ),
        table(
            "Would be denied",
            "With policy audit mode: allow these before enforcing [needs: H:policy and audit mode]",
            query(
                'topk(25, sum by (direction, source_namespace, source_workload, destination_namespace, destination_workload) (rate(hubble_policy_verdicts_total{action="audit"}[$__rate_interval])))',
                "audited",
            ),
            unit="ops",
            no_value="nothing in audit",
        ),
        closed=True,
    )


def import_and_calculation(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Import and calculation",
        heatmap(
            "Time to take effect",
            "Two bands: some nodes are late, see regeneration",
            query("sum by (le) (rate(cilium_policy_implementation_delay_bucket[$__rate_interval]))", "{{le}}"),
            unit="s",
        ),
        timeseries(
            "Time by source, mean",
            "New identities slow: too many selectors match them",
            query(
                "sum by (source) (rate(cilium_policy_implementation_delay_sum[$__rate_interval])) / sum by (source) (rate(cilium_policy_implementation_delay_count[$__rate_interval]))",
                "{{source}}",
            ),
            query(
                "sum(rate(cilium_policy_incremental_update_duration_sum[$__rate_interval])) / sum(rate(cilium_policy_incremental_update_duration_count[$__rate_interval]))",
                "new identities",
            ),
            unit="s",
            points=60,
        ),
        timeseries(
            "Policy stages, p99",
            "selectorPolicyCalculation grows with selectors times identities",
            query(
                'histogram_quantile(0.99, sum by (scope, le) (rate(cilium_endpoint_regeneration_time_stats_seconds_bucket{scope=~".*olicy.*", status="success"}[$__rate_interval])))',
                "{{scope}}",
            ),
            query(
                'histogram_quantile(0.99, sum by (le) (rate(cilium_endpoint_regeneration_time_stats_seconds_bucket{scope="proxyConfiguration", status="success"}[$__rate_interval])))',
                "proxyConfiguration",
            ),
            unit="s",
            points=60,
        ),
        timeseries(
            "Policies per node",
            "They should meet: a node with fewer missed an import, restart its agent",
            query("min(cilium_policy)", "fewest"),
            query("max(cilium_policy)", "most"),
            unit="short",
        ),
        timeseries(
            "Redirects to the proxy",
            "Missing: L7 rules are not enforced there [needs: an L7 or DNS policy]",
            query("avg(cilium_proxy_redirects)", "mean"),
            query("max(cilium_proxy_redirects)", "worst"),
            query("sum(cilium_policy_missing_proxy_redirects)", "missing"),
            unit="short",
        ),
        closed=True,
    )


def identities_and_selectors(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "Identities and selectors",
        timeseries(
            "Identities",
            "Growth with constant pods: a label with changing values takes part, exclude it with `labels`; cidr or fqdn on top: rules with many addresses",
            query('max(sum by (cluster, pod) (cilium_operator_identity_gc_entries{status="alive"}))', "cluster"),
            query("max by (type) (cilium_identity)", "{{type}}, worst node"),
            query("max by (source) (cilium_identity_label_sources)", "with {{source}} labels, worst node"),
            unit="short",
        ),
        timeseries(
            "Selectors",
            "One selector that matches thousands of identities fills policy maps [releases 1.17+]",
            query("max by (class) (cilium_policy_selector_match_count_max)", "largest {{class}}"),
            query("max by (type) (cilium_policy_selector_cache_selectors)", "selectors {{type}}"),
            query("max by (type) (cilium_policy_selector_cache_identities)", "identities {{type}}"),
            unit="short",
            links=(to("cilium-capacity"),),
        ),
        timeseries(
            "Identity updates, wait and run",
            "Wait above seconds: new pods are unknown to policy that long [needs: 1.17: `cilium_identity_cache_timer_*`] [releases 1.18+]",
            query(
                "sum by (name) (rate(cilium_identity_updater_timer_trigger_latency_sum[$__rate_interval])) / sum by (name) (rate(cilium_identity_updater_timer_trigger_latency_count[$__rate_interval]))",
                "wait {{name}}",
            ),
            query(
                "sum by (name) (rate(cilium_identity_updater_timer_duration_sum[$__rate_interval])) / sum by (name) (rate(cilium_identity_updater_timer_duration_count[$__rate_interval]))",
                "run {{name}}",
            ),
            unit="s",
            limits=above(warning=5),
            points=60,
        ),
        timeseries(
            "ipcache errors",
            "Address to identity mapping refused: overlapping CIDRs or two clusters with one range",
            query(
                "sum by (type, error) (rate(cilium_ipcache_errors_total[$__rate_interval])) * 60", "{{type}} {{error}}"
            ),
            unit="opm",
            no_value="none seen",
        ),
        closed=True,
    )


def dns_proxy_and_fqdn(cilium: Release) -> RowPanel:
    """TODO"""
    return row(
        "DNS proxy and FQDN",
        timeseries(
            "DNS proxy time by stage, p99",
            "upstreamTime: DNS servers; dataplaneTime or policyGenerationTime: agent; semaphoreTime: concurrency limit",
            query(
                'histogram_quantile(0.99, sum by (scope, le) (rate(cilium_proxy_upstream_reply_seconds_bucket{protocol_l7="dns", scope!="totalTime"}[$__rate_interval])))',
                "{{scope}}",
            ),
            unit="s",
            points=60,
        ),
        timeseries(
            "DNS proxy time by stage, mean",
            "Where a lookup spends its time",
            query(
                "sum by (scope) (rate(cilium_proxy_upstream_reply_seconds_sum[$__rate_interval])) / sum by (scope) (rate(cilium_proxy_upstream_reply_seconds_count[$__rate_interval]))",
                "{{scope}}",
            ),
            query(
                'max(sum by (node) (rate(cilium_proxy_upstream_reply_seconds_sum{scope="totalTime"}[$__rate_interval])) / sum by (node) (rate(cilium_proxy_upstream_reply_seconds_count{scope="totalTime"}[$__rate_interval])))',
                "total, worst node",
            ),
            unit="s",
            points=60,
        ),
        timeseries(
            "DNS proxy results",
            "timeout: DNS server gone; denied: rule does not match; proxyErr: agent",
            query(
                'sum by (error) (rate(cilium_proxy_upstream_reply_seconds_count{scope="totalTime"}[$__rate_interval]))',
                "{{error}}",
            ),
            unit="reqps",
            points=60,
        ),
        timeseries(
            "FQDN selectors and expiry",
            "Expiry storms: short TTLs, raise dnsProxy.minTtl",
            query("max(cilium_fqdn_selectors)", "selectors, worst"),
            query("sum(rate(cilium_fqdn_gc_deletions_total[$__rate_interval])) * 60", "names expired per min"),
            unit="short",
        ),
        timeseries(
            "FQDN under pressure",
            "Lookups refused, or answered before the policy map knew the address [needs: prometheus.metrics `+cilium_fqdn_semaphore_rejected_total +cilium_proxy_datapath_update_timeout_total`]",
            query("sum(rate(cilium_fqdn_semaphore_rejected_total[$__rate_interval]))", "refused by limit"),
            query("sum(rate(cilium_proxy_datapath_update_timeout_total[$__rate_interval]))", "released late"),
            unit="ops",
            limits=above(warning=1),
            no_value="metrics are off",
        ),
        table(
            "Endpoints with most names",
            "Narrow the pattern of that endpoint's rule [needs: prometheus.metrics `+cilium_fqdn_active_names +cilium_fqdn_active_ips +cilium_fqdn_alive_zombie_connections`]",
            query("topk(10, cilium_fqdn_active_names)", "names"),
            query("topk(10, cilium_fqdn_active_ips)", "addresses"),
            query("topk(10, cilium_fqdn_alive_zombie_connections)", "expired but in use"),
            unit="short",
            no_value="metrics are off",
        ),
        closed=True,
        no_value="no DNS policy",
    )
