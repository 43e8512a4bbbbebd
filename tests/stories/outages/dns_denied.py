"""DNS of one namespace, denied by a policy."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="dns-drop",
    title="DNS of one namespace is denied",
    happened="A new policy of the namespace shop has no rule for DNS: frontend and checkout cannot resolve names.",
    broken="frontend",
    looks=(
        Look(board="cilium-overview", panel="Namespaces in trouble", shows=("shop", "100%"), color="red"),
        Look(board="hubble-dns", panel="Dropped on the way to DNS", shows=("frontend", "UDP"), color="red"),
    ),
    advice="allow the client port 53 of the servers",
)
