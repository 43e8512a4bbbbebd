"""The first dashboard to open: it links to the others."""

FIRST_BOARD_UID = "cilium-overview"
