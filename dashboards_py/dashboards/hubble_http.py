"""Hubble HTTP: how much traffic, how many errors, how slow, and which caller or workload is the cause?

For owners of services. Quantiles, the most expensive panels, are in the collapsed row. CPU of source and destination is
left out, because Cilium does not measure it.
"""

from dashboards_py.release import Release
from dashboards_py.style import (
    CLIENT,
    HUBBLE_SCRAPED,
    Dashboard,
    Row,
    above,
    below,
    busiest,
    cluster,
    custom_variable,
    dashboard,
    label_variables,
    link_to,
    more_than_an_hour_ago,
    quantile,
    query,
    row,
    share,
    stat,
    table,
    timeseries,
    unless_not_seen,
)
from dashboards_py.style.limits import HTTP_5XX_RISE, HTTP_DURATION, HTTP_SUCCESS, NAMESPACE_5XX

NOTHING_SEEN = "no HTTP seen"

WORKLOAD = "cluster, destination_app"
FIVES = 'status=~"5.."'


def board(_: Release) -> Dashboard:
    """Requests, errors and duration first, then quantiles and errors by caller."""
    anchor = 'hubble_http_requests_total{destination_namespace=~"$namespace"}'
    return dashboard(
        uid="hubble-http",
        title="Hubble / HTTP",
        about="For owners of services. How much traffic, how many errors, how slow? Which caller, or which of my "
        "workloads? Reporter is the side that reports a request: with one of them, requests count once.",
        folder="Hubble",
        replaces=(19423,),
        variables=(
            cluster(HUBBLE_SCRAPED),
            busiest("namespace", "Namespace", "hubble_http_requests_total", "destination_namespace"),
            label_variables("workload", "Workload", anchor, "destination_app"),
            label_variables("caller", "Caller", anchor, "source_namespace"),
            custom_variable("reporter", "Reporter", ("server", "client")),
        ),
        rows=(requests_errors_duration(), tail()),
    )


SELECTED = (
    'destination_namespace=~"$namespace", destination_app=~"$workload", '
    'source_namespace=~"$caller", reporter=~"$reporter"'
)


def selected_traffic(metric: str, also: str = "", window: str = "$__rate_interval") -> str:
    """A range selector of a counter for the selected traffic; `also` is an additional matcher."""
    return f"{metric}{{{', '.join(filter(None, (SELECTED, also)))}}}[{window}]"


REQUESTS = f"rate({selected_traffic('hubble_http_requests_total')})"
FAILED = f"rate({selected_traffic('hubble_http_requests_total', FIVES)})"
SECONDS = f"rate({selected_traffic('hubble_http_request_duration_seconds_sum')})"
COUNTED = f"rate({selected_traffic('hubble_http_request_duration_seconds_count')})"
FAILED_SHARE = share(f"sum by ({WORKLOAD}) ({FAILED})", f"sum by ({WORKLOAD}) ({REQUESTS})")
FAILED_SHARE_OF_ALL = share(f"sum({FAILED})", f"sum({REQUESTS})")


def duration_quantile(share: float, by: str = "") -> str:
    """A quantile of the duration of the selected requests."""
    return quantile(share, "hubble_http_request_duration_seconds", by=by, matchers=SELECTED)


