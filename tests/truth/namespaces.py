"""Expected values of the table of namespaces whose traffic fails."""

from collections.abc import Mapping

from tests.truth.limits import limit
from tests.truth.values import Value, hour_ago, now, rate

ENOUGH = 0.05  # events per second
BY_CLIENT, BY_SERVER = ("cluster", "source_namespace"), ("cluster", "destination_namespace")


def lookups(*matchers: str, by: tuple[str, ...] = BY_CLIENT, dropped: bool = True) -> Value:
    """Lookups that clients try, by labels of the client, of those whose queries are seen."""
    queries = "hubble_dns_queries_total"
    decided = rate(queries, *matchers) | denied_before(*matchers)
    tried = decided | lost_before(*matchers) if dropped else decided
    return tried.sum(*by).where(now(queries, *matchers).count(*by))


def denied_before(*matchers: str) -> Value:
    """Packets to DNS servers that are denied before a proxy sees them."""
    of_servers = ("action=dropped", "match!~l7/.*", "destination_app~.*dns.*")
    return rate("hubble_policy_verdicts_total", *of_servers, *matchers)


def lost_before(*matchers: str) -> Value:
    """Packets to DNS servers that are dropped before a proxy sees them, and not because of policy."""
    reasons = ("reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED", "protocol=UDP")
    of_servers = ("destination_app~.*dns.*", "traffic_direction!=ingress", *reasons)
    return rate("hubble_drop_total", *of_servers, *matchers)


def answers(*matchers: str) -> Value:
    """DNS answers by the client's namespace."""
    return to_client(rate("hubble_dns_responses_total", *matchers).sum(*BY_SERVER))


def to_client(value: Value) -> Value:
    """The destination's namespace as the source's."""
    return value.label_replace("source_namespace", "$1", "destination_namespace", "(.*)").sum(*BY_CLIENT)


def share(part: Value, whole: Value) -> Value:
    """A share, 0 where only the part is missing, and none of too little."""
    return (part | (0 * whole)) / (whole > ENOUGH)


def denied_share(*matchers: str) -> Value:
    """The share of policy verdicts that deny, by the client's namespace."""
    verdicts, denials = (
        rate("hubble_policy_verdicts_total", *matchers, *also).sum(*BY_CLIENT) for also in ((), ("action=dropped",))
    )
    return share(denials, verdicts)


def in_trouble() -> Mapping[str, Value]:
    """The columns of the table."""
    failing = limit("namespace-failures.warning")
    denied = denied_share("source_namespace!=")
    answered = share(answers("destination_namespace!="), lookups("source_namespace!="))
    requests = rate("hubble_http_requests_total", "destination_namespace!=").sum(*BY_SERVER)
    failed = rate("hubble_http_requests_total", "destination_namespace!=", "status~5..").sum(*BY_SERVER)
    return {
        "A": (denied > failing)
        .top(10)
        .or_not_scraped("hubble_metrics_http_handler_requests_total", "source_namespace"),
        "B": hour_ago(denied).where(denied > failing).top(10),
        "C": (1 - answered > failing).top(10),
        "D": (to_client(failed / (requests > ENOUGH)) > limit("namespace-5xx.warning")).top(10),
    }
