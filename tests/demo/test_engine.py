"""The engine against answers that a real Prometheus gave, and what it refuses."""

import pytest

from dashboards_py.demo.engine import Engine
from dashboards_py.errors import DashboardsError
from tests.demo import memory, recorded
from tests.demo.compare import answer, difference

ENGINE = Engine(memory.small())
RECORDED = recorded.answers()


@pytest.mark.parametrize("expr", recorded.EXPRESSIONS)
def test_recorded_answers(expr: str) -> None:
    """The engine answers as the Prometheus did."""
    assert difference(answer(ENGINE.range(expr, *recorded.RANGE)), answer(RECORDED[expr]), expr) == ""


@pytest.mark.parametrize("expr", recorded.EXPRESSIONS)
def test_an_instant_is_a_point_of_a_range(expr: str) -> None:
    """At each point of a range an instant query has the same samples."""
    start, end, step = recorded.RANGE
    if "@" in expr:
        end = start  # which is what `@ end()` means
    series = answer(ENGINE.range(expr, start, end, step))
    for time in {time for samples in series.values() for time in samples}:
        expected = {labels: {time: samples[time]} for labels, samples in series.items() if time in samples}
        assert difference(answer(ENGINE.instant(expr, time)), expected, expr) == ""


def test_order() -> None:
    """A range is sorted by labels; an instant topk by value, and sort as asked."""
    names = [tuple(sorted(one.labels.items())) for one in ENGINE.range("temperature", *recorded.RANGE)]
    assert names == sorted(names)
    for expr, descending in (("topk(4, queue)", True), ("sort(temperature)", False), ("bottomk(3, queue)", False)):
        values = [float(str(value)) for one in ENGINE.instant(expr, recorded.RANGE[1]) for _, value in one.samples]
        assert values == sorted(values, reverse=descending)


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        ("rate(", r"query 'rate\(': does not parse"),
        ("nonsense(x)", "unknown function"),
        ("temperature + on (job) queue", "found duplicate series for the match group"),
        ("temperature + on (job, instance) requests_total", "found duplicate series|many-to-one"),
        ("requests_total + on (job, instance) build_info", "many-to-one matching must be explicit"),
        ('label_replace(queue, "instance", "", "", "")', "vector cannot contain metrics with the same labelset"),
        ('label_replace(queue, "a", "$1", "job", "(")', "invalid regular expression"),
        ('queue{job=~"("}', "illegal regex"),
        ('sort_by_label(queue, "job")', "sort_by_label, an experimental function, is not supported by the demo"),
        ("limitk(2, queue)", "limitk is not supported by the demo"),
        ("queue[5m]", "a range of samples as a result is not supported by the demo"),
        ("hour(odd)", r"hour\(\) of (inf|nan) is not supported by the demo"),
        ('"text"', "a string is not drawn"),
    ],
)
def test_refusals(expr: str, message: str) -> None:
    """An error names the query and the cause."""
    with pytest.raises(DashboardsError, match=message):
        ENGINE.instant(expr, recorded.RANGE[1])


def test_label_values() -> None:
    """Values of series with samples in the range of time; a selector limits them."""
    begin, end = memory.BEGIN / 1000, memory.END / 1000
    assert ENGINE.label_values("job", "", begin, end) == ("api", "db")
    assert ENGINE.label_values("instance", 'queue{job="api"}', begin, end) == ("1", "2", "3")
    assert ENGINE.label_values("pod", "leader", begin, end) == ("a", "b")
    assert ENGINE.label_values("pod", "leader", begin + 3000, end) == ("b",)
    assert ENGINE.label_values("nothing", "", begin, end) == ()
