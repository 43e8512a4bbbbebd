"""What `up` gave, remembered over several times."""

from dashboards_py.cluster.record import Record


def test_what_stood_before_our_first_time_stays_known() -> None:
    """The second time, where what stands there is ours, what was there before us is what down brings back."""
    first = Record().with_values("a/b", {"x": None, "y": 1}, {"x": 2, "y": 3})
    second = first.with_values("a/b", {"x": 2, "z": 0}, {"x": 4, "z": 5})
    assert second.values == {"a/b": {"x": (None, 4), "y": (1, 3), "z": (0, 5)}}
    assert second.with_created("release a/b", "x").created == {"release a/b": "x"}


def test_what_somebody_wrote_over_ours_is_theirs() -> None:
    """Where somebody gave another value in between, down brings back that one: a handler of theirs is not lost."""
    record = Record().with_values("a/b", {"x": ["dns"], "y": None}, {"x": ["dns:query"], "y": True})
    again = record.with_values("a/b", {"x": ["dns", "kafka"], "y": False}, {"x": ["dns:query", "kafka"], "y": True})
    assert again.values == {"a/b": {"x": (["dns", "kafka"], ["dns:query", "kafka"]), "y": (False, True)}}
