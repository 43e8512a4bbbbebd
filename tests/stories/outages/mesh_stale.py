"""A remote cluster that is stale."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="mesh-stale",
    title="A cluster of the mesh is stale",
    happened="kvstoremesh has lost the cluster west 25 minutes ago: agents are connected, to a copy that is stale.",
    broken="west",
    looks=(
        Look(board="cilium-overview", panel="Remote clusters failing", shows=("1",), color="red"),
        Look(board="cilium-clustermesh", panel="Remote clusters failing", shows=("west", "1"), color="red"),
    ),
    advice="kvstoremesh-dbg status",
)
