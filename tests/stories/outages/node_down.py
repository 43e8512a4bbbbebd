"""A node that is down."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="node-down",
    title="A node is down",
    happened="The machine of node-4 died 25 minutes ago; Kubernetes still has the node.",
    broken="node-4",
    looks=(
        Look(board="cilium-overview", panel="Not scraped", shows=("node-4", "cilium-ag004", "down"), color="yellow"),
        Look(board="cilium-agent", panel="Not scraped", shows=("node-4", "cilium-ag004", "down"), color="yellow"),
    ),
    advice="kubectl -n kube-system get pods -o wide --field-selector spec.nodeName=NODE",
)
