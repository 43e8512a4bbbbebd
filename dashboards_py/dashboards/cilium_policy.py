"""Policy: what is denied and between whom, do changes take effect everywhere and soon, are there few identities?

For the security and platform teams. Policy revisions are left out: agents count them independently, so they cannot be
compared. The most expensive panels are denials and L7 verdicts in the open row, and the p99 of policy stages and DNS
proxy in the collapsed rows.
"""

from dashboards_py.release import Release
from dashboards_py.style import (
    DENIED,
    FROM_HOST,
    HUBBLE_SCRAPED,
    LIVE_IDENTITIES,
    NO_DATA,
    PAIR,
    Dashboard,
    Row,
    above,
    cluster,
    dashboard,
    denied_share,
    heatmap,
    hour_ago,
    link_to,
    more_than_an_hour_ago,
    node,
    quantile,
    query,
    row,
    stat,
    table,
    timeseries,
    unless_not_seen,
)
from dashboards_py.style.limits import (
    DENIALS,
    DENIED_PACKETS,
    FAILED_IMPORTS,
    FQDN_PRESSURE,
    IDENTITY_UPDATES,
    MAP_PRESSURE,
    NAMESPACE_FAILURES,
    POLICY_DELAY,
)

DENIALS_AND_CHANGES = "What is denied, and do changes arrive?"


def board(_: Release) -> Dashboard:
    """Denials and changes first, then the calculation of policy, identities and the DNS proxy."""
    return dashboard(
        uid="cilium-policy",
        title="Cilium / Policy",
        about="For the security and platform teams. What is denied, and between whom? Do policy changes take "
        "effect, everywhere and soon? Are there few enough identities, selectors and FQDN rules?",
        replaces=(),
        variables=(cluster("cilium_version"), node("cilium_version")),
        rows=(
            denials_and_propagation(),
            verdicts_from_hubble(),
            import_and_calculation(),
            identities_and_selectors(),
            dns_proxy_and_fqdn(),
        ),
        row_components={DENIALS_AND_CHANGES: HUBBLE_SCRAPED},
    )


