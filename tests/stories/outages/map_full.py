"""A full connection tracking map."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="map-full",
    title="A map is full",
    happened="The connection tracking map of node-2 is full: new connections from and to its pods fail.",
    broken="node-2",
    looks=(
        Look(
            board="cilium-overview",
            panel="Fullest maps and addresses",
            shows=("ct4_global", "node-2", "100%"),
            color="red",
        ),
        Look(board="cilium-capacity", panel="Nearly full", shows=("node-2", "ct4_global", "100%"), color="red"),
    ),
    advice="Raise bpf.mapDynamicSizeRatio",
)
