"""A router that all nodes peer with is down."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="router-down",
    title="A BGP router is down",
    happened="One of two routers went down 25 minutes ago: every node has lost its session with it.",
    broken="10.0.0.2:179",
    looks=(
        Look(board="cilium-overview", panel="BGP sessions", shows=("6",), color="yellow"),
        Look(board="cilium-bgp", panel="Sessions down now", shows=("10.0.0.2:179", "down"), color="yellow"),
    ),
    advice="cilium bgp peers",
)