def denials_and_propagation() -> Row:
    """Denied packets and requests, and the propagation of policy changes."""
    packets = 'rate(cilium_drop_count_total{reason=~"Policy denied.*"}[$__rate_interval])'
    requests = 'rate(cilium_policy_l7_total{rule="denied"}[$__rate_interval])'
    denied = denied_share('source_namespace!=""')
    agents_none = "0 * count(cilium_version)"  # of agents that count none
    return row(
        DENIALS_AND_CHANGES,
        stat(
            "Denied packets",
            "Packets that policy denies at L3/L4, over the last few minutes; points of the graph below are means of "
            "longer. A constant level is normal; after a step, see the pairs below, which lack denials of the host's "
            "own traffic.",
            query(f"sum({packets}) or {agents_none}", "now"),
            query(f"sum({hour_ago(packets)})", "1 h ago"),
            unit="count:pkt/s",
            w=9,
            h=3,
        ),
        stat(
            "Denied requests",
            "Requests of HTTP and DNS that policy denies at L7, in the proxies. After a step, see the pairs below.",
            query(f"sum({requests}) or {agents_none}", "now"),
            query(f"sum({hour_ago(requests)})", "1 h ago"),
            unit="reqps",
            w=9,
            h=3,
        ),
        stat(
            "Denied share",
            "Share of policy verdicts that deny, in the worst client's namespace. From 5 % on it is in trouble, or "
            f"scans others: see the pairs below. {FROM_HOST} Needs the Hubble handler `policy`.",
            query(f"topk(1, {denied})", "{{source_namespace}} {{cluster}}"),
            unit="percentunit",
            thresholds=above(NAMESPACE_FAILURES),
            no_value="no verdict seen",
            links=(link_to("hubble-network"),),
            w=6,
            h=3,
        ),
        stat(
            "Rise of denied packets",
            "Denied packets per second more than an hour ago, on the node where they rose most: a change of policy, or "
            "a new client. The pairs below show which.",
            query(
                f"{more_than_an_hour_ago(f'sum by (cluster, node) ({packets})')} or on () {agents_none}",
                "{{node}} {{cluster}}",
            ),
            unit="count:pkt/s",
            thresholds=above(DENIED_PACKETS),
            former_title="Denials against an hour ago",
            w=6,
            h=3,
        ),
        stat(
            "Failed imports",
            "Policies that an agent could not load within the time range: `kubectl get cnp,ccnp -A` shows their "
            "conditions.",
            query('sum(increase(cilium_policy_change_total{outcome="fail"}[$__range]))', "in the range"),
            thresholds=above(FAILED_IMPORTS),
            w=4,
            h=3,
        ),
        stat(
            "Policy delay",
            "Mean time from a change to its enforcement. If it is long, see the row Import and calculation.",
            query(
                "sum(rate(cilium_policy_implementation_delay_sum[$__rate_interval]))"
                " / sum(rate(cilium_policy_implementation_delay_count[$__rate_interval]))",
                "mean",
            ),
            unit="s",
            thresholds=above(POLICY_DELAY),
            no_value="no change seen",
            former_title="Takes effect in",
            w=5,
            h=3,
        ),
        stat(
            "Without policy",
            "Share of endpoints for which neither ingress nor egress policy is enforced, by design or by mistake.",
            query(
                'sum(cilium_policy_endpoint_enforcement_status{enforcement="none"})'
                " / sum(cilium_policy_endpoint_enforcement_status)",
                "share",
            ),
            unit="percentunit",
            former_title="Endpoints without policy",
            w=4,
            h=3,
        ),
        stat(
            "Fullest policy map",
            "Usage of the endpoint with the most entries, on the worst node: a rule needs an entry for each identity "
            "that it selects. Above 100 %, entries are missing; 0: below 10 %. The rows on identities, selectors and "
            "FQDN show what grows.",
            query(
                'max(cilium_bpf_map_pressure{map_name=~"(cilium_)?policy_.*"}) or 0 * max(cilium_bpf_map_pressure)',
                "worst endpoint",
            ),
            unit="percentunit",
            thresholds=above(MAP_PRESSURE),
            links=(link_to("cilium-capacity"),),
            w=5,
            h=3,
        ),
        timeseries(
            "L3/L4 denials",
            "INGRESS is denied by the policy of the server, EGRESS by that of the client. The network board shows "
            "both.",
            query(
                'sum by (direction) (rate(cilium_drop_count_total{reason=~"Policy denied.*"}[$__rate_interval]))',
                "{{direction}}",
            ),
            unit="count:pkt/s",
            links=(link_to("hubble-network"),),
        ),
        timeseries(
            "L7 verdicts",
            "Verdicts of the L7 proxies. parse_errors: traffic of another protocol than that of the rule; denied: by a "
            "rule for HTTP or DNS.",
            query(
                "sum by (proxy_type, rule) (rate(cilium_policy_l7_total[$__rate_interval]))", "{{proxy_type}} {{rule}}"
            ),
            unit="reqps",
            legend="right",
            no_value="no verdict seen",
            links=(link_to("cilium-envoy"),),
            w=11,
        ),
        timeseries(
            "Enforcement",
            "Endpoints by enforcement. Rising `none`: endpoints lost their policy; audit: nothing is blocked.",
            query("sum by (enforcement) (cilium_policy_endpoint_enforcement_status)", "{{enforcement}}"),
            unit="none",
            legend="right",
        ),
        timeseries(
            "Policy changes",
            "Imports of policies by agents: each imports all. Constant changes: a controller rewrites policies; the "
            "row on import shows of which kind.",
            query("sum by (outcome) (rate(cilium_policy_change_total[$__rate_interval])) * 60", "{{outcome}}"),
            unit="count:/min",
            bars=True,
        ),
        table(
            "Denied pairs",
            "Denied clients and servers, at L3/L4 and L7; direction egress is the policy of the client, ingress that "
            "of the server. Allow the traffic, or find out why clients attempt it. "
            f"{FROM_HOST} Needs the Hubble handler `policy`.",
            unless_not_seen(
                query(
                    f"topk(25, sum by ({PAIR}, direction, match)"
                    f" (rate(hubble_policy_verdicts_total{{{DENIED}}}[$__rate_interval])) > 0)",
                    "denied",
                ),
                "hubble_policy_verdicts_total",
                "no verdict seen",
                "source_namespace",
            ),
            unit="eps",
            thresholds=above(DENIALS, lowest="text"),
            no_value="none seen",
            links=(link_to("hubble-network"),),
            w=24,
        ),
    )


