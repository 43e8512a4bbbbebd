"""Expected values of the panels of Hubble / HTTP."""

from tests.truth.values import Value, increase, more_than_an_hour_ago, quantile, rate

SELECTED = (
    "destination_namespace~$namespace",
    "destination_app~$workload",
    "source_namespace~$caller",
    "reporter~$reporter",
)
BY_WORKLOAD = rate("hubble_http_requests_total", *SELECTED).sum("cluster", "destination_app")
FAILED_BY_WORKLOAD = rate("hubble_http_requests_total", *SELECTED, "status~5..").sum("cluster", "destination_app")

TRUTH: dict[str, dict[str, Value]] = {
    "Requests": {
        "A": rate(
            "hubble_http_requests_total",
            "destination_namespace~$namespace",
            "destination_app~$workload",
            "source_namespace~$caller",
            "reporter~$reporter",
        ).sum(),
    },
    "5xx against an hour ago": {
        "A": more_than_an_hour_ago((FAILED_BY_WORKLOAD | (0 * BY_WORKLOAD)) / (BY_WORKLOAD > 0)),
    },
    "Without 5xx": {
        "A": (
            1
            - (
                (
                    rate(
                        "hubble_http_requests_total",
                        "destination_namespace~$namespace",
                        "destination_app~$workload",
                        "source_namespace~$caller",
                        "reporter~$reporter",
                        "status~5..",
                    ).sum()
                    | (
                        0
                        * rate(
                            "hubble_http_requests_total",
                            "destination_namespace~$namespace",
                            "destination_app~$workload",
                            "source_namespace~$caller",
                            "reporter~$reporter",
                        ).sum()
                    )
                )
                / (
                    rate(
                        "hubble_http_requests_total",
                        "destination_namespace~$namespace",
                        "destination_app~$workload",
                        "source_namespace~$caller",
                        "reporter~$reporter",
                    ).sum()
                    > 0
                )
            )
        ),
    },
    "Mean duration": {
        "A": (
            rate(
                "hubble_http_request_duration_seconds_sum",
                "destination_namespace~$namespace",
                "destination_app~$workload",
                "source_namespace~$caller",
                "reporter~$reporter",
            ).sum()
            / (
                rate(
                    "hubble_http_request_duration_seconds_count",
                    "destination_namespace~$namespace",
                    "destination_app~$workload",
                    "source_namespace~$caller",
                    "reporter~$reporter",
                ).sum()
                > 0
            )
        ),
    },
    "Requests by status": {
        "A": rate(
            "hubble_http_requests_total",
            "destination_namespace~$namespace",
            "destination_app~$workload",
            "source_namespace~$caller",
            "reporter~$reporter",
        ).sum("status"),
    },
    "Mean duration over time": {
        "A": (
            rate(
                "hubble_http_request_duration_seconds_sum",
                "destination_namespace~$namespace",
                "destination_app~$workload",
                "source_namespace~$caller",
                "reporter~$reporter",
            ).sum()
            / (
                rate(
                    "hubble_http_request_duration_seconds_count",
                    "destination_namespace~$namespace",
                    "destination_app~$workload",
                    "source_namespace~$caller",
                    "reporter~$reporter",
                ).sum()
                > 0
            )
        ),
    },
    "Workloads": {
        "A": (
            rate(
                "hubble_http_requests_total",
                "destination_namespace~$namespace",
                "destination_app~$workload",
                "source_namespace~$caller",
                "reporter~$reporter",
                "status~5..",
            ).sum("cluster", "destination_app")
            / rate(
                "hubble_http_requests_total",
                "destination_namespace~$namespace",
                "destination_app~$workload",
                "source_namespace~$caller",
                "reporter~$reporter",
            ).sum("cluster", "destination_app")
            > 0
        ).top(25),
        "B": rate(
            "hubble_http_requests_total",
            "destination_namespace~$namespace",
            "destination_app~$workload",
            "source_namespace~$caller",
            "reporter~$reporter",
        )
        .sum("cluster", "destination_app")
        .top(25),
        "C": (
            rate(
                "hubble_http_request_duration_seconds_sum",
                "destination_namespace~$namespace",
                "destination_app~$workload",
                "source_namespace~$caller",
                "reporter~$reporter",
            ).sum("cluster", "destination_app")
            / (
                rate(
                    "hubble_http_request_duration_seconds_count",
                    "destination_namespace~$namespace",
                    "destination_app~$workload",
                    "source_namespace~$caller",
                    "reporter~$reporter",
                ).sum("cluster", "destination_app")
                > 0
            )
        ).where(
            rate(
                "hubble_http_requests_total",
                "destination_namespace~$namespace",
                "destination_app~$workload",
                "source_namespace~$caller",
                "reporter~$reporter",
            )
            .sum("cluster", "destination_app")
            .top(25)
        ),
    },
    "Callers": {
        "A": (
            rate(
                "hubble_http_requests_total",
                "destination_namespace~$namespace",
                "destination_app~$workload",
                "source_namespace~$caller",
                "reporter~$reporter",
                "status~5..",
            ).sum("cluster", "source_namespace", "source_app")
            / rate(
                "hubble_http_requests_total",
                "destination_namespace~$namespace",
                "destination_app~$workload",
                "source_namespace~$caller",
                "reporter~$reporter",
            ).sum("cluster", "source_namespace", "source_app")
            > 0
        ).top(25),
        "B": rate(
            "hubble_http_requests_total",
            "destination_namespace~$namespace",
            "destination_app~$workload",
            "source_namespace~$caller",
            "reporter~$reporter",
        )
        .sum("cluster", "source_namespace", "source_app")
        .top(25),
    },
    "Duration quantiles": {
        "A": quantile(
            0.5,
            "hubble_http_request_duration_seconds",
            "destination_namespace~$namespace",
            "destination_app~$workload",
            "source_namespace~$caller",
            "reporter~$reporter",
            least=2,
        ),
        "B": quantile(
            0.99,
            "hubble_http_request_duration_seconds",
            "destination_namespace~$namespace",
            "destination_app~$workload",
            "source_namespace~$caller",
            "reporter~$reporter",
            least=100,
        ),
    },
    "5xx by caller": {
        "A": (
            (
                increase(
                    "hubble_http_requests_total",
                    "destination_namespace~$namespace",
                    "destination_app~$workload",
                    "source_namespace~$caller",
                    "reporter~$reporter",
                    "status~5..",
                ).sum("cluster", "source_namespace", "source_app", "status")
                > 0
            ).top(10)
        ).or_not_scraped("hubble_http_requests_total", "source_namespace"),
    },
    "Slowest workloads": {
        "A": quantile(
            0.95,
            "hubble_http_request_duration_seconds",
            "destination_namespace~$namespace",
            "destination_app~$workload",
            "source_namespace~$caller",
            "reporter~$reporter",
            by=("cluster", "destination_app"),
            least=20,
        ).top(15),
    },
    "Slowest callers": {
        "A": quantile(
            0.95,
            "hubble_http_request_duration_seconds",
            "destination_namespace~$namespace",
            "destination_app~$workload",
            "source_namespace~$caller",
            "reporter~$reporter",
            by=("cluster", "source_namespace", "source_app"),
            least=20,
        ).top(15),
    },
}
