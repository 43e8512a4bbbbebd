"""A node without free pod addresses."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="addresses-used-up",
    title="A node has no pod addresses left",
    happened="Pod addresses of node-5 leaked until none was left: each new pod there hangs in ContainerCreating.",
    broken="node-5",
    looks=(
        Look(
            board="cilium-overview",
            panel="Fullest maps and addresses",
            shows=("pod addresses", "node-5", "100%"),
            color="red",
        ),
        Look(board="cilium-capacity", panel="Nearly full", shows=("node-5", "100%"), color="red"),
    ),
    advice="addresses: a larger pod CIDR",
)
