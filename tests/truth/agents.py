"""Expected numbers of agents that are missing."""

from tests.truth.values import earlier, highest, lowest, now

KNOWN_NODES = lowest("cilium_nodes_all_num", 300).max("cluster")
REMOTE_NODES = highest("cilium_clustermesh_remote_cluster_nodes", 300).max("cluster", "target_cluster").sum("cluster")
AGENTS = now("cilium_version").count("cluster").highest_of(300, step=60)
TOO_FEW = KNOWN_NODES - (REMOTE_NODES | AGENTS * 0) - AGENTS
HUBBLES_BY_NODE = now("hubble_metrics_http_handler_requests_total").count("cluster", "node")
HUBBLES = HUBBLES_BY_NODE.count("cluster").highest_of(300, step=60)
HUBBLES_TOO_FEW = (KNOWN_NODES - (REMOTE_NODES | HUBBLES * 0) - HUBBLES).of_all_nodes()
MISSING = TOO_FEW.clamp_min(0).sum()
_NOW = now("cilium_version").count("cluster")
_REMOTE_NOW = now("cilium_clustermesh_remote_cluster_nodes").max("cluster", "target_cluster").sum("cluster")
MORE_NODES = now("cilium_nodes_all_num").max("cluster") - (_REMOTE_NOW | _NOW * 0) - _NOW > 0
_LOST = earlier("cilium_version", 3600).where(TOO_FEW > 0, "cluster")
_KNOWN = now("cilium_version") | _LOST
NODES_WITHOUT_HUBBLE = (
    (_KNOWN.count("cluster", "node").clamp_max(1).unless(HUBBLES_BY_NODE, "cluster", "node")).of_all_nodes()
).where(HUBBLES_TOO_FEW > 0, "cluster")
