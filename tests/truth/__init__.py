"""The expected values of each panel, computed from the configuration of the synthetic cluster.

One file for each board: TRUTH by panel and query for the newest release, and OLDER for queries that only older ones
have. The values are computed from the series' shapes, never by Prometheus; they are compared with the answer of a real
Prometheus to the board's query.
"""
