"""A synthetic Cilium: the series that the catalogue lists for a release, with known values.

World (who is there) -> Series (labels and a shape) -> OpenMetrics text -> blocks that a real Prometheus reads.
"""
