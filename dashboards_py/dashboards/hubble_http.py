"""Reader: owner of a service. How much traffic, how many errors, how slow? Which caller or which of my workloads? Variables: datasource, cluster, namespace (destination, first value, no All), workload (destination, multi, All `.*`), caller (source namespace, All `.*`), reporter (`server`, `client`; default server, so nothing counts twice). Needs H:httpV2 and an L7 policy or Gateway that makes HTTP visible; every panel: nv `no HTTP seen: H:httpV2 and an L7 rule are needed`. Left out: CPU of source and destination w19 w20 (recording rules of kubernetes-mixin, not Cilium: use its workload board). Most expensive: quantiles (closed). Samples: open 0.3 M, all 2.0 M (upstream 6.7 M)."""

from grafanalib.core import RowPanel

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board, above, below, cluster, dashboard, query, row, stat, table, timeseries, to


def board(cilium: Release) -> Board:
    """TODO variables: datasource, cluster, namespace (destination, first value, no All), workload (destination, multi, All `.*`), caller (source namespace, All `.*`), reporter (`server`, `client`; default server, so nothing counts twice)"""
    return dashboard(
        uid="hubble-http",
        title="Hubble / HTTP",
        about="For owner of a service. How much traffic, how many errors, how slow? Which caller or which of my workloads?",
        folder="Hubble",
        replaces=(19423,),
        variables=(cluster("hubble_metrics_http_handler_requests_total"),),
        rows=(
            requests_errors_duration(),
            duration_and_mix(),
        ),
    )


def requests_errors_duration() -> RowPanel:
    """TODO"""
    return row(
        "Requests, errors, duration",
        stat(
            "Requests",
            "Load on the service: zero while callers live means nothing arrives or HTTP is not made visible [needs: H:httpV2]",
            query(
                'sum(rate(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval]))',
                "now",
            ),
            unit="reqps",
        ),
        stat(
            "Without 5xx",
            "Falls: by workload below [needs: H:httpV2]",
            query(
                'sum(rate(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter", status!~"5.."}[$__rate_interval])) / sum(rate(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval]))',
                "share",
            ),
            unit="percentunit",
            limits=below(warning=0.999, critical=0.99),
        ),
        stat(
            "Mean duration",
            "Tail: quantiles below [needs: H:httpV2]",
            query(
                'sum(rate(hubble_http_request_duration_seconds_sum{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval])) / sum(rate(hubble_http_request_duration_seconds_count{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval]))',
                "mean",
            ),
            unit="s",
            limits=above(warning=0.5, critical=2),
        ),
        timeseries(
            "Requests by status",
            "503 and 504: backend gone or slow; 403: L7 policy [needs: H:httpV2]",
            query(
                'sum by (status) (rate(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval]))',
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
            "Rises with load: capacity; without load: a dependency [needs: H:httpV2]",
            query(
                'sum(rate(hubble_http_request_duration_seconds_sum{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval])) / sum(rate(hubble_http_request_duration_seconds_count{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval]))',
                "mean",
            ),
            unit="s",
            points=60,
        ),
        table(
            "Workloads",
            "Which of my workloads fails; click sets workload [needs: H:httpV2]",
            query(
                'topk(25, sum by (destination_namespace, destination_workload) (rate(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval])))',
                "requests/s",
            ),
            query(
                'topk(25, sum by (destination_namespace, destination_workload) (rate(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter", status=~"5.."}[$__rate_interval])))',
                "5xx/s",
            ),
            unit="reqps",
        ),
        table(
            "Callers",
            "One caller fails: its requests; all fail: the service [needs: H:httpV2]",
            query(
                'topk(25, sum by (source_namespace, source_workload) (rate(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval])))',
                "requests/s",
            ),
            query(
                'topk(25, sum by (source_namespace, source_workload) (rate(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter", status=~"5.."}[$__rate_interval])))',
                "5xx/s",
            ),
            unit="reqps",
        ),
    )


def duration_and_mix() -> RowPanel:
    """TODO"""
    return row(
        "Duration and mix",
        timeseries(
            "Duration quantiles",
            "p99 far from p50: a slow replica or path; p95 by workload and caller in the table [needs: H:httpV2]",
            query(
                'histogram_quantile(0.5, sum by (le) (rate(hubble_http_request_duration_seconds_bucket{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval])))',
                "p50",
            ),
            query(
                'histogram_quantile(0.99, sum by (le) (rate(hubble_http_request_duration_seconds_bucket{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval])))',
                "p99",
            ),
            unit="s",
            points=60,
        ),
        table(
            "Slowest workloads and callers, p95",
            "Now: where the tail sits [needs: H:httpV2]",
            query(
                'topk(15, histogram_quantile(0.95, sum by (le, destination_namespace, destination_workload) (rate(hubble_http_request_duration_seconds_bucket{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval]))))',
                "by workload",
            ),
            query(
                'topk(15, histogram_quantile(0.95, sum by (le, source_namespace, source_workload) (rate(hubble_http_request_duration_seconds_bucket{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter"}[$__rate_interval]))))',
                "by caller",
            ),
            unit="s",
        ),
        timeseries(
            "5xx by caller",
            "Fixed top ten: who suffers, since when [needs: H:httpV2]",
            query(
                'sum by (source_namespace, source_workload, status) (rate(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter", status=~"5.."}[$__rate_interval])) and topk(10, sum by (source_namespace, source_workload, status) (increase(hubble_http_requests_total{destination_namespace=~"$namespace", destination_workload=~"$workload", source_namespace=~"$caller", reporter=~"$reporter", status=~"5.."}[$__range] @ end())))',
                "{{source_namespace}}/{{source_workload}} {{status}}",
            ),
            unit="reqps",
            no_value="no 5xx",
            points=60,
        ),
        closed=True,
    )
