"""Reader: application team or DNS owner. Do my lookups fail or stay unanswered? Who asks for what? Which servers answer? Variables: datasource, cluster, namespace (of the client, All `.*`). Needs H:dns; latency of the DNS proxy is on cilium-policy. Left out: nothing. Most expensive: answers by code (open), queries over time (closed); `dns:query` is the costliest label of all, drop it on large clusters. Samples: open 2.6 M, all 8.2 M (upstream 48 M)."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board, above, bargauge, cluster, dashboard, query, row, stat, table, timeseries, to


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster, namespace (of the client, All `.*`)"""
    return dashboard(
        uid="hubble-dns",
        title="Hubble / DNS",
        about="For application team or DNS owner. Do my lookups fail or stay unanswered? Who asks for what? Which servers answer?",
        folder="Hubble",
        replaces=(19425,),
        variables=(cluster("hubble_metrics_http_handler_requests_total"),),
        rows=(
            do_lookups_work(),
            names_and_servers(),
        ),
    )


def do_lookups_work() -> RowPanel:
    """TODO"""
    return row(
        "Do lookups work?",
        stat(
            "Queries",
            "Load: a jump is a client without a cache, see Queries by client [needs: H:dns]",
            query('sum(rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval]))', "asked"),
            unit="reqps",
        ),
        stat(
            "Error share",
            "High with only NXDOMAIN: search path (ndots) [needs: H:dns]",
            query(
                'sum(rate(hubble_dns_responses_total{destination_namespace=~"$namespace", rcode!="No Error"}[$__rate_interval])) / sum(rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval]))',
                "of answers",
            ),
            unit="percentunit",
            limits=above(warning=0.3, critical=0.6),
            no_value="none seen",
        ),
        stat(
            "Unanswered share",
            "Drops, overloaded CoreDNS or the DNS proxy [needs: H:dns]",
            query(
                '1 - sum(rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval])) / sum(rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval]))',
                "of queries",
            ),
            unit="percentunit",
            limits=above(warning=0.02, critical=0.1),
            links=(to("cilium-policy"),),
        ),
        timeseries(
            "Answers by code",
            "Server Failure: upstream DNS; Refused: zone or ACL [needs: H:dns]",
            query(
                'sum by (rcode) (rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval]))',
                "{{rcode}}",
            ),
            unit="reqps",
            points=60,
        ),
        table(
            "Clients with errors",
            "Fix the client's name or search path [needs: H:dns]",
            query(
                'topk(20, sum by (destination_namespace, destination_workload, rcode) (rate(hubble_dns_responses_total{destination_namespace=~"$namespace", rcode!="No Error"}[$__rate_interval])))',
                "errors",
            ),
            unit="reqps",
            no_value="none seen",
        ),
        bargauge(
            "Clients without answer",
            "Queries minus answers, now: drops towards DNS or an overloaded server [needs: H:dns]",
            query(
                'topk(10, sum by (source_namespace, source_workload) (rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval])) - sum by (source_namespace, source_workload) (label_replace(label_replace(sum by (destination_namespace, destination_workload) (rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval])), "source_namespace", "$1", "destination_namespace", "(.*)"), "source_workload", "$1", "destination_workload", "(.*)")) > 0)',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="reqps",
            limits=above(warning=1),
            no_value="all answered",
        ),
        bargauge(
            "Refused by policy",
            "The DNS rule of the policy does not match the name asked [needs: H:dns and a DNS policy]",
            query(
                'topk(10, sum by (source_namespace, source_workload) (rate(hubble_dns_queries_total{source_namespace=~"$namespace", rcode="Policy denied"}[$__rate_interval])))',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="reqps",
            no_value="none seen",
            links=(to("cilium-policy"),),
        ),
    )


def names_and_servers() -> RowPanel:
    """TODO"""
    return row(
        "Names and servers",
        timeseries(
            "Queries by client",
            "Fixed top ten: a client that asks hundreds of times a second should cache [needs: H:dns]",
            query(
                'sum by (source_namespace, source_workload) (rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval])) and topk(10, sum by (source_namespace, source_workload) (increase(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__range] @ end())))',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="reqps",
            points=60,
        ),
        bargauge(
            "Busiest names",
            "Asked most: cache in the client or on the node [needs: H:dns with `query`]",
            query(
                'topk(15, sum by (query) (rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval])) * 60)',
                "{{query}}",
            ),
            unit="opm",
        ),
        bargauge(
            "Names that do not exist",
            "Names with the cluster suffix appended: use a trailing dot or ndots 1 [needs: H:dns with `query`]",
            query(
                'topk(15, sum by (query) (rate(hubble_dns_responses_total{destination_namespace=~"$namespace", rcode="Non-Existent Domain"}[$__rate_interval])) * 60)',
                "{{query}}",
            ),
            unit="opm",
            no_value="none seen",
        ),
        table(
            "Types and servers",
            "AAAA without IPv6 is waste; uneven servers: check the Service [needs: H:dns]",
            query(
                'topk(10, sum by (qtypes) (rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval])))',
                "asked",
            ),
            query(
                'topk(10, sum by (source_namespace, source_workload) (rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval])))',
                "answered by",
            ),
            unit="reqps",
        ),
        closed=True,
    )
