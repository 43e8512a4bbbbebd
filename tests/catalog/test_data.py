"""The committed files: in their canonical form, and without contradictions."""

import json
import re
from math import inf

import pytest

from dashboards_py.catalog import RELEASES, Metric, components, entries, features, names
from dashboards_py.catalog.dump import DIRECTORY, KEYS, canonical
from dashboards_py.errors import DashboardsError
from tests.oracle.exposition import samples
from tests.recorded import text

METRICS = tuple(metric for name in names() for metric in entries(name))


@pytest.mark.parametrize("file", KEYS)
def test_a_file_is_its_own_canonical_dump(file: str) -> None:
    """The data files are in canonical form, one entry per line, as `make generate` writes them."""
    text = (DIRECTORY / file).read_text(encoding="utf-8")
    assert text == canonical(file, json.loads(text)), "make generate"
    assert len(text.splitlines()) == len(json.loads(text)) + 2


def test_the_dump_does_not_depend_on_order_and_leaves_defaults_out() -> None:
    """Rows in any order, keys in any order, empty fields and values that do not change give the same text."""
    tidy = {"name": "b", "component": "x", "type": "gauge", "labels": {"1.16": ["p"], "1.18": ["q"]}}
    untidy = {"off": False, "when": [], "labels": {"1.18": ["q"], "1.16": ["p"], "1.17": ["p"]}, "type": "gauge"}
    other = {"name": "a", "component": "x", "type": "counter"}
    wanted = (
        '[\n{"name": "a", "component": "x", "type": "counter"},\n'
        '{"name": "b", "component": "x", "type": "gauge", "labels": {"1.16": ["p"], "1.18": ["q"]}}\n]\n'
    )
    assert canonical("metrics.json", [other, tidy]) == wanted
    assert canonical("metrics.json", [{**untidy, "component": "x", "name": "b"}, other]) == wanted


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"name": "a", "component": "x"}] * 2, "duplicate entry"),
        ([{"name": "a", "component": "x", "lables": ["p"]}], "unknown key 'lables'"),
    ],
)
def test_the_dump_refuses_what_the_reader_would_miss(rows: list[dict[str, object]], message: str) -> None:
    """A misspelt key or a duplicate entry would be lost silently."""
    with pytest.raises(DashboardsError, match=message):
        canonical("metrics.json", rows)


def test_every_name_that_the_data_mentions_exists() -> None:
    """Components, features and replacements are all defined."""
    for metric in METRICS:
        assert metric.component in components(), metric.name
        for ids in metric.when.all:
            assert set(ids) <= set(features()), metric.name
        for other in metric.replaced_by:
            assert entries(other), f"{metric.name}: {other}"
            assert other != metric.name
    assert {name for metric in METRICS for ids in metric.when.all for name in ids} == set(features())


def test_every_metric_is_on_some_release_unless_it_never_existed() -> None:
    """since and removed leave at least one release between them."""
    assert {metric.name for metric in METRICS if not metric.releases} == {
        "cilium_operator_workqueue_queue_duration_seconds",
        "cilium_operator_workqueue_work_duration_seconds",
    }


def test_facts_have_the_shapes_that_readers_expect() -> None:
    """Types are Prometheus' own, values belong to a label of the metric and do not repeat, releases ascend."""
    for metric in METRICS:
        assert set(metric.types.all) <= {"counter", "gauge", "histogram", "summary"}, metric.name
        assert set(metric.histogram_kinds.all) <= {("classic",), ("classic", "native"), ("native",)}, metric.name
        assert metric.histogram_kinds.all == (("classic",),) or "histogram" in metric.types.all, metric.name
        assert all(len(set(labels)) == len(labels) for labels in metric.labels.all), metric.name
        carried = {label for labels in metric.labels.all for label in labels}
        assert set(metric.value_sets) <= carried | ({"quantile"} if "summary" in metric.types.all else set()), (
            metric.name
        )
        for known in metric.value_sets.values():
            assert all(values and len(set(values)) == len(values) for values in known.values.all), metric.name
        for fact in (metric.types, metric.labels, metric.off, metric.when, metric.defined_but_never_set):
            assert [start for start, _ in fact.steps] == sorted(start for start, _ in fact.steps), metric.name
        never_set = metric.defined_but_never_set
        assert not any(never_set.all) or any(map(never_set.on, metric.releases)), metric.name
        assert metric.help, metric.name
        assert metric.source, metric.name


def test_only_hubble_has_handlers_and_only_agents_have_a_list_of_metrics() -> None:
    """A metric that is off can be enabled, or the catalogue states that it cannot."""
    for metric in METRICS:
        assert not metric.handler or metric.component == "hubble", metric.name
        last = metric.releases[-1] if metric.releases else RELEASES[-1]
        listed = any(setting.key == "prometheus.metrics" for setting in metric.enabled_by_on(last))
        assert listed == (metric.off.on(last) and metric.component == "cilium-agent"), metric.name


def test_metric_names_are_names_of_prometheus() -> None:
    """No placeholder and no space slipped in."""
    assert all(re.fullmatch(r"[a-z_][a-z0-9_]*", name) for name in names())


def test_the_data_is_only_read_not_computed() -> None:
    """Loading goes once over each file: an entry becomes one value with the same name, component, help and source."""
    rows = json.loads((DIRECTORY / "metrics.json").read_text(encoding="utf-8"))
    assert [(row["name"], row["component"], row["help"], row["source"]) for row in rows] == [
        (metric.name, metric.component, metric.help, metric.source) for metric in METRICS
    ]
    assert all(isinstance(metric, Metric) for metric in METRICS)


REAL = ("cilium-agent", "cilium-operator", "clustermesh-apiserver", "kvstoremesh", "hubble-relay-one-peer-dead")


@pytest.mark.parametrize("recording", REAL)
def test_ranges_hold_in_what_was_recorded(recording: str) -> None:
    """No recorded value of a real component lies outside of the range of its metric."""
    ranges = {
        metric.name: (-inf if low is None else low, inf if high is None else high)
        for metric in METRICS
        for low, high in [metric.value_range]
        if (low, high) != (None, None)
    }
    seen = [sample for sample in samples(text(recording).splitlines()) if sample.name in ranges]
    assert seen
    assert [sample for sample in seen if not ranges[sample.name][0] <= sample.value <= ranges[sample.name][1]] == []
