"""What each panel must show, in words of its own, computed from what the synthetic cluster was told to do.

A file a board: TRUTH by panel and query for the newest release, and OLDER for queries that only older ones have. The
values come from the series' shapes and never from Prometheus; they are compared with what a real Prometheus answers to
the board's query.
"""
