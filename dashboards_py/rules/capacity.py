"""What runs full: BPF maps, connection tracking, source ports, addresses, identities."""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.alert_limits import CONNTRACK_COLLECTIONS, LOCAL_IDENTITIES, NO_ROOM_DROPS
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.fullness import USED_ADDRESSES
from dashboards_py.style.limits import (
    FAILED_MAP_OPERATIONS,
    IDENTITIES,
    IP_POOLS,
    MAP_PRESSURE,
    POD_ADDRESSES,
    SOURCE_PORTS,
)

CONNTRACK, NAT = "CT: Map insertion failed", "No mapping for NAT masquerade"
RUNS = "cilium_datapath_conntrack_gc_runs_total"
OF_RUNS = "cluster, node, family, protocol"
POOL = "max by (cluster, pool)"
IDENTITIES_IN_USE = 'max by (cluster) (cilium_operator_identity_gc_entries{status="alive"})'
USED, AVAILABLE = "cilium_operator_lbipam_ips_used", "cilium_operator_lbipam_ips_available"


def _drops(reason: str) -> str:
    return f'sum by (cluster, node) (rate(cilium_drop_count_total{{reason="{reason}"}}[5m]))'


def _pool_use(suffix: str) -> str:
    used, available = USED + suffix, AVAILABLE + suffix
    return f"{POOL} ({used}) / ({POOL} ({used}) + {POOL} ({available}) > 0)"


