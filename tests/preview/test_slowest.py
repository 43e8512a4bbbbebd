"""Which panels are asked for first."""

from dashboards_py.board import read
from dashboards_py.preview.slowest import slowest

QUERIES = [
    "sum by (node) (rate(a[1m]))",
    "rate(a_seconds_count[1m])",
    "histogram_quantile(0.5, rate(a_seconds_bucket[1m]))",
    "histogram_quantile(0.5, sum by (le) (rate(a_seconds_bucket[1m])))",
    "topk(10, a)",
    "sum_of_a",
    "",
]


def test_what_sends_each_series_takes_longest() -> None:
    """Of a histogram most of all; what is aggregated is not among them, nor what is hidden."""
    panels = [{"id": number, "targets": [{"refId": "A", "expr": expr}]} for number, expr in enumerate(QUERIES)]
    hidden = {"id": 9, "targets": [{"refId": "A", "expr": QUERIES[2], "hide": True}]}
    board = read({"schemaVersion": 41, "panels": [*panels, hidden]})
    assert slowest(board.panels, 9) == [2, 1, 5]
    assert slowest(board.panels, 1) == [2]
    assert slowest(board.panels, 0) == []
