"""The shares of BPF maps, source ports and pod addresses that nodes use, from 0 to 1, and drops for want of room."""

from dashboards_py.style.limits import POD_ADDRESSES, SOURCE_PORTS

# With these the operator hands a node addresses before it needs them, and keeps it near 100 %: that is not a fault.
CLOUD_IPAM = 'cilium_feature_controlplane_ipam{mode=~"eni|azure|alibabacloud|crd|delegated-plugin"}'
NOT_CLOUD_IPAM = f"unless on (cluster, node) {CLOUD_IPAM} == 1"
NODE_ADDRESSES = "sum by (cluster, node, family) (cilium_ip_addresses)"
NODE_CAPACITY = "sum by (cluster, node, family) (cilium_ipam_capacity)"
# The share of pod addresses in use on each node.
USED_ADDRESSES = f"{NODE_ADDRESSES} / ({NODE_CAPACITY} > 0) {NOT_CLOUD_IPAM}"
# The levels that `nearly_full` compares with.
NEARLY_FULL = (SOURCE_PORTS.level("warning"), POD_ADDRESSES.level("warning"))
# Drops for want of an entry: DROP_CT_CREATE_FAILED, DROP_NAT_NO_MAPPING and the proxy's map (pkg/monitor/api/drop.go).
NO_ROOM_REASONS = "CT: Map insertion failed|No mapping for NAT masquerade|Failed to insert into proxymap"
INSERTION_FAILURES = f'rate(cilium_drop_count_total{{reason=~"{NO_ROOM_REASONS}"}}[$__rate_interval])'


def nearly_full() -> str:
    """The nodes whose source ports or pod addresses are above their first limit, named as if these were maps."""
    ports = f"max by (cluster, node) (cilium_nat_endpoint_max_connection) > {SOURCE_PORTS.warning}"
    addresses = f"max by (cluster, node) ({USED_ADDRESSES}) > {POD_ADDRESSES.warning}"
    return f"{named('source ports', ports)} or {named('pod addresses', addresses)}"


def named(name: str, expr: str, label: str = "") -> str:
    """The expression with a name as if it were of maps, in which `$1` is the value of the label."""
    return f'label_replace({expr}, "map_name", "{name}", "{label}", "{"(.*)" if label else ""}")'
