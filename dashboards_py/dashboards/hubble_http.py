"""Hubble HTTP: how much traffic has a service, how many errors, how slow, and which caller or workload is it?

For the owner of a service. Quantiles, the most expensive panels, stand in the closed row. CPU of source and destination
is left out: that is not Cilium's to say.
"""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    Board,
    above,
    below,
    choice,
    cluster,
    dashboard,
    one_of,
    query,
    row,
    stat,
    table,
    timeseries,
    to,
    values,
)

NOTHING_SEEN = "no HTTP seen: the handler httpV2 and an L7 rule are needed"


def board(cilium: Release) -> Board:
    """Requests, errors and duration; then the tail and the mix."""
    return dashboard(
        uid="hubble-http",
        title="Hubble / HTTP",
        about="**For the owner of a service.** How much traffic, how many errors, how slow? Which caller, or which "
        "of my workloads? *Reporter* is the side that counted: with one of them nothing counts twice.",
        folder="Hubble",
        replaces=(19423,),
        variables=(
            cluster("hubble_metrics_http_handler_requests_total"),
            one_of("namespace", "Namespace", "hubble_http_requests_total", "destination_namespace"),
            values("workload", "Workload", "hubble_http_requests_total", "destination_workload"),
            values("caller", "Caller", "hubble_http_requests_total", "source_namespace"),
            choice("reporter", "Reporter", ("server", "client")),
        ),
        rows=(
            requests_errors_duration(),
            duration_and_mix(),
        ),
    )


def requests_errors_duration() -> RowPanel:
    """How much, how wrong, how slow?"""
    return row(
        "Requests, errors, duration",
        stat(
            "Requests",
            "Load on the service. Zero while callers live: nothing arrives, or no L7 rule makes HTTP visible.",
            query(
                'sum(rate(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval]))',
                "now",
            ),
            unit="reqps",
        ),
        stat(
            "Without 5xx",
            "Share of requests without a server error. When it falls, the table of workloads says where.",
            query(
                'sum(rate(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter",'
                ' status!~"5.."}[$__rate_interval]))'
                ' / sum(rate(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval]))',
                "share",
            ),
            unit="percentunit",
            limits=below(warning=0.999, critical=0.99),
        ),
        stat(
            "Mean duration",
            "Mean time of a request. The tail is in the quantiles below.",
            query(
                'sum(rate(hubble_http_request_duration_seconds_sum{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval]))'
                ' / sum(rate(hubble_http_request_duration_seconds_count{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval]))',
                "mean",
            ),
            unit="s",
            limits=above(warning=0.5, critical=2),
        ),
        timeseries(
            "Requests by status",
            "503 and 504: a backend is gone or slow, see the Envoy board; 403: an L7 policy, see the policy board.",
            query(
                'sum by (status) (rate(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval]))',
                "{{status}}",
            ),
            unit="reqps",
            links=(
                to("cilium-envoy"),
                to("cilium-policy"),
            ),
            points=60,
        ),
        timeseries(
            "Mean duration over time",
            "Rises with load: capacity; without load: a dependency of the service.",
            query(
                'sum(rate(hubble_http_request_duration_seconds_sum{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval]))'
                ' / sum(rate(hubble_http_request_duration_seconds_count{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval]))',
                "mean",
            ),
            unit="s",
            points=60,
        ),
        table(
            "Workloads",
            "Which of my workloads gets requests, and which fails: click one to see it alone.",
            query(
                "topk(25, sum by (destination_namespace, destination_workload)"
                ' (rate(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval])))',
                "requests/s",
            ),
            query(
                "topk(25, sum by (destination_namespace, destination_workload)"
                ' (rate(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter",'
                ' status=~"5.."}[$__rate_interval])))',
                "5xx/s",
            ),
            unit="reqps",
        ),
        table(
            "Callers",
            "One caller fails: its requests are wrong; all fail: the service is.",
            query(
                "topk(25, sum by (source_namespace, source_workload)"
                ' (rate(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval])))',
                "requests/s",
            ),
            query(
                "topk(25, sum by (source_namespace, source_workload)"
                ' (rate(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter",'
                ' status=~"5.."}[$__rate_interval])))',
                "5xx/s",
            ),
            unit="reqps",
        ),
        no_value=NOTHING_SEEN,
    )


def duration_and_mix() -> RowPanel:
    """Where does the tail sit?"""
    return row(
        "Duration and mix",
        timeseries(
            "Duration quantiles",
            "A p99 far from p50 is a slow replica or a slow path; the table has p95 by workload and caller.",
            query(
                "histogram_quantile(0.5, sum by (le)"
                ' (rate(hubble_http_request_duration_seconds_bucket{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval])))',
                "p50",
            ),
            query(
                "histogram_quantile(0.99, sum by (le)"
                ' (rate(hubble_http_request_duration_seconds_bucket{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval])))',
                "p99",
            ),
            unit="s",
            points=60,
        ),
        table(
            "Slowest workloads and callers, p95",
            "Where the tail sits now: the slowest of my workloads, and the callers that wait longest.",
            query(
                "topk(15, histogram_quantile(0.95, sum by (le, destination_namespace, destination_workload)"
                ' (rate(hubble_http_request_duration_seconds_bucket{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval]))))',
                "by workload",
            ),
            query(
                "topk(15, histogram_quantile(0.95, sum by (le, source_namespace, source_workload)"
                ' (rate(hubble_http_request_duration_seconds_bucket{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller",'
                ' reporter=~"$reporter"}[$__rate_interval]))))',
                "by caller",
            ),
            unit="s",
        ),
        timeseries(
            "5xx by caller",
            "Who suffers, and since when: the ten callers with most errors in the time range.",
            query(
                "sum by (source_namespace, source_workload, status)"
                ' (rate(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter",'
                ' status=~"5.."}[$__rate_interval]))'
                " and topk(10, sum by (source_namespace, source_workload, status)"
                ' (increase(hubble_http_requests_total{destination_namespace=~"$namespace",'
                ' destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter",'
                ' status=~"5.."}[$__range] @ end())))',
                "{{source_namespace}}/{{source_workload}} {{status}}",
            ),
            unit="reqps",
            no_value="no 5xx",
            points=60,
        ),
        closed=True,
        no_value=NOTHING_SEEN,
    )
