"""Faults of what is limited: maps, ports, addresses, identities; and packets that are lost."""

from tests.rules.faults._fault import (
    HOUR,
    NODE,
    Fault,
    changing,
    counted,
    labeled,
    level,
    on,
    rate,
    rising,
    times,
    with_new,
)

DROPS = "cilium_drop_count_total"
DENIED = {"reason": "Policy denied", "direction": "EGRESS"}

FAULTS = (
    Fault(
        name="service-map-full",
        story="12,000 Services have more backends than lb4_backends_v3 has entries, on each node.",
        fires=("CiliumMapNearlyFull",),
        played=on("cilium_bpf_map_pressure", level(0.97), map_name="lb4_backends_v3"),
    ),
    Fault(
        name="map-writes-fail",
        story="The kernel refuses writes to the policy map of one node: it is full for an endpoint (E2BIG), though not "
        "for the pressure of all.",
        fires=("CiliumMapUpdatesFail",),
        played=on(
            "cilium_bpf_map_ops_total",
            rate(3.0),
            node=NODE,
            map_name="policy.*|ct4_global",
            operation="update",
            outcome="fail",
        ),
    ),
    Fault(
        name="conntrack-insertion-fails",
        story="A burst of connections fills a small conntrack map between two measurements of its pressure: two "
        "packets a second are dropped (DROP_CT_CREATE_FAILED).",
        fires=("CiliumConntrackFull",),
        played=on(DROPS, with_new(0.4, reason="CT: Map insertion failed"), node=NODE, **DENIED),
    ),
    Fault(
        name="source-ports-exhausted",
        story="A job opens a connection for each request to one address outside: no source port is left "
        "(DROP_NAT_NO_MAPPING), which few other packets suffer.",
        fires=("CiliumNATPortsExhausted",),
        played=on(DROPS, with_new(0.4, reason="No mapping for NAT masquerade"), node=NODE, **DENIED),
    ),
    Fault(
        name="source-ports-nearly-used",
        story="95 % of the source ports to one destination are in use (pkg/maps/nat/stats).",
        fires=("CiliumSourcePortsNearlyUsed",),
        played=on("cilium_nat_endpoint_max_connection", level(0.95), node=NODE, family="ipv4"),
    ),
    Fault(
        name="conntrack-not-collected",
        story="No garbage collection of TCP ends before its limit of steps, since the map is large (status "
        "uncompleted, pkg/maps/ctmap).",
        fires=("CiliumConntrackCollectionUnfinished",),
        played=changing(
            on("cilium_datapath_conntrack_gc_runs_total", rate(0.0), node=NODE, protocol="TCP", status="completed"),
            on("cilium_datapath_conntrack_gc_runs_total", rate(0.002), node=NODE, protocol="TCP", status="uncompleted"),
        ),
    ),
    Fault(
        name="pod-addresses-used-up",
        story="A node's pod CIDR has 254 addresses, all in use.",
        fires=("CiliumNodeAddressesNearlyUsed",),
        played=changing(
            on("cilium_ip_addresses", level(254.0), node=NODE, family="ipv4"),
            on("cilium_ipam_capacity", level(254.0), node=NODE, family="ipv4"),
        ),
    ),
    Fault(
        name="eni-pools-full",
        story="With ENI the operator gives nodes addresses as they need them: each is near 100 % all day. No fault.",
        played=changing(
            on("cilium_feature_controlplane_ipam", labeled(mode="eni")),
            on("cilium_ip_addresses", level(60.0)),
            on("cilium_ipam_capacity", level(60.0)),
        ),
    ),
    Fault(
        name="identities-near-limit",
        story="A label with a value for each pod makes 64,000 identities (operator/identitygc counts those alive).",
        fires=("CiliumIdentitiesNearLimit",),
        played=on("cilium_operator_identity_gc_entries", level(64_000.0), status="alive"),
    ),
    Fault(
        name="identities-many",
        story="A label with a value for each pod has made 50,000 identities: still all pods get theirs.",
        fires=("CiliumIdentitiesMany",),
        played=on("cilium_operator_identity_gc_entries", level(50_000.0), status="alive"),
    ),
    Fault(
        name="local-identities-many",
        story="A toFQDNs rule with a wildcard matches thousands of addresses: each is a node-local identity.",
        fires=("CiliumLocalIdentitiesMany",),
        played=on("cilium_identity", level(15_000.0), node=NODE, type="node_local"),
    ),
    Fault(
        name="address-pool-used-up",
        story="All addresses of a CiliumLoadBalancerIPPool are in use, and no Service waits yet.",
        fires=("CiliumLoadBalancerPoolNearlyUsed",),
        played=changing(
            on("cilium_operator_lbipam_ips_used(_total)?", level(64.0)),
            on("cilium_operator_lbipam_ips_available(_total)?", level(0.0)),
        ),
    ),
    Fault(
        name="routes-missing",
        story="After a change of routes a node finds none to many addresses: FIB lookup failed.",
        fires=("CiliumDropsHigh",),
        played=on(DROPS, rate(900.0), node=NODE, reason="FIB lookup failed"),
    ),
    Fault(
        name="policy-denies-much",
        story="A scanner is denied thousands of packets a second by policy, which does its work. No fault.",
        played=on(DROPS, rate(2000.0), node=NODE, reason="Policy denied", direction="INGRESS"),
    ),
    Fault(
        name="ipsec-keys-differ",
        story="A node has another IPsec key after a rotation: its kernel counts packets that match no state.",
        fires=("CiliumIPsecErrors",),
        played=on("cilium_ipsec_xfrm_error", counted(2.0), node=NODE, type="inbound", error="no_state"),
    ),
    Fault(
        name="ipsec-rotation-unfinished",
        story="An agent did not notice the new key: the old one stays beside it for hours.",
        fires=("CiliumIPsecRotationUnfinished",),
        played=on("cilium_ipsec_keys", level(2.0), node=NODE),
    ),
    Fault(
        name="map-half-full",
        story="A map fills up to 70 % within an hour, and stays there. No fault.",
        played=on("cilium_bpf_map_pressure", rising(0.3, 0.7, HOUR), node=NODE, map_name="ct4_global"),
    ),
    Fault(
        name="connection-tracking-busy",
        story="Garbage collection of one node is interrupted now and then, and completed most of the time. No fault.",
        played=on("cilium_datapath_conntrack_gc_runs_total", times(20.0), node=NODE, status="uncompleted"),
    ),
)
