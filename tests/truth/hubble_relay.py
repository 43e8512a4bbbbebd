"""Expected values of the panels of Hubble / Relay."""

from tests.truth.not_scraped import relays_not_scraped
from tests.truth.values import Value, earlier, highest, lowest, now, rate, time

FAILING_PEERS = (
    (
        highest("hubble_relay_pool_peer_connection_status", 300, "status~TRANSIENT_FAILURE|SHUTDOWN|NIL_CONNECTION")
        | lowest("hubble_relay_pool_peer_connection_status", 300, "status=CONNECTING")
    )
    .sum("cluster", "pod")
    .max()
)
RELAYS = now("hubble_relay_pool_peer_connection_status").count("cluster", "pod").count()
RELAYS_BEFORE = earlier("hubble_relay_pool_peer_connection_status", 3600).count("cluster", "pod").count()
CALLS = rate("grpc_server_handled_total", "pod~hubble-relay.*").sum()

TRUTH: dict[str, dict[str, Value]] = {
    "Relays": {
        "A": now("up", "pod~hubble-relay.*").equal(0).count() | (0 * RELAYS) | RELAYS_BEFORE,
        "B": RELAYS | (0 * RELAYS_BEFORE),
        "C": time() - now("process_start_time_seconds", "pod~hubble-relay.*").max(),
    },
    "Peers failing": {
        "A": FAILING_PEERS,
        "B": now("hubble_relay_pool_peer_connection_status").sum("cluster", "pod").max(),
        "C": now("hubble_relay_pool_peer_connection_status", "status=READY").sum("cluster", "pod").max(),
    },
    "RPCs failed": {
        "A": (
            (rate("grpc_server_handled_total", "pod~hubble-relay.*", "grpc_code!~OK|Canceled").sum() | (0 * CALLS))
            / (CALLS > 0)
        ),
    },
    "CPU": {
        "A": rate("process_cpu_seconds_total", "pod~hubble-relay.*").sum("cluster", "pod").max(),
    },
    "Memory": {
        "A": now("process_resident_memory_bytes", "pod~hubble-relay.*").sum("cluster", "pod").max(),
    },
    "Relays not scraped": {
        "A": relays_not_scraped(),
    },
    "Peers by state": {
        "A": now("hubble_relay_pool_peer_connection_status").max("status").nonzero(),
    },
    "RPCs failed by code": {
        "A": (
            rate("grpc_server_handled_total", "pod~hubble-relay.*", "grpc_code!~OK|Canceled").sum(
                "grpc_method", "grpc_code"
            )
            > 0
        ),
    },
    "Messages to clients": {
        "A": rate("grpc_server_msg_sent_total", "pod~hubble-relay.*").sum("grpc_method") > 0,
    },
    "Open streams": {
        "A": (
            now("grpc_server_started_total", "pod~hubble-relay.*", "grpc_type!=unary").sum("grpc_method")
            - now("grpc_server_handled_total", "pod~hubble-relay.*", "grpc_type!=unary").sum("grpc_method")
        ),
    },
    "CPU by relay": {
        "A": rate("process_cpu_seconds_total", "pod~hubble-relay.*").sum("cluster", "pod"),
    },
    "Goroutines by relay": {
        "A": now("go_goroutines", "pod~hubble-relay.*").sum("cluster", "pod"),
    },
    "Memory by relay": {
        "A": now("process_resident_memory_bytes", "pod~hubble-relay.*").sum("cluster", "pod"),
        "B": now("go_memstats_heap_inuse_bytes", "pod~hubble-relay.*").sum("cluster", "pod"),
    },
}
