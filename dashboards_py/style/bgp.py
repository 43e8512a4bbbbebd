"""BGP sessions whose series have ended: those of nodes whose agent does not answer."""

from dashboards_py.style.agents import more_nodes_than_agents, scraped_lately


def lost_sessions(everywhere: str = "") -> str:
    """Sessions of an hour ago on nodes without an agent now and five minutes ago, unless their nodes were removed.

    A rollout takes no node that long. Those that are removed from the configuration of an agent that answers are no
    loss. `everywhere` is the matcher of all nodes where one may be chosen.
    """
    before = f"cilium_bgp_control_plane_session_state offset 1h unless on (cluster, node) {scraped_lately()}"
    return f"({before} and on (cluster) {more_nodes_than_agents(everywhere)})"
