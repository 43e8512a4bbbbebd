"""Far too many identities."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="identity-storm",
    title="A storm of identities",
    happened="Jobs of a CI system have a label of their own each: the cluster has nearly as many identities as it can.",
    broken="identities",
    looks=(
        Look(board="cilium-overview", panel="Identities", shows=("60240",), color="red"),
        Look(board="cilium-operator", panel="Live identities", shows=("identities", "60240"), color="red"),
    ),
    advice="kubectl get ciliumidentities",
)
