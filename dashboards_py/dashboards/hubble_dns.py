"""Hubble DNS: do lookups fail or get no answer, which clients ask for which names, and which servers answer?

For application teams and owners of DNS; `$namespace` is that of the client. The latency of the DNS proxy is on
cilium-policy. The most expensive panels are answers by code, below the first screen, and, in the collapsed row, queries
by client. The option `query` of the handler `dns` adds the most expensive label: do not use it on large clusters.
"""

from dashboards_py.release import Release
from dashboards_py.style import (
    CLIENT,
    DENIED,
    DNS_SERVER,
    ENOUGH,
    FROM_HOST,
    HUBBLE_SCRAPED,
    L3_L4,
    LOST_BEFORE,
    SERVER,
    Dashboard,
    Row,
    above,
    answers_by_client_namespace,
    bargauge,
    below,
    cluster,
    dashboard,
    hour_ago,
    link_to,
    lookups,
    lookups_by_namespace,
    namespace,
    of_source,
    query,
    row,
    share,
    stat,
    table,
    timeseries,
    unless_not_seen,
)
from dashboards_py.style.limits import (
    CLIENTS_WITHOUT_ANSWER,
    DNS_ANSWERS_LEFT,
    DNS_DROPS,
    DNS_ERRORS,
    DNS_REFUSED,
    DNS_UNANSWERED,
)

NOTHING_SEEN = "no lookup seen"

# The client is the source of a query and the destination of an answer.
QUERIES = 'rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval])'
REFUSED = 'rate(hubble_dns_queries_total{source_namespace=~"$namespace", rcode="Policy denied"}[$__rate_interval])'
ANSWERED = 'rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval])'
DENIED_BEFORE = (  # the DNS proxy sees a query: at L3/L4
    f'rate(hubble_policy_verdicts_total{{{DENIED}, {L3_L4}, {DNS_SERVER}, source_namespace=~"$namespace"}}'
    "[$__rate_interval])"
)
DROPPED_TO_SERVER = (
    f"sum by ({CLIENT}, protocol, reason)"
    f' (rate(hubble_drop_total{{{DNS_SERVER}, source_namespace=~"$namespace"}}[$__rate_interval]))'
)
OF_CLIENTS = 'source_namespace=~"$namespace"'
TRIED = lookups_by_namespace(OF_CLIENTS)
ANSWERED_BY_CLIENT = answers_by_client_namespace('destination_namespace=~"$namespace"')
FAILED = 'rate(hubble_dns_responses_total{destination_namespace=~"$namespace", rcode!="No Error"}[$__rate_interval])'
OF_CLIENT = "{{destination_namespace}} {{cluster}}"
OF_NAMESPACE = "{{source_namespace}} {{cluster}}"
ERROR_SHARE = share(
    f"sum by (cluster, destination_namespace) ({FAILED})",
    f"sum by (cluster, destination_namespace) ({ANSWERED})",
    more_than=ENOUGH,
)
DECIDED = lookups(OF_CLIENTS, "cluster, source_namespace", dropped=False)  # by policy
REFUSED_SHARE = share(f"sum by (cluster, source_namespace) ({REFUSED} or {DENIED_BEFORE})", DECIDED, more_than=ENOUGH)
LOST = (  # on their way to the server, where neither a query nor a verdict counts them
    f'rate(hubble_drop_total{{{LOST_BEFORE}, source_namespace=~"$namespace"}}[$__rate_interval])'
)
LOOKUPS = f"sum by (cluster, source_namespace) ({QUERIES} or {DENIED_BEFORE} or {LOST})"
ANSWERED_BEFORE = f"{ANSWERED_BY_CLIENT} / ({LOOKUPS} > {ENOUGH})"
ANSWERS_A_LOOKUP = share(ANSWERED_BY_CLIENT, LOOKUPS, more_than=ENOUGH)


def board(_: Release) -> Dashboard:
    """Failed and unanswered lookups first, then clients, names and types."""
    return dashboard(
        uid="hubble-dns",
        title="Hubble / DNS",
        about="For application teams and owners of DNS. Do lookups fail or get no answer? Which clients ask for "
        "which names? Which servers answer? Namespace is the client's.",
        folder="Hubble",
        replaces=(19425,),
        variables=(
            cluster(HUBBLE_SCRAPED),
            namespace("namespace", "Namespace", "source_namespace"),
        ),
        rows=(failing_lookups(), clients()),
    )


