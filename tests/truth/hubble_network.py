"""What the panels of Hubble / Network must show."""

from tests.truth.values import Value, rate

TRUTH: dict[str, dict[str, Value]] = {
    "Denied by policy": {
        "A": rate(
            "hubble_policy_verdicts_total",
            "action=dropped",
            "source_namespace~$namespace",
            "destination_namespace~$peer",
        ).sum(),
        "B": rate(
            "hubble_policy_verdicts_total",
            "action=dropped",
            "destination_namespace~$namespace",
            "source_namespace~$peer",
        ).sum(),
    },
    "Other drops": {
        "A": rate(
            "hubble_drop_total",
            "reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED",
            "protocol!~DNS|HTTP|Kafka|Unknown L7",
            "source_namespace~$namespace",
            "destination_namespace~$peer",
        ).sum(),
        "B": rate(
            "hubble_drop_total",
            "reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED",
            "protocol!~DNS|HTTP|Kafka|Unknown L7",
            "destination_namespace~$namespace",
            "source_namespace~$peer",
        ).sum(),
    },
    "Denied by direction": {
        "A": rate(
            "hubble_policy_verdicts_total",
            "action=dropped",
            "source_namespace~$namespace",
            "destination_namespace~$peer",
        ).sum("direction"),
        "B": rate(
            "hubble_policy_verdicts_total",
            "action=dropped",
            "destination_namespace~$namespace",
            "source_namespace~$peer",
        ).sum("direction"),
    },
    "Other drops by reason": {
        "A": rate(
            "hubble_drop_total",
            "reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED",
            "protocol!~DNS|HTTP|Kafka|Unknown L7",
            "source_namespace~$namespace",
            "destination_namespace~$peer",
        ).sum("reason"),
        "B": rate(
            "hubble_drop_total",
            "reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED",
            "protocol!~DNS|HTTP|Kafka|Unknown L7",
            "destination_namespace~$namespace",
            "source_namespace~$peer",
        ).sum("reason"),
    },
    "Connections": {
        "A": rate(
            "hubble_tcp_flags_total", "flag=SYN", "source_namespace~$namespace", "destination_namespace~$peer"
        ).sum(),
        "B": rate(
            "hubble_tcp_flags_total", "flag=SYN-ACK", "destination_namespace~$namespace", "source_namespace~$peer"
        ).sum(),
        "C": rate(
            "hubble_tcp_flags_total", "flag=RST", "destination_namespace~$namespace", "source_namespace~$peer"
        ).sum(),
    },
    "Denied pairs": {
        "A": rate(
            "hubble_policy_verdicts_total",
            "action=dropped",
            "source_namespace~$namespace",
            "destination_namespace~$peer",
        )
        .sum("source_namespace", "source_app", "destination_namespace", "destination_app", "direction", "match")
        .top(20),
        "B": rate(
            "hubble_policy_verdicts_total",
            "action=dropped",
            "destination_namespace~$namespace",
            "source_namespace~$peer",
        )
        .sum("source_namespace", "source_app", "destination_namespace", "destination_app", "direction", "match")
        .top(20),
    },
    "Dropped pairs": {
        "A": rate(
            "hubble_drop_total",
            "reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED",
            "protocol!~DNS|HTTP|Kafka|Unknown L7",
            "source_namespace~$namespace",
            "destination_namespace~$peer",
        )
        .sum(
            "source_namespace", "source_app", "destination_namespace", "destination_app", "traffic_direction", "reason"
        )
        .top(20),
        "B": rate(
            "hubble_drop_total",
            "reason!~POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED",
            "protocol!~DNS|HTTP|Kafka|Unknown L7",
            "destination_namespace~$namespace",
            "source_namespace~$peer",
        )
        .sum(
            "source_namespace", "source_app", "destination_namespace", "destination_app", "traffic_direction", "reason"
        )
        .top(20),
    },
    "Peers": {
        "A": (
            rate(
                "hubble_tcp_flags_total", "flag=SYN", "source_namespace~$namespace", "destination_namespace~$peer"
            ).sum("destination_namespace", "destination_app")
            > 0
        ).count(),
        "B": (
            rate(
                "hubble_tcp_flags_total", "flag=SYN", "destination_namespace~$namespace", "source_namespace~$peer"
            ).sum("source_namespace", "source_app")
            > 0
        ).count(),
    },
    "Who talks to whom": {
        "A": rate("hubble_flows_processed_total", "source_namespace~$namespace", "destination_namespace~$peer")
        .sum("source_namespace", "source_app", "destination_namespace", "destination_app")
        .top(25),
        "B": rate("hubble_flows_processed_total", "destination_namespace~$namespace", "source_namespace~$peer")
        .sum("source_namespace", "source_app", "destination_namespace", "destination_app")
        .top(25),
    },
    "Flows by verdict and type": {
        "A": rate("hubble_flows_processed_total", "source_namespace~$namespace", "destination_namespace~$peer").sum(
            "type", "subtype", "verdict"
        ),
    },
    "Flows to the world": {
        "A": rate("hubble_flows_to_world_total", "source_namespace~$namespace")
        .sum("source_namespace", "source_app", "verdict")
        .top(20),
    },
}