def rules(_: Release) -> RuleGroup:
    """Limits of nodes and of the cluster."""
    return group(
        "cilium-capacity",
        alert(
            "CiliumMapNearlyFull",
            "max by (cluster, node, map_name) (cilium_bpf_map_pressure)",
            above=MAP_PRESSURE.level("critical"),
            hold="10m",
            severity="critical",
            summary="BPF map {{ $labels.map_name }} on {{ $labels.node }} is nearly full",
            description="{{ $value | humanizePercentage }} of {{ $labels.map_name }} on {{ $labels.node }} are in use; "
            "the limit is [limit]. When it is full, new connections, services or policy entries fail.",
            action="Raise the size of this map in the Helm values and restart the agent, one node at a time.",
            panel=panel("cilium-capacity", "Nearly full", node="node"),
        ),
        alert(
            "CiliumMapUpdatesFail",
            "sum by (cluster, node, map_name) "
            '(rate(cilium_bpf_map_ops_total{outcome="fail", operation="update"}[10m]))',
            above=FAILED_MAP_OPERATIONS.level("critical"),
            hold="15m",
            severity="critical",
            summary="The agent on {{ $labels.node }} cannot write to BPF map {{ $labels.map_name }}",
            description="{{ $value | humanize }} writes a second to {{ $labels.map_name }} on {{ $labels.node }} fail: "
            "the datapath keeps what it had.",
            action="See whether the map is full; otherwise the agent's log has the kernel's error.",
            panel=panel("cilium-capacity", "Failed map operations (agents)", node="node"),
        ),
        alert(
            "CiliumConntrackFull",
            _drops(CONNTRACK),
            above=NO_ROOM_DROPS.level("critical"),
            hold="10m",
            keep_firing_for="10m",
            severity="critical",
            summary="Connection tracking on {{ $labels.node }} has no room",
            description="{{ $value | humanize }} packets a second are dropped on {{ $labels.node }}, because "
            "connection "
            "tracking cannot add an entry: new connections fail.",
            action="Find the pod that opens so many connections; raise bpf.ctTcpMax and bpf.ctAnyMax, or "
            "bpf.mapDynamicSizeRatio.",
            panel=panel("cilium-capacity", "Already failing", node="node"),
        ),
        alert(
            "CiliumNATPortsExhausted",
            _drops(NAT),
            above=NO_ROOM_DROPS.level("critical"),
            hold="10m",
            keep_firing_for="10m",
            severity="critical",
            summary="{{ $labels.node }} has no free source port for masquerading",
            description="{{ $value | humanize }} packets a second are dropped on {{ $labels.node }}, because no source "
            "port is left for their destination.",
            action="Find the destination with most connections; reuse connections, or add egress addresses.",
            panel=panel("cilium-capacity", "Already failing", node="node"),
        ),
        alert(
            "CiliumConntrackCollectionUnfinished",
            f'sum by ({OF_RUNS}) (increase({RUNS}{{status="uncompleted"}}[1h])) '
            f'unless sum by ({OF_RUNS}) (increase({RUNS}{{status="completed"}}[1h])) > 0',
            above=CONNTRACK_COLLECTIONS.level("warning"),
            hold="15m",
            severity="warning",
            summary="Connection tracking on {{ $labels.node }} is not cleaned up",
            description="All {{ $value | humanize }} collections of {{ $labels.family }} {{ $labels.protocol }} "
            "entries "
            "on {{ $labels.node }} in an hour ended early: old entries stay, and the map runs full.",
            action="Look at the fill of the conntrack maps and at the agent's log; a larger map is walked in one go.",
            panel=panel("cilium-capacity", "Collection in trouble", node="node"),
        ),
        alert(
            "CiliumNodeAddressesNearlyUsed",
            USED_ADDRESSES,
            above=POD_ADDRESSES.level("critical"),
            hold="15m",
            severity="critical",
            summary="{{ $labels.node }} is nearly out of {{ $labels.family }} addresses for pods",
            description="{{ $value | humanizePercentage }} of the {{ $labels.family }} addresses of {{ $labels.node }} "
            "are in use; the limit is [limit]. Without a free one its pods stay in ContainerCreating.",
            action="Give nodes a larger CIDR (ipam.operator.clusterPoolIPv4MaskSize is for new nodes), or fewer pods.",
            panel=panel("cilium-capacity", "Pod addresses used", node="node"),
        ),
        alert(
            "CiliumSourcePortsNearlyUsed",
            "max by (cluster, node, family) (cilium_nat_endpoint_max_connection)",
            above=SOURCE_PORTS.level("critical"),
            hold="10m",
            severity="critical",
            summary="{{ $labels.node }} runs out of source ports to one destination",
            description="{{ $value | humanizePercentage }} of the source ports from {{ $labels.node }} to one "
            "destination are in use ({{ $labels.family }}); the limit is [limit].",
            action="Find it with cilium-dbg bpf nat list; reuse connections, or add egress addresses.",
            panel=panel("cilium-capacity", "Source ports used", node="node"),
        ),
        alert(
            "CiliumIdentitiesNearLimit",
            IDENTITIES_IN_USE,
            above=IDENTITIES.level("critical"),
            hold="5m",  # the operator counts them every 15 minutes
            severity="critical",
            summary="{{ $value }} of 65,280 identities are in use",
            description="The cluster has {{ $value }} identities; the limit is [limit]. Without a free one a pod with "
            "new labels gets no identity and no policy.",
            action="Find the label whose values change with each pod, and exclude it with the Helm value labels.",
            panel=panel("cilium-capacity", "Identities"),
        ),
        alert(
            "CiliumIdentitiesMany",
            f"{IDENTITIES_IN_USE} < {IDENTITIES.critical}",  # from there on CiliumIdentitiesNearLimit fires
            above=IDENTITIES.level("warning"),
            levels=(IDENTITIES.level("critical"),),
            hold="5m",
            keep_firing_for="10m",  # until CiliumIdentitiesNearLimit, which takes 5 minutes, fires
            severity="warning",
            summary="{{ $value }} of 65,280 identities are in use",
            description="The cluster has {{ $value }} identities; the limit is [limit]. If they go on growing, pods "
            "with new labels will get no identity and no policy.",
            action="Find the label whose values change with each pod, and exclude it with the Helm value labels.",
            panel=panel("cilium-capacity", "Identities"),
        ),
        alert(
            "CiliumLocalIdentitiesMany",
            'max by (cluster, node) (cilium_identity{type="node_local"})',
            above=LOCAL_IDENTITIES.level("warning"),
            hold="15m",
            severity="warning",
            summary="{{ $labels.node }} has {{ $value }} identities of CIDRs and names",
            description="{{ $labels.node }} has {{ $value }} node-local identities; the limit is [limit]. A policy "
            "that "
            "selects more of them than a policy map has entries (16,384 by default) cannot be loaded.",
            action="Find the toFQDNs or toCIDR rules with most addresses with cilium-dbg fqdn cache list, or raise "
            "bpf.policyMapMax.",
            panel=panel("cilium-policy", "Identities", node="node"),
        ),
        alert(
            "CiliumLoadBalancerPoolNearlyUsed",
            _pool_use(""),
            _pool_use("_total"),
            above=IP_POOLS.level("warning"),
            hold="30m",
            severity="warning",
            summary="Pool {{ $labels.pool }} is nearly out of addresses",
            description="{{ $value | humanizePercentage }} of the addresses of CiliumLoadBalancerIPPool "
            "{{ $labels.pool }} are in use; the limit is [limit].",
            action="Add a block to the pool, or release Services that need none.",
            panel=panel("cilium-capacity", "LoadBalancer pools"),
        ),
    )
