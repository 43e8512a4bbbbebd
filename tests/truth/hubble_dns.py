"""Expected values of the panels of Hubble / DNS."""

from tests.truth.limits import limit
from tests.truth.values import Value, hour_ago, increase, now, rate

ANSWERS = rate("hubble_dns_responses_total", "destination_namespace~$namespace")
ANSWERED = (
    ANSWERS.sum("destination_namespace")
    .label_replace("source_namespace", "$1", "destination_namespace", "(.*)")
    .sum("source_namespace")
)
DENIED_BEFORE = rate(
    "hubble_policy_verdicts_total",
    "action=dropped",
    "match!~l7/.*",
    "destination_app~.*dns.*",
    "source_namespace~$namespace",
)
TRIED = (
    (rate("hubble_dns_queries_total", "source_namespace~$namespace") | DENIED_BEFORE)
    .sum("source_namespace")
    .where(now("hubble_dns_queries_total", "source_namespace~$namespace").count("source_namespace"))
)
PASSED = rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode!=Policy denied").sum(
    "source_namespace", "source_app"
)

TRUTH: dict[str, dict[str, Value]] = {
    "Queries": {
        "A": rate("hubble_dns_queries_total", "source_namespace~$namespace").sum(),
    },
    "Error share": {
        "A": (
            (
                rate("hubble_dns_responses_total", "destination_namespace~$namespace", "rcode!=No Error").sum(
                    "destination_namespace"
                )
                | (0 * ANSWERS.sum("destination_namespace"))
            )
            / (ANSWERS.sum("destination_namespace") > 0)
        ).max(),
    },
    "Unanswered share": {
        "A": (1 - (ANSWERED | (0 * TRIED)) / (TRIED > 0)).clamp_min(0).max(),
    },
    "Refused by policy": {
        "A": (
            (
                (
                    rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode=Policy denied")
                    | DENIED_BEFORE
                ).sum("source_namespace")
                | (0 * TRIED)
            )
            / (TRIED > 0)
        ).max(),
    },
    "Answers against an hour ago": {
        "A": ((ANSWERED | (0 * hour_ago(ANSWERED))) / (hour_ago(ANSWERED) > 0.05)).min(),
    },
    "Dropped on the way to DNS": {
        "A": (
            rate("hubble_drop_total", "destination_app~.*dns.*", "source_namespace~$namespace").sum(
                "source_namespace", "source_app", "protocol", "reason"
            )
            > limit("dns-drops.critical")
        ).top(10),
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
                1
                - (
                    rate("hubble_dns_responses_total", "destination_namespace~$namespace")
                    .sum("destination_namespace", "destination_app")
                    .label_replace("source_namespace", "$1", "destination_namespace", "(.*)")
                    .label_replace("source_app", "$1", "destination_app", "(.*)")
                    .sum("source_namespace", "source_app")
                    | (0 * PASSED)
                )
                / (PASSED > 0.05)
            )
            > limit("unanswered-dns-queries.warning")
        ).top(10),
    },
    "Busiest names": {
        "A": (rate("hubble_dns_queries_total", "source_namespace~$namespace").sum("query")).top(15),
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
            )
            > 0
        ).top(15),
    },
    "Types asked for": {
        "A": rate("hubble_dns_queries_total", "source_namespace~$namespace").sum("qtypes").top(10),
    },
}
