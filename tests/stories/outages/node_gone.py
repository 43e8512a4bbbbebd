"""A node that was removed after it died."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="node-gone",
    title="A node died and was removed",
    happened="The machine of node-4 died 40 minutes ago; the node was removed, and no target has its name.",
    broken="node-4",
    looks=(
        Look(board="cilium-overview", panel="Not scraped", shows=("node-4", "cilium-agent", "removed")),
        Look(board="cilium-agent", panel="Not scraped", shows=("node-4", "cilium-agent", "removed")),
    ),
    advice="no pod: the node is NotReady, or was removed",
)
