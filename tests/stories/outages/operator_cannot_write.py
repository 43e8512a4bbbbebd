"""An operator that may not write."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="operator-cannot-write",
    title="The operator cannot write",
    happened="A ClusterRole of an older chart lacks the operator's verbs: the API server answers its writes with 403.",
    broken="403",
    looks=(
        Look(board="cilium-overview", panel="Operator calls failed", shows=("60.4",), color="red"),
        Look(board="cilium-operator", panel="Refused calls", shows=("PUT", "403"), color="red"),
    ),
    advice="compare its ClusterRole with the chart's",
)
