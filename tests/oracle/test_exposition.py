from tests.oracle import exposition

TEXT = r"""# HELP a_total Something.
# TYPE a_total counter
a_total{path="C:\\x",text="say \"hi\"\n"} 1
a_total{path="y",text=""} 2 1700000000
# TYPE h histogram
h_bucket{kind="k",le="1"} 1
h_bucket{kind="k",le="+Inf"} 2
h_sum{kind="k"} 3
h_count{kind="k"} 2
# TYPE s summary
s{quantile="0.5"} 1
s_sum 1
s_count 1
plain_count 4
"""


def test_an_exposition_is_read() -> None:
    """Types, labels without `le` and `quantile`, unescaped values; suffixes of histograms are not names."""
    metrics = exposition.read(TEXT.splitlines())
    assert {name: (one.type, one.labels) for name, one in metrics.items()} == {
        "a_total": ("counter", {"path", "text"}),
        "h": ("histogram", {"kind"}),
        "s": ("summary", set()),
        "plain_count": ("", set()),
    }
    assert metrics["a_total"].row("a_total") == {
        "name": "a_total",
        "type": "counter",
        "labels": ["path", "text"],
        "values": {"path": ["C:\\x", "y"], "text": ["", 'say "hi"\n']},
    }


def test_too_many_values_are_left_out() -> None:
    """Of a label with hundreds of values only the name is kept."""
    lines = ["# TYPE a gauge", *(f'a{{id="{number}",kind="x"}} 1' for number in range(500))]
    assert exposition.read(lines)["a"].row("a")["values"] == {"kind": ["x"]}
