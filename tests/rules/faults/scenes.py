"""The scenes of the demo that are faults. They are of the newest release."""

from dashboards_py.catalog import NEWEST
from dashboards_py.demo.scenes import (
    dns_drop,
    envoy_refuses,
    identity_storm,
    map_full,
    mesh_stale,
    node_down,
    operator_cannot_write,
    relays_half,
    router_down,
)
from tests.rules.faults._fault import HOUR, Fault

FAULTS = (
    Fault(
        name="map-full",
        story="The connection tracking map of a node fills up in 35 minutes, and new connections are dropped.",
        fires=("CiliumMapNearlyFull", "CiliumConntrackFull"),
        releases=(NEWEST,),
        played=map_full.played,
        begin=map_full.FULL,
    ),
    Fault(
        name="node-down",
        story="The machine of a node dies: three targets end, other agents do not reach it, nor does relay.",
        fires=("CiliumNodesUnreachable", "CiliumTargetDown", "CiliumAgentsMissing", "HubbleRelayPeersFailing"),
        releases=(NEWEST,),
        played=node_down.played,
        begin=node_down.NOTICED,
    ),
    Fault(
        name="dns-drop",
        story="A policy denies a namespace its DNS: its lookups get no answer.",
        fires=("HubbleDNSUnanswered",),
        releases=(NEWEST,),
        played=dns_drop.played,
        begin=dns_drop.APPLIED,
    ),
    Fault(
        name="router-down",
        story="One of two routers is down: each node loses one of its two sessions.",
        fires=("CiliumBGPSessionDown",),
        releases=(NEWEST,),
        played=router_down.played,
        begin=router_down.DOWN,
    ),
    Fault(
        name="envoy-refuses",
        story="An invalid CiliumEnvoyConfig: each version of the listeners is rejected.",
        fires=("CiliumEnvoyRefusesConfiguration",),
        releases=(NEWEST,),
        played=envoy_refuses.played,
        begin=envoy_refuses.APPLIED,
    ),
    Fault(
        name="mesh-stale",
        story="kvstoremesh has lost a remote cluster, and tries again every 70 seconds; agents stay ready.",
        fires=("CiliumKVStoreMeshNotReady",),
        releases=(NEWEST,),
        played=mesh_stale.played,
        begin=mesh_stale.LOST,
    ),
    Fault(
        name="operator-cannot-write",
        story="The operator's ClusterRole lacks verbs: 403 to all writes.",
        fires=("CiliumOperatorCallsFailing", "CiliumEndpointSlicesNotWritten"),
        releases=(NEWEST,),
        played=operator_cannot_write.played,
        begin=operator_cannot_write.LOST,
    ),
    Fault(
        name="one-relay-of-two-down",
        story="The second of two relays is out of memory: its target is down.",
        fires=("CiliumTargetDown",),
        releases=(NEWEST,),
        played=relays_half.played,
        begin=relays_half.DIED,
    ),
    Fault(
        name="identity-storm",
        story="Each pod of a CI system has an identity of its own: 63,000 in five hours.",
        fires=("CiliumIdentitiesNearLimit", "CiliumMapNearlyFull"),
        also={"CiliumIdentitiesMany": "the warning of the same number, until that is critical"},
        earlier=("CiliumIdentitiesMany",),
        releases=(NEWEST,),
        played=identity_storm.played,
        begin=-0.25 * HOUR,  # from then on more than 58,000, and the policy maps are above 90 %
    ),
)
