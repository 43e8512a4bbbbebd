"""What each panel must show, in words of its own, computed from what the synthetic cluster was told to do.

A file a board: panel, query, value. The values come from the series' shapes and never from Prometheus; they are
compared with what a real Prometheus answers to the board's query.
"""
