"""The first dashboard to open: it links to the others."""

FIRST = "cilium-overview"
