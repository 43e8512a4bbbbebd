"""A synthetic Cilium: series as the catalogue says a release exposes them, with values that are known beforehand.

World (who is there) -> Series (labels and a shape) -> OpenMetrics text -> blocks that a real Prometheus reads.
"""