def verdicts_from_hubble() -> Row:
    """Policy verdicts that Hubble reports."""
    return row(
        "Verdicts from Hubble",
        table(
            "Verdicts by match",
            "Denied first. Match `none` and allowed: no policy selects the endpoint. Audit mode allows what would be "
            f"denied: see the table beside. {FROM_HOST} Needs the Hubble handler `policy`.",
            query(
                f"topk(15, sum by (direction, match) (rate(hubble_policy_verdicts_total{{{DENIED}}}"
                "[$__rate_interval])) > 0)",
                "denied",
                thresholds=above(DENIALS, lowest="text"),
            ),
            query(
                "topk(15, sum by (direction, match) (rate(hubble_policy_verdicts_total"
                '{action!="dropped"}[$__rate_interval])) > 0)',
                "allowed",
            ),
            unit="eps",
            rank="columns",
            w=10,
        ),
        table(
            "Would be denied",
            "Traffic that policy audit mode allows and enforcement would deny: allow it by policy first. Needs the "
            "Hubble handler `policy`.",
            unless_not_seen(
                query(
                    f"topk(25, sum by (direction, {PAIR})"
                    ' (rate(hubble_policy_verdicts_total{action="audit"}[$__rate_interval])) > 0)',
                    "audited",
                ),
                "hubble_policy_verdicts_total",
                "no verdict seen",
                "source_namespace",
            ),
            unit="eps",
            no_value="none seen",
            w=14,
        ),
        collapsed=True,
    )


def import_and_calculation() -> Row:
    """Delay, stages and imports of policies."""
    return row(
        "Import and calculation",
        heatmap(
            "Policy delay, distribution",
            "Distribution of the delays of policy changes. Two bands: some nodes are slow; see the regeneration "
            "times on the agent board.",
            query("sum by (le) (rate(cilium_policy_implementation_delay_bucket[$__rate_interval]))", "{{le}}"),
            unit="s",
            former_title="Time to take effect",
        ),
        timeseries(
            "Policy delay by source, mean",
            "Mean delay by source of the policy. If new identities take long, too many selectors match them.",
            query(
                "sum by (source) (rate(cilium_policy_implementation_delay_sum[$__rate_interval]))"
                " / sum by (source) (rate(cilium_policy_implementation_delay_count[$__rate_interval]))",
                "{{source}}",
            ),
            query(
                "sum(rate(cilium_policy_incremental_update_duration_sum[$__rate_interval]))"
                " / sum(rate(cilium_policy_incremental_update_duration_count[$__rate_interval]))",
                "new identities",
            ),
            unit="s",
            legend="right",
            former_title="Time by source, mean",
            w=12,
        ),
        table(
            "Policy stages, p90",
            "Tail of the policy stages of regeneration in the time range, of ten rebuilt endpoints or more. "
            "selectorPolicyCalculation grows with selectors times identities.",
            query(
                quantile(
                    0.9,
                    "cilium_endpoint_regeneration_time_stats_seconds",
                    by="scope",
                    matchers='scope=~".*olicy.*|proxyConfiguration", status="success"',
                    window="$__range",
                ),
                "p90",
            ),
            unit="s",
            no_value="no rebuild seen",
            headings={"scope": "stage"},
            former_title="Policy stages, p99",
        ),
        timeseries(
            "Policy objects written",
            "Events of policy objects by kind, at the agent that sees most: each sees all. Constant events: a "
            "controller rewrites these objects.",
            query(
                "max by (scope) (sum by (cluster, node, scope) "
                '(rate(cilium_kubernetes_events_total{scope=~".*NetworkPolicy"}[$__rate_interval]))) * 60',
                "{{scope}}",
            ),
            unit="count:/min",
            legend="list",
            bars=True,
            no_value="no event seen",
        ),
        timeseries(
            "Policies per node",
            "Policies that agents have loaded. The lines should be equal: a node with fewer missed an import; restart "
            "its agent.",
            query("min(cilium_policy)", "fewest"),
            query("max(cilium_policy)", "most"),
            unit="none",
        ),
        timeseries(
            "Redirects to the proxy",
            "Redirects to the L7 proxies. If some are missing, L7 rules are not enforced. Needs an L7 or DNS policy.",
            query("avg(cilium_proxy_redirects)", "mean"),
            query("max(cilium_proxy_redirects)", "worst"),
            query("sum(cilium_policy_missing_proxy_redirects)", "missing"),
            unit="short",
            legend="list",
        ),
        collapsed=True,
    )


