"""What the panels of Hubble / Network must show."""

from tests.truth.values import Value, rate

TRUTH: dict[str, dict[str, Value]] = {
    "Drops": {
        "A": rate("hubble_drop_total", "source_namespace~$namespace", "destination_namespace~$peer").sum(),
        "B": rate("hubble_drop_total", "destination_namespace~$namespace", "source_namespace~$peer").sum(),
    },
    "Connections without answer": {
        "A": (
            1
            - (
                (
                    rate(
                        "hubble_tcp_flags_total",
                        "flag=SYN-ACK",
                        "destination_namespace~$namespace",
                        "source_namespace~$peer",
                    ).sum()
                    | (
                        0
                        * rate(
                            "hubble_tcp_flags_total",
                            "flag=SYN",
                            "source_namespace~$namespace",
                            "destination_namespace~$peer",
                        ).sum()
                    )
                )
                / (
                    rate(
                        "hubble_tcp_flags_total",
                        "flag=SYN",
                        "source_namespace~$namespace",
                        "destination_namespace~$peer",
                    ).sum()
                    > 0
                )
            )
        ).at_least(0),
    },
    "Peers": {
        "A": (
            rate(
                "hubble_tcp_flags_total", "flag=SYN", "source_namespace~$namespace", "destination_namespace~$peer"
            ).sum("destination_namespace", "destination_workload")
            > 0
        ).count(),
        "B": (
            rate(
                "hubble_tcp_flags_total", "flag=SYN", "destination_namespace~$namespace", "source_namespace~$peer"
            ).sum("source_namespace", "source_workload")
            > 0
        ).count(),
    },
    "Dropped, leaving": {
        "A": rate("hubble_drop_total", "source_namespace~$namespace", "destination_namespace~$peer").sum("reason"),
    },
    "Dropped, arriving": {
        "A": rate("hubble_drop_total", "destination_namespace~$namespace", "source_namespace~$peer").sum("reason"),
    },
    "Connections": {
        "A": (
            rate(
                "hubble_tcp_flags_total", "flag=SYN", "source_namespace~$namespace", "destination_namespace~$peer"
            ).sum()
            - (
                rate(
                    "hubble_tcp_flags_total",
                    "flag=SYN-ACK",
                    "destination_namespace~$namespace",
                    "source_namespace~$peer",
                ).sum()
                | (
                    0
                    * rate(
                        "hubble_tcp_flags_total",
                        "flag=SYN",
                        "source_namespace~$namespace",
                        "destination_namespace~$peer",
                    ).sum()
                )
            )
        ),
        "B": rate(
            "hubble_tcp_flags_total", "flag=RST", "destination_namespace~$namespace", "source_namespace~$peer"
        ).sum(),
    },
    "Who is dropped": {
        "A": rate("hubble_drop_total", "source_namespace~$namespace", "destination_namespace~$peer")
        .sum(
            "source_namespace",
            "source_workload",
            "destination_namespace",
            "destination_workload",
            "traffic_direction",
            "reason",
        )
        .top(20),
        "B": rate("hubble_drop_total", "destination_namespace~$namespace", "source_namespace~$peer")
        .sum(
            "source_namespace",
            "source_workload",
            "destination_namespace",
            "destination_workload",
            "traffic_direction",
            "reason",
        )
        .top(20),
    },
    "Clients without answer": {
        "A": (
            (
                rate(
                    "hubble_tcp_flags_total", "flag=SYN", "source_namespace~$namespace", "destination_namespace~$peer"
                ).sum("source_namespace", "source_workload")
                - (
                    rate(
                        "hubble_tcp_flags_total",
                        "flag=SYN-ACK",
                        "destination_namespace~$namespace",
                        "source_namespace~$peer",
                    )
                    .sum("destination_namespace", "destination_workload")
                    .named("source_namespace", "$1", "destination_namespace", "(.*)")
                    .named("source_workload", "$1", "destination_workload", "(.*)")
                    .sum("source_namespace", "source_workload")
                    | (
                        0
                        * rate(
                            "hubble_tcp_flags_total",
                            "flag=SYN",
                            "source_namespace~$namespace",
                            "destination_namespace~$peer",
                        ).sum("source_namespace", "source_workload")
                    )
                )
            )
            > 0
        ).top(10),
    },
    "Pings without answer": {
        "A": (
            (
                rate(
                    "hubble_icmp_total",
                    "type=EchoRequest",
                    "source_namespace~$namespace",
                    "destination_namespace~$peer",
                ).sum("source_namespace", "source_workload")
                - (
                    rate(
                        "hubble_icmp_total",
                        "type=EchoReply",
                        "destination_namespace~$namespace",
                        "source_namespace~$peer",
                    )
                    .sum("destination_namespace", "destination_workload")
                    .named("source_namespace", "$1", "destination_namespace", "(.*)")
                    .named("source_workload", "$1", "destination_workload", "(.*)")
                    .sum("source_namespace", "source_workload")
                    | (
                        0
                        * rate(
                            "hubble_icmp_total",
                            "type=EchoRequest",
                            "source_namespace~$namespace",
                            "destination_namespace~$peer",
                        ).sum("source_namespace", "source_workload")
                    )
                )
            )
            > 0
        ).top(10),
    },
    "Who talks to whom": {
        "A": rate("hubble_flows_processed_total", "source_namespace~$namespace", "destination_namespace~$peer")
        .sum("source_namespace", "source_workload", "destination_namespace", "destination_workload")
        .top(25),
        "B": rate("hubble_flows_processed_total", "destination_namespace~$namespace", "source_namespace~$peer")
        .sum("source_namespace", "source_workload", "destination_namespace", "destination_workload")
        .top(25),
    },
    "Flows by verdict and type": {
        "A": rate("hubble_flows_processed_total", "source_namespace~$namespace", "destination_namespace~$peer").sum(
            "type", "subtype", "verdict"
        ),
    },
    "Flows to the world": {
        "A": rate("hubble_flows_to_world_total", "source_namespace~$namespace")
        .sum("source_namespace", "source_workload", "verdict")
        .top(20),
    },
}
