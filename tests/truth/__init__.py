"""The expected values of each panel, computed from the configuration of the synthetic cluster.

One file for each board: TRUTH by panel and query for the newest release, and OLDER for queries that only older ones
have. The values come from the series' shapes and never from Prometheus; they are compared with what a real Prometheus
answers to the board's query.
"""
