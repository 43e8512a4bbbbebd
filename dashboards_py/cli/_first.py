"""The dashboard to begin with: it links to the others."""

FIRST = "cilium-overview"
