"""A relay of two that is dead."""

from tests.stories._story import Look, Story

RELAY = "hubble-relay-6b9d4-relay2"
STORY = Story(
    scene="relays-half",
    title="Half of the relays are dead",
    happened="One of two Hubble relays was out of memory and does not start again; the other one serves all clients.",
    broken=RELAY,
    looks=(
        Look(board="cilium-overview", panel="Not scraped", shows=("hubble-relay", RELAY, "down"), color="yellow"),
        Look(board="hubble-relay", panel="Relays not scraped", shows=(RELAY, "down"), color="yellow"),
    ),
    advice="raise `hubble.relay.resources`",
)
