"""Hubble HTTP: how much traffic has a service, how many errors, how slow, and which caller or workload is it?

For the owner of a service. Quantiles, the most expensive panels, are in the collapsed row. CPU of source and
destination is left out: that is not Cilium's to say.
"""

from dashboards_py.catalog.release import Release
from dashboards_py.style import (
    Dashboard,
    Row,
    above,
    below,
    cluster,
    custom_variable,
    dashboard,
    label_variable,
    label_variables,
    link_to,
    query,
    row,
    stat,
    table,
    timeseries,
)

NOTHING_SEEN = "no HTTP seen: the handler httpV2 and an L7 rule are needed"

WORKLOAD = "destination_app"
CALLER = "source_namespace, source_app"
FIVES = 'status=~"5.."'


def board(_: Release) -> Dashboard:
    """Requests, errors and duration; then the tail."""
    anchor = 'hubble_http_requests_total{destination_namespace=~"$namespace"}'
    return dashboard(
        uid="hubble-http",
        title="Hubble / HTTP",
        about="**For the owner of a service.** How much traffic, how many errors, how slow? Which caller, or which "
        "of my workloads? *Reporter* is the side that counted: with one of them nothing counts twice.",
        folder="Hubble",
        replaces=(19423,),
        variables=(
            cluster("hubble_metrics_http_handler_requests_total"),
            label_variable("namespace", "Namespace", "hubble_http_requests_total", "destination_namespace"),
            label_variables("workload", "Workload", anchor, "destination_app"),
            label_variables("caller", "Caller", anchor, "source_namespace"),
            custom_variable("reporter", "Reporter", ("server", "client")),
        ),
        rows=(requests_errors_duration(), tail()),
    )


def selected_traffic(metric: str, also: str = "", window: str = "$__rate_interval") -> str:
    """The chosen traffic's series of a counter over a window; `also` is a further matcher."""
    matchers = (
        'destination_namespace=~"$namespace"',
        'destination_app=~"$workload"',
        'source_namespace=~"$caller"',
        'reporter=~"$reporter"',
        *([also] if also else []),
    )
    return f"{metric}{{{', '.join(matchers)}}}[{window}]"


REQUESTS = f"rate({selected_traffic('hubble_http_requests_total')})"
FAILED = f"rate({selected_traffic('hubble_http_requests_total', FIVES)})"
SECONDS = f"rate({selected_traffic('hubble_http_request_duration_seconds_sum')})"
COUNTED = f"rate({selected_traffic('hubble_http_request_duration_seconds_count')})"
BUCKETS = f"rate({selected_traffic('hubble_http_request_duration_seconds_bucket')})"


def requests_errors_duration() -> Row:
    """How much, how wrong, how slow?"""
    return row(
        "Requests, errors, duration",
        stat(
            "Requests",
            "Load on the service. Zero while callers live: nothing arrives, or HTTP is not made visible on this side: "
            "try the reporter `client`. Needs the Hubble handler `httpV2`, and an L7 rule or a Gateway.",
            query(f"sum({REQUESTS})", "now"),
            unit="reqps",
            h=3,
        ),
        stat(
            "Without 5xx",
            "Share of requests without a server error. When it falls, the tables say whether one workload or one "
            "caller is the reason.",
            query(f"1 - (sum({FAILED}) or 0 * sum({REQUESTS})) / (sum({REQUESTS}) > 0)", "share"),
            unit="percentunit",
            thresholds=below(warning=0.999, critical=0.99),
            decimals=2,
            h=3,
        ),
        stat(
            "Mean duration",
            "Mean time of a request. The tail is in the quantiles of the closed row.",
            query(f"sum({SECONDS}) / (sum({COUNTED}) > 0)", "mean"),
            unit="s",
            thresholds=above(warning=0.5, critical=2),
            h=3,
        ),
        timeseries(
            "Requests by status",
            "503 and 504: a backend is gone or slow, see the Envoy board; 403: an L7 policy, see the policy board.",
            query(f"sum by (status) ({REQUESTS})", "{{status}}"),
            unit="reqps",
            links=(link_to("cilium-envoy"), link_to("cilium-policy")),
            max_data_points=30,
        ),
        timeseries(
            "Mean duration over time",
            "Rises with load: the service is short of capacity; without load: something it depends on is slow.",
            query(f"sum({SECONDS}) / (sum({COUNTED}) > 0)", "mean"),
            unit="s",
            max_data_points=30,
        ),
        table(
            "Workloads",
            "Which of your workloads gets requests, fails or is slow: click one to see it alone.",
            query(f"topk(25, sum by ({WORKLOAD}) ({REQUESTS}))", "requests"),
            query(f"topk(25, sum by ({WORKLOAD}) ({FAILED}) > 0)", "5xx"),
            query(
                f"sum by ({WORKLOAD}) ({SECONDS}) / (sum by ({WORKLOAD}) ({COUNTED}) > 0)"
                f" and topk(25, sum by ({WORKLOAD}) ({REQUESTS}))",
                "mean duration",
                unit="s",
            ),
            unit="reqps",
            no_value=NOTHING_SEEN,
            links=(link_to("hubble-http", "Only this workload", workload="destination_app"),),
        ),
        table(
            "Callers",
            "One caller fails: its requests are wrong; all fail: the service is. Click one to see its namespace "
            "alone, or what the network does to it.",
            query(f"topk(25, sum by ({CALLER}) ({REQUESTS}))", "requests"),
            query(f"topk(25, sum by ({CALLER}) ({FAILED}) > 0)", "5xx"),
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
    """Where does the tail sit?"""
    slowest = "topk(15, histogram_quantile(0.95, sum by (le, {}) ({})))"
    in_range = selected_traffic("hubble_http_requests_total", FIVES, window="$__range")
    return row(
        "Tail and errors",
        timeseries(
            "Duration quantiles",
            "A p99 far from p50 is a slow replica or a slow path; the tables have p95 by workload and by caller.",
            query(f"histogram_quantile(0.5, sum by (le) ({BUCKETS}))", "p50"),
            query(f"histogram_quantile(0.99, sum by (le) ({BUCKETS}))", "p99"),
            unit="s",
            max_data_points=30,
            w=12,
        ),
        table(
            "5xx by caller",
            "Who suffers: the ten callers with most server errors in the time range. Choose one as caller above to see "
            "since when.",
            query(f"topk(10, sum by ({CALLER}, status) (increase({in_range})) > 0)", "errors"),
            unit="short",
            no_value="no 5xx",
            links=(link_to("hubble-network", namespace="source_namespace"),),
        ),
        table(
            "Slowest workloads",
            "Your workloads by the time that one of twenty requests exceeds, now. One alone: look at its "
            "replicas; all of them: look at what they share.",
            query(slowest.format(WORKLOAD, BUCKETS), "p95"),
            unit="s",
            no_value=NOTHING_SEEN,
            links=(link_to("hubble-http", "Only this workload", workload="destination_app"),),
        ),
        table(
            "Slowest callers",
            "Callers by the time that one of twenty of their requests exceeds, now. One caller alone: its path or "
            "its kind of request.",
            query(slowest.format(CALLER, BUCKETS), "p95"),
            unit="s",
            no_value=NOTHING_SEEN,
            links=(link_to("hubble-network", namespace="source_namespace"),),
        ),
        collapsed=True,
        no_value=NOTHING_SEEN,
    )
