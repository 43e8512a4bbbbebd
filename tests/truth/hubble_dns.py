"""Expected values of the panels of Hubble / DNS."""

from tests.truth.limits import limit
from tests.truth.namespaces import BY_CLIENT, BY_SERVER, answers, denied_before, lookups, lost_before, share
from tests.truth.values import Value, hour_ago, rate, rate_over_range

ANSWERS = rate("hubble_dns_responses_total", "destination_namespace~$namespace")
ANSWERED = answers("destination_namespace~$namespace")
DENIED_BEFORE = denied_before("source_namespace~$namespace")
TRIED = lookups("source_namespace~$namespace")
DECIDED = lookups("source_namespace~$namespace", dropped=False)
LOST = lost_before("source_namespace~$namespace")
LOOKUPS = (rate("hubble_dns_queries_total", "source_namespace~$namespace") | DENIED_BEFORE | LOST).sum(*BY_CLIENT)
ANSWERS_A_LOOKUP = share(ANSWERED, LOOKUPS)
TRIED_BY_CLIENT = lookups("source_namespace~$namespace", by=("cluster", "source_namespace", "source_app"))

TRUTH: dict[str, dict[str, Value]] = {
    "Queries": {
        "A": rate("hubble_dns_queries_total", "source_namespace~$namespace").sum(),
    },
    "Error share": {
        "A": share(
            rate("hubble_dns_responses_total", "destination_namespace~$namespace", "rcode!=No Error").sum(*BY_SERVER),
            ANSWERS.sum(*BY_SERVER),
        ).top(1),
    },
    "Unanswered share": {
        "A": (1 - share(ANSWERED, TRIED)).clamp_min(0).top(1),
    },
    "Refused by policy": {
        "A": share(
            (
                rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode=Policy denied") | DENIED_BEFORE
            ).sum(*BY_CLIENT),
            DECIDED,
        ).top(1),
    },
    "Answers left of an hour ago": {
        "A": (ANSWERS_A_LOOKUP / (hour_ago(ANSWERS_A_LOOKUP) > 0)).bottom(1),
    },
    "Dropped on the way to DNS": {
        "A": (
            rate("hubble_drop_total", "destination_app~.*dns.*", "source_namespace~$namespace")
            .sum("cluster", "source_namespace", "source_app", "protocol", "reason")
            .label_replace("reason", "refused by a proxy", "reason", "DROP_REASON_UNKNOWN")
            > limit("dns-drops.critical")
        )
        .top(10)
        .or_not_scraped("hubble_drop_total", "source_namespace"),
    },
    "Answers by code": {
        "A": rate("hubble_dns_responses_total", "destination_namespace~$namespace").sum("rcode"),
    },
    "Clients with errors": {
        "A": (
            rate("hubble_dns_responses_total", "destination_namespace~$namespace", "rcode!=No Error").sum(
                "cluster", "destination_namespace", "destination_app", "rcode"
            )
            > 0
        )
        .top(20)
        .or_not_scraped("hubble_dns_responses_total", "destination_namespace"),
    },
    "Clients without answer": {
        "A": (
            1
            - share(
                rate("hubble_dns_responses_total", "destination_namespace~$namespace")
                .sum("cluster", "destination_namespace", "destination_app")
                .label_replace("source_namespace", "$1", "destination_namespace", "(.*)")
                .label_replace("source_app", "$1", "destination_app", "(.*)")
                .sum("cluster", "source_namespace", "source_app"),
                TRIED_BY_CLIENT,
            )
            > limit("unanswered-dns-queries.warning")
        )
        .top(10)
        .or_not_scraped("hubble_dns_queries_total", "source_namespace"),
    },
    "Busiest names": {
        "A": (rate("hubble_dns_queries_total", "source_namespace~$namespace").sum("query") > 0).top(15),
    },
    "Servers": {
        "A": rate("hubble_dns_responses_total", "destination_namespace~$namespace")
        .sum("cluster", "source_namespace", "source_app")
        .top(10),
    },
    "Queries by client": {
        "A": rate_over_range("hubble_dns_queries_total", "source_namespace~$namespace")
        .sum("cluster", "source_namespace", "source_app")
        .top(10),
    },
    "Clients refused by policy": {
        "A": (
            (
                rate("hubble_dns_queries_total", "source_namespace~$namespace", "rcode=Policy denied").sum(
                    "cluster", "source_namespace", "source_app"
                )
                > 0
            ).top(10)
        ).or_not_scraped("hubble_dns_queries_total", "source_namespace"),
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
