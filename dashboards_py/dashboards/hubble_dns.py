"""Hubble DNS: do lookups fail or stay unanswered, who asks for what, and which servers answer?

For an application team or the owner of DNS; `$namespace` is that of the client. The latency of the DNS proxy stands on
cilium-policy. The option `query` of the handler `dns` gives the costliest label of all: leave it out on large clusters.
"""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    Board,
    above,
    bargauge,
    cluster,
    dashboard,
    namespace,
    query,
    row,
    stat,
    table,
    timeseries,
    to,
)

HANDLER_OFF = "the handler dns is not enabled in hubble.metrics.enabled"


def board(cilium: Release) -> Board:
    """Failures and silence first, then names and servers."""
    return dashboard(
        uid="hubble-dns",
        title="Hubble / DNS",
        about="**For an application team or the owner of DNS.** Do lookups fail or stay unanswered? Who asks for "
        "what? Which servers answer? `$namespace` is the client's.",
        folder="Hubble",
        replaces=(19425,),
        variables=(
            cluster("hubble_metrics_http_handler_requests_total"),
            namespace("namespace", "Namespace", "source_namespace"),
        ),
        rows=(
            do_lookups_work(),
            names_and_servers(),
        ),
    )


def do_lookups_work() -> RowPanel:
    """Do lookups fail, or stay unanswered?"""
    return row(
        "Do lookups work?",
        stat(
            "Queries",
            "DNS queries. A jump is a client without a cache: see Queries by client. Needs the Hubble handler `dns`.",
            query('sum(rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval]))', "asked"),
            unit="reqps",
        ),
        stat(
            "Error share",
            "Share of answers with an error. High with only Non-Existent Domain: search paths are tried first, "
            "use a trailing dot or a smaller `ndots`. Needs the Hubble handler `dns`.",
            query(
                'sum(rate(hubble_dns_responses_total{destination_namespace=~"$namespace",'
                ' rcode!="No Error"}[$__rate_interval]))'
                ' / sum(rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval]))',
                "of answers",
            ),
            unit="percentunit",
            limits=above(warning=0.3, critical=0.6),
            no_value="none seen",
        ),
        stat(
            "Unanswered share",
            "Share of queries without an answer: dropped packets, an overloaded CoreDNS, or the DNS proxy, which "
            "the policy board shows. Needs the Hubble handler `dns`.",
            query(
                "1 - "
                'sum(rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval]))'
                ' / sum(rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval]))',
                "of queries",
            ),
            unit="percentunit",
            limits=above(warning=0.02, critical=0.1),
            links=(to("cilium-policy"),),
        ),
        timeseries(
            "Answers by code",
            "Server Failure: the servers behind yours fail; Refused: a zone or an access list. Needs the Hubble "
            "handler `dns`.",
            query(
                "sum by (rcode) "
                '(rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval]))',
                "{{rcode}}",
            ),
            unit="reqps",
            points=60,
        ),
        table(
            "Clients with errors",
            "Who gets errors: mend the name that the client asks for, or its search path. Needs the Hubble "
            "handler `dns`.",
            query(
                "topk(20, sum by (destination_namespace, destination_workload, rcode)"
                ' (rate(hubble_dns_responses_total{destination_namespace=~"$namespace",'
                ' rcode!="No Error"}[$__rate_interval])))',
                "errors",
            ),
            unit="reqps",
            no_value="none seen",
        ),
        bargauge(
            "Clients without answer",
            "Queries minus answers, now: drops on the way to DNS, or an overloaded server. Needs the Hubble "
            "handler `dns`.",
            query(
                "topk(10, sum by (source_namespace, source_workload)"
                ' (rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval]))'
                " - sum by (source_namespace, source_workload) (label_replace(label_replace(sum by"
                " (destination_namespace, destination_workload)"
                ' (rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval])),'
                ' "source_namespace", "$1", "destination_namespace", "(.*)"), "source_workload", "$1",'
                ' "destination_workload", "(.*)")) > 0)',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="reqps",
            limits=above(warning=1),
            no_value="all answered",
        ),
        bargauge(
            "Refused by policy",
            "Queries that a DNS policy refused: no rule matches the name asked. Needs the Hubble handler `dns` "
            "and a DNS policy.",
            query(
                "topk(10, sum by (source_namespace, source_workload)"
                ' (rate(hubble_dns_queries_total{source_namespace=~"$namespace",'
                ' rcode="Policy denied"}[$__rate_interval])))',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="reqps",
            no_value="none seen",
            links=(to("cilium-policy"),),
        ),
        no_value=HANDLER_OFF,
    )


def names_and_servers() -> RowPanel:
    """Who asks for which names, and who answers?"""
    return row(
        "Names and servers",
        timeseries(
            "Queries by client",
            "The ten busiest clients of the time range. One that asks hundreds of times a second should cache. "
            "Needs the Hubble handler `dns`.",
            query(
                "sum by (source_namespace, source_workload)"
                ' (rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval]))'
                " and topk(10, sum by (source_namespace, source_workload)"
                ' (increase(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__range] @ end())))',
                "{{source_namespace}}/{{source_workload}}",
            ),
            unit="reqps",
            points=60,
        ),
        bargauge(
            "Busiest names",
            "Names asked most: cache them in the client or on the node. Needs the Hubble handler `dns` with the "
            "option `query`.",
            query(
                "topk(15, sum by (query) "
                '(rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval])) * 60)',
                "{{query}}",
            ),
            unit="opm",
        ),
        bargauge(
            "Names that do not exist",
            "Names with the cluster's suffix appended come from search paths: use a trailing dot or `ndots: 1`. "
            "Needs the Hubble handler `dns` with the option `query`.",
            query(
                'topk(15, sum by (query) (rate(hubble_dns_responses_total{destination_namespace=~"$namespace",'
                ' rcode="Non-Existent Domain"}[$__rate_interval])) * 60)',
                "{{query}}",
            ),
            unit="opm",
            no_value="none seen",
        ),
        table(
            "Types and servers",
            "AAAA queries without IPv6 are waste; servers that answer unevenly: check the Service. Needs the "
            "Hubble handler `dns`.",
            query(
                "topk(10, sum by (qtypes) "
                '(rate(hubble_dns_queries_total{source_namespace=~"$namespace"}[$__rate_interval])))',
                "asked",
            ),
            query(
                "topk(10, sum by (source_namespace, source_workload)"
                ' (rate(hubble_dns_responses_total{destination_namespace=~"$namespace"}[$__rate_interval])))',
                "answered by",
            ),
            unit="reqps",
        ),
        closed=True,
        no_value=HANDLER_OFF,
    )
