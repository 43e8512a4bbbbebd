"""Hubble queries of several boards; Hubble counts events rather than packets, connections or requests.

Each end of a flow reports what it sees. Where a policy selects a pod, the verdict on a connection's first packet is one
event more (pkg/hubble/metrics/tcp/handler.go), and a packet that policy denies is two: the verdict and the drop
(pkg/hubble/metrics/drop/handler.go). An L7 denial is a drop without a reason (pkg/hubble/parser/seven/parser.go).

A pod is named by its label `app.kubernetes.io/name`, `k8s-app` or `app`, which is part of its identity and known on
every node; its workload is known on its own node alone (pkg/hubble/parser/common/endpoint.go).
"""

CLIENT = "source_namespace, source_app"
SERVER = "destination_namespace, destination_app"
PAIR = f"{CLIENT}, {SERVER}"

DENIED = 'action="dropped"'  # verdicts of hubble_policy_verdicts_total: once for each denial, L7 included
# Drops of hubble_drop_total that no policy caused. AUTH_REQUIRED is a verdict like the other two (bpf/lib/policy.h).
# Whatever is dropped at L7 was denied (pkg/hubble/parser/seven/parser.go): up to 1.19 Kafka and proxylib's, too.
NOT_DENIED = 'reason!~"POLICY_DENIED|POLICY_DENY|AUTH_REQUIRED", protocol!~"DNS|HTTP|Kafka|Unknown L7"'

# Relay's connections to agents that fail, by the relay that has most. gRPC connects at first use and lets an unused
# connection go idle, so IDLE is not a fault (pkg/hubble/relay/pool/client.go). A peer that fails alternates between
# TRANSIENT_FAILURE and CONNECTING.
FAILING_PEERS = (
    "max(sum by (cluster, pod) ("
    'max_over_time(hubble_relay_pool_peer_connection_status{status=~"TRANSIENT_FAILURE|SHUTDOWN|NIL_CONNECTION"}[5m])'
    ' or min_over_time(hubble_relay_pool_peer_connection_status{status="CONNECTING"}[5m])))'
)