def requests_errors_duration() -> Row:
    """Requests, errors and duration, in total, by workload and by caller."""
    return row(
        "Requests, errors, duration",
        stat(
            "Requests",
            "Load of the service. Zero although callers are active: nothing arrives, or HTTP is not visible on this "
            "side; try the reporter `client`. Needs the Hubble handler `httpV2`, and an L7 rule or a Gateway.",
            query(f"sum({REQUESTS})", "now"),
            unit="reqps",
            h=3,
        ),
        stat(
            "Without 5xx",
            "Share of requests without a server error. If it falls, the tables show whether one workload or one "
            "caller is the cause.",
            query(f"1 - {FAILED_SHARE_OF_ALL}", "share"),
            unit="percentunit",
            thresholds=below(HTTP_SUCCESS),
            decimals=2,
            h=3,
        ),
        stat(
            "Mean duration",
            "Mean time of a request. The collapsed row has quantiles.",
            query(f"sum({SECONDS}) / (sum({COUNTED}) > 0)", "mean"),
            unit="s",
            thresholds=above(HTTP_DURATION),
            h=3,
        ),
        stat(
            "5xx against an hour ago",
            "Share of requests with a server error, less that of an hour ago, of the workload that got worst: its "
            "rollout, or what it calls. At 0, no workload got worse; ignore the name. Needs the Hubble handler "
            "`httpV2`.",
            query(more_than_an_hour_ago(f"({FAILED_SHARE})"), "{{destination_app}} {{cluster}}"),
            unit="percentunit",
            thresholds=above(HTTP_5XX_RISE),
            h=3,
        ),
        timeseries(
            "Requests by status",
            "503 and 504: a backend is down or slow, see the Envoy board; 403: an L7 policy, see the policy board.",
            query(f"sum by (status) ({REQUESTS})", "{{status}}"),
            unit="reqps",
            legend="right",
            links=(link_to("cilium-envoy"), link_to("cilium-policy")),
        ),
        timeseries(
            "Mean duration over time",
            "If it rises with load, the service needs more capacity; without load, a dependency is slow.",
            query(f"sum({SECONDS}) / (sum({COUNTED}) > 0)", "mean"),
            unit="s",
        ),
        table(
            "Workloads",
            "Your workloads, those with errors first: click a workload to see it alone.",
            query(
                f"topk(25, sum by ({WORKLOAD}) ({FAILED}) / sum by ({WORKLOAD}) ({REQUESTS}) > 0)",
                "5xx",
                unit="percentunit",
                thresholds=above(NAMESPACE_5XX),
            ),
            query(f"topk(25, sum by ({WORKLOAD}) ({REQUESTS}))", "requests"),
            query(
                f"sum by ({WORKLOAD}) ({SECONDS}) / (sum by ({WORKLOAD}) ({COUNTED}) > 0)"
                f" and topk(25, sum by ({WORKLOAD}) ({REQUESTS}))",
                "mean duration",
                unit="s",
            ),
            rank="columns",
            unit="reqps",
            no_value=NOTHING_SEEN,
            links=(link_to("hubble-http", "Only this workload", workload="destination_app"),),
        ),
        table(
            "Callers",
            "If one caller fails, its requests are wrong; if all fail, it is the service. Click a caller to see its "
            "namespace alone, or its network traffic.",
            query(
                f"topk(25, sum by ({CLIENT}) ({FAILED}) / sum by ({CLIENT}) ({REQUESTS}) > 0)",
                "5xx",
                unit="percentunit",
                thresholds=above(NAMESPACE_5XX),
            ),
            query(f"topk(25, sum by ({CLIENT}) ({REQUESTS}))", "requests"),
            rank="columns",
            unit="reqps",
            no_value=NOTHING_SEEN,
            links=(
                link_to("hubble-http", "Only this caller's namespace", caller="source_namespace"),
                link_to("hubble-network", namespace="source_namespace"),
            ),
        ),
        no_value=NOTHING_SEEN,
    )


def tail() -> Row:
    """Quantiles and server errors by workload and caller."""
    in_range = selected_traffic("hubble_http_requests_total", FIVES, window="$__range")
    return row(
        "Tail and errors",
        timeseries(
            "Duration quantiles",
            "A p99 far from p50 indicates a slow replica or path; the tables have p95 by workload and by caller. Each "
            "point needs 100 requests for p99; without them widen the time range.",
            query(duration_quantile(0.5), "p50"),
            query(duration_quantile(0.99), "p99"),
            unit="s",
            w=12,
        ),
        table(
            "5xx by caller",
            "The ten callers with most server errors in the time range. Select one as caller above to see when the "
            "errors began.",
            unless_not_seen(
                query(f"topk(10, sum by ({CLIENT}, status) (increase({in_range})) > 0)", "errors"),
                "hubble_http_requests_total",
                NOTHING_SEEN,
                "source_namespace",
            ),
            unit="none",
            no_value="none seen",
            links=(link_to("hubble-network", namespace="source_namespace"),),
        ),
        table(
            "Slowest workloads",
            "Your workloads with 20 requests or more by current p95. If one is slow, check its replicas; if all are, "
            "check what they share.",
            query(f"topk(15, {duration_quantile(0.95, WORKLOAD)})", "p95"),
            unit="s",
            no_value=NOTHING_SEEN,
            links=(link_to("hubble-http", "Only this workload", workload="destination_app"),),
        ),
        table(
            "Slowest callers",
            "Callers with 20 requests or more by current p95. If one is slow, check its network path and its kind of "
            "requests.",
            query(f"topk(15, {duration_quantile(0.95, CLIENT)})", "p95"),
            unit="s",
            no_value=NOTHING_SEEN,
            links=(link_to("hubble-network", namespace="source_namespace"),),
        ),
        collapsed=True,
        no_value=NOTHING_SEEN,
    )
