"""Histograms on our boards: written once, compiled for both ways in which Prometheus may store them."""

from dataclasses import replace

import pytest

from dashboards_py import promql
from dashboards_py.board import read
from dashboards_py.catalog import RELEASES, Release
from dashboards_py.compile import compile_boards, compile_together
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Annotation, Panel
from dashboards_py.queries import board_queries, catalogued_series
from dashboards_py.style import heatmap, label_variable, query
from tests.compile.test_compile import ABOUT, board, compiled, panel

DELAY = "cilium_policy_implementation_delay"


@pytest.mark.fault("panels are empty if Prometheus stores histograms natively")
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_no_query_needs_classic_series(release: Release) -> None:
    """Every query of every board can still return data if no histogram has suffixes, on every release."""
    lookup = catalogued_series(release)

    def is_histogram(selector: promql.Selector) -> bool:
        series = lookup(selector)
        return series is not None and series.is_histogram

    of_histograms = 0
    for compiled_board in compile_boards(release):
        for query_ in board_queries(read(compiled_board.json)):
            of_histograms += any(map(is_histogram, promql.selectors(query_.expr)))
            assert promql.can_return_data(query_.expr, is_histogram), (compiled_board.uid, query_.where, query_.expr)
    assert of_histograms


@pytest.mark.parametrize(
    ("expr", "named"),
    [
        (f"changes({DELAY}_count[5m])", "changes has no equivalent"),
        (f"sum(rate({DELAY}_bucket[5m]))", "buckets outside of a quantile"),
        ('{__name__=~"cilium_policy_implementation_delay_.*"}', f"reads {DELAY}_bucket by a pattern of names"),
    ],
)
def test_what_cannot_be_written_does_not_compile(expr: str, named: str) -> None:
    """The error names the panel, the cause and the query to write instead."""
    with pytest.raises(DashboardsError, match="board x, panel 'P'") as refused:
        compiled(panel("P", expr))
    assert named in str(refused.value)
    assert refused.value.fix


def test_an_annotation_is_written_for_both_kinds() -> None:
    """As panels are, and named where that cannot be."""
    mark = Annotation(name="Changes", expr=f"increase({DELAY}_count[1m]) > 0", text="t", color="blue")
    whole = replace(board(panel("P", "cilium_version")), annotations=(mark,))
    written = read(compile_together([whole], RELEASES[-1])[0].json)
    assert "or histogram_count(increase(" in written.annotations[-1].expr
    refused = replace(whole, annotations=(replace(mark, expr=f"changes({DELAY}_count[1m]) > 0"),))
    with pytest.raises(DashboardsError, match="annotation 'Changes'"):
        compile_together([refused], RELEASES[-1])


def test_a_variable_takes_no_values_from_a_histogram() -> None:
    """label_values has no `or`, so the board does not compile, and the variable is named."""
    variable = label_variable("source", "Source", f"{DELAY}_count", "source")
    whole = board(panel("P", f'rate({DELAY}_count{{source=~"$source"}}[5m])'))
    with pytest.raises(DashboardsError, match="variable 'source'"):
        compile_together([replace(whole, variables=(*whole.variables, variable))], RELEASES[-1])


def test_a_heatmap_uses_the_existing_kind() -> None:
    """Buckets if there are any, the native histogram otherwise, never both."""
    expr = f"sum by (le) (rate({DELAY}_bucket[$__rate_interval]))"
    drawn: Panel = heatmap("H", ABOUT, query(expr, "{{le}}"), unit="s")
    (target,) = compiled(drawn)["panels"][1]["targets"]
    assert f"or ignoring (le) sum(rate({DELAY}{{" in target["expr"]


def test_summaries_stay_as_they_are() -> None:
    """They are never stored natively; their means are guarded all the same."""
    name = "cilium_operator_ces_queueing_delay_seconds"
    summary = "go_gc_duration_seconds"
    (target,) = compiled(panel("P", f"rate({summary}_sum[5m]) / rate({summary}_count[5m])"))["panels"][1]["targets"]
    assert "histogram" not in target["expr"]
    assert target["expr"].endswith("[5m]) > 0)")
    assert "histogram_count" in compiled(panel("P", f"rate({name}_count[5m])"))["panels"][1]["targets"][0]["expr"]
