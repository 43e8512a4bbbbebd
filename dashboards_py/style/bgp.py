"""BGP sessions whose series have ended: those of nodes whose agent does not answer."""

from dashboards_py.style.agents import more_nodes_than_agents


def lost_sessions(everywhere: str = "") -> str:
    """Sessions of an hour ago on nodes without an agent now, unless their nodes were removed.

    Those that are removed from the configuration of an agent that answers are no loss. `everywhere` is the matcher of
    all nodes where one may be chosen.
    """
    before = "cilium_bgp_control_plane_session_state offset 1h unless on (cluster, node) cilium_version"
    return f"({before} and on (cluster) {more_nodes_than_agents(everywhere)})"