def identities_and_selectors() -> Row:
    """Numbers and updates of identities and selectors."""
    return row(
        "Identities and selectors",
        timeseries(
            "Identities",
            "Of the cluster, and on the worst node. Growth with constant pods: a label with changing values is part of "
            "identities; exclude it with the Helm value `labels`. Many with cidr or fqdn labels: rules with many "
            "addresses.",
            query(LIVE_IDENTITIES, "cluster"),
            query("max by (type) (cilium_identity)", "{{type}}"),
            query("max by (source) (cilium_identity_label_sources)", "{{source}} labels"),
            unit="none",
            legend="right",
            w=12,
            h=9,
        ),
        timeseries(
            "Largest selectors",
            "Identities that one selector matches: of each class the selector that matches most, on the worst node. "
            "One with thousands fills policy maps: see the capacity board.",
            query("max by (class) (cilium_policy_selector_match_count_max)", "{{class}}"),
            unit="none",
            legend="right",
            w=12,
            h=9,
            links=(link_to("cilium-capacity"),),
        ),
        timeseries(
            "Selectors",
            "Selectors of all policies by type, on the worst node. Each is compared with each new identity.",
            query("max by (type) (cilium_policy_selector_cache_selectors)", "{{type}}"),
            unit="none",
            legend="right",
            w=12,
        ),
        timeseries(
            "Identities that selectors know",
            "Identities that selectors are compared with, by type, on the worst node.",
            query("max by (type) (cilium_policy_selector_cache_identities)", "{{type}}"),
            unit="none",
            legend="right",
            w=12,
        ),
        timeseries(
            "Identity updates, wait and run",
            "Time that new identities wait for the policy update, and duration of the update. While they wait, policy "
            "does not know new pods.",
            query(
                "sum by (name) (rate(cilium_identity_updater_timer_trigger_latency_sum[$__rate_interval]))"
                " / sum by (name) (rate(cilium_identity_updater_timer_trigger_latency_count[$__rate_interval]))",
                "wait {{name}}",
            ),
            query(
                "sum by (name) (rate(cilium_identity_updater_timer_duration_sum[$__rate_interval]))"
                " / sum by (name) (rate(cilium_identity_updater_timer_duration_count[$__rate_interval]))",
                "run {{name}}",
            ),
            unit="s",
            thresholds=above(IDENTITY_UPDATES),
            w=12,
        ),
        timeseries(
            "ipcache errors",
            "Addresses whose identity was rejected: CIDRs overlap, or two clusters use the same range.",
            query(
                "sum by (type, error) (rate(cilium_ipcache_errors_total[$__rate_interval])) * 60", "{{type}} {{error}}"
            ),
            unit="count:/min",
            legend="right",
            w=14,
        ),
        collapsed=True,
    )


