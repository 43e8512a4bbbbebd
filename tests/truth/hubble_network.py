"""Expected values of the panels of Hubble / Network."""

from tests.truth.namespaces import denied_share
from tests.truth.values import Value, more_than_an_hour_ago, rate

PAIR = ("cluster", "source_namespace", "source_app", "destination_namespace", "destination_app")


def leaving(metric: str, *matchers: str) -> Value:
    """The rate of traffic from the namespace to the peer."""
    return rate(metric, *matchers, "source_namespace~$namespace", "destination_namespace~$peer")


def arriving(metric: str, *matchers: str) -> Value:
    """The rate of traffic from the peer to the namespace."""
    return rate(metric, *matchers, "destination_namespace~$namespace", "source_namespace~$peer")


DENIED = ("hubble_policy_verdicts_total", "action=dropped")
DROPPED = (
    "hubble_drop_total",
    "reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED",
    "protocol!~DNS|HTTP|Kafka|Unknown L7",
)
HAS_ROOM = (*DROPPED, "reason!~CT_MAP_INSERTION_FAILED|NO_MAPPING_FOR_NAT_MASQUERADE|FAILED_TO_INSERT_.*")
NO_ROOM = ("hubble_drop_total", "reason~CT_MAP_INSERTION_FAILED|NO_MAPPING_FOR_NAT_MASQUERADE|FAILED_TO_INSERT_.*")
ENDS = ("source_namespace~$namespace", "destination_namespace~$peer")
FLOWS, FLAGS = "hubble_flows_processed_total", "hubble_tcp_flags_total"


def to_the_world(verdict: str) -> Value:
    """The applications with most traffic out of the cluster of some verdicts."""
    flows = rate("hubble_flows_to_world_total", "source_namespace~$namespace", verdict)
    return flows.sum("cluster", "source_namespace", "source_app").nonzero().top(20)


TRUTH: dict[str, dict[str, Value]] = {
    "Denied by policy": {"A": leaving(*DENIED).sum(), "B": arriving(*DENIED).sum()},
    "Denied share": {"A": denied_share(*ENDS).top(1)},
    "Other drops": {
        "A": leaving(*DROPPED).sum(),
        "B": arriving(*DROPPED).sum(),
        "C": (leaving(*NO_ROOM) | arriving(*NO_ROOM)).sum().nonzero(),
    },
    "Denials against an hour ago": {
        "A": more_than_an_hour_ago(leaving(*DENIED).sum("cluster", "source_namespace")),
        "B": more_than_an_hour_ago(arriving(*DENIED).sum("cluster", "destination_namespace")),
    },
    "Other drops against an hour ago": {
        "A": more_than_an_hour_ago(leaving(*DROPPED).sum("cluster", "source_namespace")),
        "B": more_than_an_hour_ago(arriving(*DROPPED).sum("cluster", "destination_namespace")),
    },
    "Denied by direction": {"A": leaving(*DENIED).sum("direction"), "B": arriving(*DENIED).sum("direction")},
    "Other drops by reason": {"A": leaving(*DROPPED).sum("reason"), "B": arriving(*DROPPED).sum("reason")},
    "Connections": {
        "A": leaving(FLAGS, "flag=SYN").sum(),
        "B": arriving(FLAGS, "flag=SYN-ACK").sum(),
        "C": arriving(FLAGS, "flag=RST").sum(),
    },
    "Denied pairs": {
        "A": leaving(*DENIED)
        .sum(*PAIR, "direction", "match")
        .nonzero()
        .top(20)
        .or_not_scraped("hubble_policy_verdicts_total", "source_namespace"),
        "B": arriving(*DENIED).sum(*PAIR, "direction", "match").nonzero().top(20),
    },
    "Dropped pairs": {
        "A": (leaving(*NO_ROOM) | arriving(*NO_ROOM))
        .sum(*PAIR, "traffic_direction", "reason")
        .nonzero()
        .top(20)
        .or_not_scraped("hubble_metrics_http_handler_requests_total", "source_namespace"),
        "B": (leaving(*HAS_ROOM) | arriving(*HAS_ROOM)).sum(*PAIR, "traffic_direction", "reason").nonzero().top(20),
    },
    "Peers": {
        "A": (leaving(FLAGS, "flag=SYN").sum("cluster", "destination_namespace", "destination_app") > 0).count(),
        "B": (arriving(FLAGS, "flag=SYN").sum("cluster", "source_namespace", "source_app") > 0).count(),
    },
    "Who talks to whom": {
        "A": leaving(FLOWS).sum(*PAIR).top(25),
        "B": arriving(FLOWS).sum(*PAIR).top(25),
    },
    "Flows by verdict and type": {
        "A": leaving(FLOWS, "verdict~DROPPED|ERROR").sum("verdict", "type", "subtype").nonzero().top(15),
        "B": leaving(FLOWS, "verdict!~DROPPED|ERROR").sum("verdict", "type", "subtype").nonzero().top(15),
    },
    "Flows to the world": {
        "A": to_the_world("verdict~DROPPED|ERROR"),
        "B": to_the_world("verdict!~DROPPED|ERROR"),
    },
}
