"""Expected values of the panels of Hubble / Relay."""

from tests.truth.not_scraped import not_scraped
from tests.truth.values import Value, earlier, highest, lowest, now, rate, time

FAILING_PEERS = (
    (
        highest("hubble_relay_pool_peer_connection_status", 300, "status~TRANSIENT_FAILURE|SHUTDOWN|NIL_CONNECTION")
        | lowest("hubble_relay_pool_peer_connection_status", 300, "status=CONNECTING")
    )
    .sum("cluster", "pod")
    .max()
)
TRUTH: dict[str, dict[str, Value]] = {
    "Relays": {
        "A": now("hubble_relay_pool_peer_connection_status").count("cluster", "pod").count()
        | (0 * earlier("hubble_relay_pool_peer_connection_status", 3600).count()),
        "B": time() - now("process_start_time_seconds", "pod~hubble-relay.*").max(),
    },
    "Peers failing": {
        "A": FAILING_PEERS,
        "B": now("hubble_relay_pool_peer_connection_status").sum("cluster", "pod").max(),
        "C": now("hubble_relay_pool_peer_connection_status", "status=READY").sum("cluster", "pod").max(),
    },
    "RPCs failed": {
        "A": (
            rate("grpc_server_handled_total", "pod~hubble-relay.*", "grpc_code!~OK|Canceled").sum()
            / (rate("grpc_server_handled_total", "pod~hubble-relay.*").sum() > 0)
        ),
    },
    "CPU": {
        "A": rate("process_cpu_seconds_total", "pod~hubble-relay.*").sum("cluster", "pod").max(),
    },
    "Memory": {
        "A": now("process_resident_memory_bytes", "pod~hubble-relay.*").sum("cluster", "pod").max(),
    },
    "Relays not scraped": {
        "A": not_scraped("pod~hubble-relay.*", agents=False),
    },
    "Peers by state": {
        "A": now("hubble_relay_pool_peer_connection_status").max("status"),
    },
    "Failed RPCs": {
        "A": (
            rate("grpc_server_handled_total", "pod~hubble-relay.*", "grpc_code!=OK").sum("grpc_method", "grpc_code") > 0
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
