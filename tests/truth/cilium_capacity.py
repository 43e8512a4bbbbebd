"""Expected values of the panels of Cilium / Capacity."""

from tests.truth.limits import limit
from tests.truth.values import Value, hour_ago, mean, now, rate

INSERTION_FAILURES = rate(
    "cilium_drop_count_total",
    "reason~CT: Map insertion failed|No mapping for NAT masquerade|Failed to insert into proxymap",
)

NODE_ADDRESSES = now("cilium_ip_addresses").sum("cluster", "node", "family")
NODE_CAPACITY = now("cilium_ipam_capacity").sum("cluster", "node", "family")
CLOUD_IPAM = now("cilium_feature_controlplane_ipam", "mode~eni|azure|alibabacloud|crd|delegated-plugin").equal(1)
USED_ADDRESSES = (NODE_ADDRESSES / (NODE_CAPACITY > 0)).unless(CLOUD_IPAM, "cluster", "node")
PORTS_AND_ADDRESSES = (
    now("cilium_nat_endpoint_max_connection").max("cluster", "node") > limit("source-ports.warning")
).label_replace("map_name", "source ports", "", "") | (
    USED_ADDRESSES.max("cluster", "node") > limit("pod-addresses.warning")
).label_replace("map_name", "pod addresses", "", "")


def in_a_day(value: Value) -> Value:
    """A value in 24 hours, as the last six hours foretell."""
    return value.forecast(86400, window=6 * 3600, step=600)


TRUTH: dict[str, dict[str, Value]] = {
    "Fullest maps": {
        "A": now("cilium_bpf_map_pressure").max("map_name").top(8),
    },
    "Nearly full": {
        "A": (
            (now("cilium_bpf_map_pressure").max("cluster", "node", "map_name") > limit("map-pressure.warning"))
            | PORTS_AND_ADDRESSES
        )
        .top(12)
        .or_not_scraped("cilium_version"),
    },
    "Pod addresses used": {
        "A": USED_ADDRESSES.max("family"),
        "B": (
            NODE_ADDRESSES.unless(CLOUD_IPAM, "cluster", "node").sum("family")
            / NODE_CAPACITY.unless(CLOUD_IPAM, "cluster", "node").sum("family")
        ),
    },
    "Source ports used": {
        "A": now("cilium_nat_endpoint_max_connection").max("family"),
    },
    "Identities": {
        "A": now("cilium_operator_identity_gc_entries", "status=alive").max() / 65280,
    },
    "LoadBalancer pools": {
        "A": (
            now("cilium_operator_lbipam_ips_used").max("cluster", "pool")
            / (
                now("cilium_operator_lbipam_ips_used").max("cluster", "pool")
                + now("cilium_operator_lbipam_ips_available").max("cluster", "pool")
            )
        ),
    },
    "Open files": {
        "A": (now("cilium_process_open_fds") / now("cilium_process_max_fds")).max(),
    },
    "Map pressure over time": {
        "A": now("cilium_bpf_map_pressure").max("map_name") > 0.1,
    },
    "Already failing": {
        "A": ((INSERTION_FAILURES.sum("cluster", "node", "reason") > 0).top(10)).or_not_scraped("cilium_version"),
        "B": (hour_ago(INSERTION_FAILURES).sum("cluster", "node", "reason") > 0).top(10),
    },
    "Failed map operations (agents)": {
        "A": rate("cilium_bpf_map_ops_total", "outcome=fail").sum("map_name", "operation").nonzero(),
    },
    "Expected usage in 24 h": {
        "A": in_a_day(now("cilium_bpf_map_pressure").max("cluster", "node", "map_name")).max("map_name").top(6)
        | (in_a_day(NODE_ADDRESSES) / NODE_CAPACITY)
        .unless(CLOUD_IPAM, "cluster", "node")
        .max("family")
        .label_replace("map_name", "addresses $1", "family", "(.*)")
        | in_a_day(now("cilium_nat_endpoint_max_connection").max("cluster", "node", "family"))
        .max("family")
        .label_replace("map_name", "ports $1", "family", "(.*)"),
    },
    "Entries": {
        "A": now("cilium_datapath_conntrack_gc_entries", "status=alive").max("family", "protocol"),
    },
    "Entries deleted": {
        "A": now("cilium_datapath_conntrack_gc_entries", "status=deleted").max("family", "protocol"),
    },
    "Collection time, mean": {
        "A": mean("cilium_datapath_conntrack_gc_duration_seconds", by=("family", "protocol")),
    },
    "Longest collection interval": {
        "A": now("cilium_datapath_conntrack_gc_interval_seconds").max(),
    },
    "Collection in trouble": {
        "A": rate("cilium_datapath_conntrack_gc_runs_total", "status=uncompleted").sum("family", "protocol") * 60,
        "B": rate("cilium_datapath_conntrack_dump_resets_total").sum("name", "family") * 60,
        "C": rate("cilium_datapath_signals_handled_total").sum("signal", "status") * 60,
    },
    "Agent API in flight": {
        "A": now("cilium_api_limiter_requests_in_flight", "value=in-flight").max("api_call"),
        "B": now("cilium_api_limiter_requests_in_flight", "value=limit").min("api_call"),
    },
    "Agent API wait": {
        "A": now("cilium_api_limiter_wait_duration_seconds", "value=mean").max("api_call"),
    },
    "Agent API refusals": {
        "A": (
            rate("cilium_api_limiter_processed_requests_total", "outcome!=success")
            .sum("api_call", "outcome")
            .nonzero()
            .top(10)
        ).or_not_scraped("cilium_version", "api_call"),
    },
    "Agent API calls": {
        "A": rate("cilium_agent_api_process_time_seconds_count", "return_code!~2..")
        .sum("method", "path", "return_code")
        .nonzero()
        .top(10),
        "B": rate("cilium_agent_api_process_time_seconds_count").sum("method", "path", "return_code").nonzero().top(10),
    },
    "Agent API time": {
        "A": (
            rate("cilium_agent_api_process_time_seconds_sum") / rate("cilium_agent_api_process_time_seconds_count")
        ).max("method", "path"),
        "B": mean("cilium_agent_api_process_time_seconds", by=("method", "path")),
    },
    "Configured map sizes": {
        "A": now("cilium_bpf_map_capacity").max("map_group"),
        "B": now("cilium_bpf_map_capacity").min("map_group"),
    },
    "Endpoints": {
        "A": now("cilium_endpoint_state").sum("cluster", "node").max(),
    },
    "Address allocations": {
        "A": rate("cilium_ipam_events_total").sum() * 60,
    },
}
