"""A synthetic Cilium: the series that the catalogue lists for a release, each with a known value at every moment.

`topology` lists the targets, `series` gives each of them its series, `levels` and `shapes` define how they move.
"""