def named_reason(drops: str) -> str:
    """Drops with a name for those without a reason, which are a proxy's (pkg/hubble/parser/seven/parser.go)."""
    return f'label_replace({drops}, "reason", "refused by a proxy", "reason", "DROP_REASON_UNKNOWN")'


def failing_lookups() -> Row:
    """Failed, unanswered and rejected lookups."""
    answered = of_source("app", of_source("namespace", f"sum by ({SERVER}) ({ANSWERED})"))
    answered = f"sum by ({CLIENT}) ({answered})"
    return row(
        "Do lookups work?",
        stat(
            "Queries",
            "DNS queries that Cilium sees, for which a policy needs a DNS rule. A jump is a client without a cache: "
            "see Queries by client below. Needs the Hubble handler `dns`.",
            query(f"sum({QUERIES})", "asked"),
            unit="reqps",
            w=8,
            h=3,
        ),
        stat(
            "Error share",
            "Share of answers with an error, in the worst namespace. Many Non-Existent Domain: clients try search "
            "paths first; use a trailing dot or a smaller `ndots`. Needs the Hubble handler `dns`.",
            query(
                f"topk(1, {ERROR_SHARE})",
                OF_CLIENT,
            ),
            unit="percentunit",
            thresholds=above(DNS_ERRORS),
            no_value="no answer seen",
            w=8,
            h=3,
        ),
        stat(
            "Unanswered share",
            "Share of lookups without an answer, in the worst namespace, whether policy denies them, packets are "
            "dropped, or CoreDNS or the DNS proxy (see the policy board) is overloaded. The tables name the clients. "
            f"{FROM_HOST} Needs the Hubble handlers `dns`, `policy` and `drop`.",
            query(
                f"topk(1, clamp_min(1 - {share(ANSWERED_BY_CLIENT, TRIED, more_than=ENOUGH)}, 0))",
                OF_NAMESPACE,
            ),
            unit="percentunit",
            thresholds=above(DNS_UNANSWERED),
            links=(link_to("cilium-policy"),),
            w=8,
            h=3,
        ),
        stat(
            "Refused by policy",
            "Share of lookups that policy denies, in the worst namespace: by name in the DNS proxy, or at L3/L4, for "
            "which the client needs a rule for the DNS servers. Clients with many are in the tables. "
            f"{FROM_HOST} Needs the Hubble handlers `dns` and `policy`.",
            query(
                f"topk(1, {REFUSED_SHARE})",
                OF_NAMESPACE,
            ),
            unit="percentunit",
            thresholds=above(DNS_REFUSED),
            links=(link_to("cilium-policy"),),
            w=12,
            h=3,
        ),
        stat(
            "Answers left of an hour ago",
            "Answers to each lookup, as a share of those an hour ago, in the namespace that lost most. Lookups that "
            "are denied or dropped on their way count as well; a namespace that asks less has lost nothing. "
            f"{FROM_HOST} Needs the Hubble handlers `dns`, `policy` and `drop`.",
            query(
                f"bottomk(1, {ANSWERS_A_LOOKUP} / ({hour_ago(ANSWERED_BEFORE)} > 0))",
                OF_NAMESPACE,
            ),
            unit="percentunit",
            thresholds=below(DNS_ANSWERS_LEFT),
            no_value="no answer seen",
            former_title="Answers against an hour ago",
            w=12,
            h=3,
        ),
        table(
            "Clients without answer",
            "Clients of whose lookups 5 % or more have no answer. If the table of drops does not have them, look for "
            f"drops on the network board, then for an overloaded server. {FROM_HOST} Needs the Hubble handlers `dns`, "
            "`policy` and `drop`.",
            unless_not_seen(
                query(
                    f"topk(10, 1 - {share(answered, lookups(OF_CLIENTS), more_than=ENOUGH)}"
                    f" > {CLIENTS_WITHOUT_ANSWER.warning})",
                    "unanswered",
                    levels=(CLIENTS_WITHOUT_ANSWER.level("warning"),),
                ),
                "hubble_dns_queries_total",
                NOTHING_SEEN,
                "source_namespace",
            ),
            unit="percentunit",
            thresholds=above(CLIENTS_WITHOUT_ANSWER),
            no_value="no outlier",
            links=(link_to("hubble-network", namespace="source_namespace"),),
            w=9,
            h=7,
        ),
        table(
            "Dropped on the way to DNS",
            "Drop events on the way to DNS servers, by client; UDP and TCP are mostly port 53, DNS is a query that "
            "the proxy refused: see Clients refused by policy. POLICY_DENIED: allow the client port 53 of the servers "
            "(`toPorts`, protocol ANY); a denied packet is two events. Needs the Hubble handler `drop`.",
            unless_not_seen(
                query(
                    f"topk(10, {named_reason(DROPPED_TO_SERVER)} > {DNS_DROPS.critical})",
                    "events",
                    levels=(DNS_DROPS.level("critical"),),
                ),
                "hubble_drop_total",
                "no drop seen",
                "source_namespace",
            ),
            unit="eps",
            thresholds=above(DNS_DROPS),
            no_value="no outlier",
            links=(link_to("hubble-network", namespace="source_namespace"),),
            widths={"reason": 215},
            w=15,
            h=7,
        ),
        table(
            "Clients with errors",
            "Clients that get errors: fix the name that the client asks for, or its search path. "
            "`hubble observe --protocol dns` shows the names. Needs the Hubble handler `dns`.",
            unless_not_seen(
                query(f"topk(20, sum by ({SERVER}, rcode) ({FAILED}) > 0)", "errors"),
                "hubble_dns_responses_total",
                "no answer seen",
                "destination_namespace",
            ),
            unit="reqps",
            no_value="none seen",
            links=(link_to("hubble-network", namespace="destination_namespace"),),
            w=14,
            h=12,
        ),
        table(
            "Servers",
            "Servers that answer. Restrict unknown servers by policy; if shares are uneven, check the Service of "
            "CoreDNS. Servers outside of the cluster have no name. Needs the Hubble handler `dns`.",
            query(f"topk(10, sum by ({CLIENT}) ({ANSWERED}))", "answers"),
            unit="reqps",
            no_value="no answer seen",
            w=10,
            h=12,
        ),
        timeseries(
            "Answers by code",
            "Server Failure: the upstream servers fail; Query Refused: a zone or an access list. Needs the Hubble "
            "handler `dns`.",
            query(f"sum by (rcode) ({ANSWERED})", "{{rcode}}"),
            unit="reqps",
            legend="right",
            w=14,
            h=7,
        ),
        table(
            "Busiest names",
            "The most frequent names: cache them in the client or on the node. If there is one row without a name, the "
            "Hubble handler `dns` lacks the option `query`.",
            query(f"topk(15, sum by (query) ({QUERIES}) > 0)", "asked"),
            unit="reqps",
            no_value=NOTHING_SEEN,
            w=10,
            h=7,
        ),
        no_value=NOTHING_SEEN,
    )


