"""Expected values of the panels of Hubble / DNS."""

from tests.truth.values import Value, increase, rate

TRUTH: dict[str, dict[str, Value]] = {
    "Queries": {
        "A": rate("hubble_dns_queries_total", "source_namespace~$namespace").sum(),
    },
    "Error share": {
        "A": (
            (
                rate("hubble_dns_responses_total", "destination_namespace~$namespace", "rcode!=No Error").sum()
                | (0 * rate("hubble_dns_responses_total", "destination_namespace~$namespace").sum())
            )
            / (rate("hubble_dns_responses_total", "destination_namespace~$namespace").sum() > 0)
        ),
    },
    "Unanswered share": {
        "A": (
            1
            - (
                (
                    rate("hubble_dns_responses_total", "destination_namespace~$namespace").sum()
                    | (
                        0
                        * rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode!=Policy denied").sum()
                    )
                )
                / (rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode!=Policy denied").sum() > 0)
            )
        ).clamp_min(0),
    },
    "Refused by policy": {
        "A": (
            (
                rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode=Policy denied").sum()
                | (0 * rate("hubble_dns_queries_total", "source_namespace~$namespace").sum())
            )
            / (rate("hubble_dns_queries_total", "source_namespace~$namespace").sum() > 0)
        ),
    },
    "Answers by code": {
        "A": rate("hubble_dns_responses_total", "destination_namespace~$namespace").sum("rcode"),
    },
    "Clients with errors": {
        "A": (
            rate("hubble_dns_responses_total", "destination_namespace~$namespace", "rcode!=No Error").sum(
                "destination_namespace", "destination_app", "rcode"
            )
            > 0
        ).top(20),
    },
    "Clients without answer": {
        "A": (
            (
                rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode!=Policy denied").sum(
                    "source_namespace", "source_app"
                )
                - (
                    rate("hubble_dns_responses_total", "destination_namespace~$namespace")
                    .sum("destination_namespace", "destination_app")
                    .label_replace("source_namespace", "$1", "destination_namespace", "(.*)")
                    .label_replace("source_app", "$1", "destination_app", "(.*)")
                    .sum("source_namespace", "source_app")
                    | (
                        0
                        * rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode!=Policy denied").sum(
                            "source_namespace", "source_app"
                        )
                    )
                )
            )
            > 0
        ).top(10),
    },
    "Busiest names": {
        "A": (rate("hubble_dns_queries_total", "source_namespace~$namespace").sum("query") * 60).top(15),
    },
    "Servers": {
        "A": rate("hubble_dns_responses_total", "destination_namespace~$namespace")
        .sum("source_namespace", "source_app")
        .top(10),
    },
    "Queries by client": {
        "A": increase("hubble_dns_queries_total", "source_namespace~$namespace")
        .sum("source_namespace", "source_app")
        .top(10),
    },
    "Clients refused by policy": {
        "A": (
            rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode=Policy denied").sum(
                "source_namespace", "source_app"
            )
            > 0
        ).top(10),
    },
    "Names that do not exist": {
        "A": (
            (
                rate("hubble_dns_responses_total", "destination_namespace~$namespace", "rcode=Non-Existent Domain").sum(
                    "query"
                )
                * 60
            )
            > 0
        ).top(15),
    },
    "Types asked for": {
        "A": rate("hubble_dns_queries_total", "source_namespace~$namespace").sum("qtypes").top(10),
    },
}