def dns_proxy_and_fqdn() -> Row:
    """Time and verdicts of the DNS proxy, and FQDN selectors."""
    return row(
        "DNS proxy and FQDN",
        timeseries(
            "DNS proxy time by stage, p99",
            "Lookups that were answered with addresses, where there were 100 or more. upstreamTime: the DNS servers; "
            "dataplaneTime or policyGenerationTime: the agent; semaphoreTime: the limit of concurrent lookups.",
            query(
                quantile(
                    0.99,
                    "cilium_proxy_upstream_reply_seconds",
                    by="scope",
                    matchers='error="allow", protocol_l7="dns", scope!="totalTime"',
                ),
                "{{scope}}",
            ),
            unit="s",
            legend="list",
        ),
        timeseries(
            "DNS proxy time by stage, mean",
            "Time of answered lookups by stage, and in total on the worst node. Time-outs are in DNS proxy verdicts.",
            query(
                'sum by (scope) (rate(cilium_proxy_upstream_reply_seconds_sum{error="allow"}[$__rate_interval]))'
                " / sum by (scope) "
                '(rate(cilium_proxy_upstream_reply_seconds_count{error="allow"}[$__rate_interval]))',
                "{{scope}}",
            ),
            query(
                "max(sum by (cluster, node) "
                '(rate(cilium_proxy_upstream_reply_seconds_sum{error="allow", scope="totalTime"}[$__rate_interval]))'
                " / sum by (cluster, node) "
                '(rate(cilium_proxy_upstream_reply_seconds_count{error="allow", scope="totalTime"}'
                "[$__rate_interval])))",
                "total, worst node",
            ),
            unit="s",
            legend="list",
            w=10,
        ),
        timeseries(
            "DNS proxy verdicts",
            "Queries and answers that pass the DNS proxy (received), by verdict. denied: no rule matches the name; "
            "parse_errors: the proxy failed, and the agent's log has the reason; timed out: the DNS server did not "
            "answer.",
            query(
                'sum by (rule) (rate(cilium_policy_l7_total{proxy_type="fqdn"}[$__rate_interval]))',
                "{{rule}}",
            ),
            query(
                "sum(rate(cilium_proxy_upstream_reply_seconds_count"
                '{error="timeout", scope="totalTime"}[$__rate_interval]))',
                "timed out",
            ),
            unit="reqps",
            legend="list",
            w=6,
        ),
        timeseries(
            "FQDN selectors",
            "Selectors of toFQDNs rules on the node with the most: each is computed again for each new address.",
            query("max(cilium_fqdn_selectors)", "worst node"),
            unit="none",
            former_title="FQDN selectors and expiry",
        ),
        timeseries(
            "Expired names",
            "Names of toFQDNs rules whose TTL ends. If many expire at once, TTLs are short: raise dnsProxy.minTtl.",
            query("sum(rate(cilium_fqdn_gc_deletions_total[$__rate_interval])) * 60", "all nodes"),
            unit="count:/min",
        ),
        timeseries(
            "FQDN under pressure",
            "Rejected lookups, and lookups answered before the address was in the policy map. Needs "
            "`+cilium_fqdn_semaphore_rejected_total` and `+cilium_proxy_datapath_update_timeout_total` in "
            "prometheus.metrics.",
            query("sum(rate(cilium_fqdn_semaphore_rejected_total[$__rate_interval]))", "refused by limit"),
            query("sum(rate(cilium_proxy_datapath_update_timeout_total[$__rate_interval]))", "released late"),
            unit="reqps",
            thresholds=above(FQDN_PRESSURE),
            no_value=NO_DATA,
        ),
        table(
            "Endpoints with most names",
            "Narrow the patterns in the rules of these endpoints. Needs `+cilium_fqdn_active_names`, "
            "`+cilium_fqdn_active_ips` and `+cilium_fqdn_alive_zombie_connections` in prometheus.metrics.",
            query("topk(10, sum by (cluster, node, endpoint) (cilium_fqdn_active_names))", "names"),
            query("topk(10, sum by (cluster, node, endpoint) (cilium_fqdn_active_ips))", "addresses"),
            query(
                "topk(10, sum by (cluster, node, endpoint) (cilium_fqdn_alive_zombie_connections))",
                "kept in use",
            ),
            unit="none",  # "short" would write the id of an endpoint as 1.04 K
            no_value="no name seen",
            w=16,
        ),
        collapsed=True,
        no_value="no DNS proxy seen",
    )