def clients() -> Row:
    """Clients with many, failed or rejected queries, and record types."""
    return row(
        "Clients, names and types",
        table(
            "Queries by client",
            "The ten busiest clients, on average over the time range. A client with hundreds of queries per second "
            "should cache. Needs the Hubble handler `dns`.",
            query(
                f"topk(10, sum by ({CLIENT})"
                ' (rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__range])))',
                "asked",
            ),
            unit="reqps",
            no_value=NOTHING_SEEN,
            links=(link_to("hubble-network", namespace="source_namespace"),),
        ),
        table(
            "Clients refused by policy",
            "Clients that asked for names that no rule of their DNS policy matches. Add the name to `matchPattern`, "
            "or find out why the client needs it. Needs the Hubble handler `dns`.",
            unless_not_seen(
                query(f"topk(10, sum by ({CLIENT}) ({REFUSED}) > 0)", "refused"),
                "hubble_dns_queries_total",
                NOTHING_SEEN,
                "source_namespace",
            ),
            unit="reqps",
            no_value="none seen",
            links=(link_to("cilium-policy"),),
        ),
        table(
            "Names that do not exist",
            "Names with the cluster's suffix appended come from search paths: use a trailing dot or `ndots: 1`. "
            "Needs the Hubble handler `dns` with the option `query`.",
            query(
                'topk(15, sum by (query) (rate(hubble_dns_responses_total{destination_namespace=~"$namespace",'
                ' rcode="Non-Existent Domain"}[$__rate_interval])) > 0)',
                "asked",
            ),
            unit="reqps",
            no_value="no such name seen",
            w=14,
        ),
        bargauge(
            "Types asked for",
            "AAAA queries in a cluster without IPv6 are unnecessary: the handler's option `ignoreAAAA` hides them, a "
            "resolver setting of the client avoids them. Needs the Hubble handler `dns`.",
            query(f"topk(10, sum by (qtypes) ({QUERIES}))", "{{qtypes}}"),
            unit="reqps",
            w=10,
        ),
        collapsed=True,
        no_value=NOTHING_SEEN,
    )
