"""The synthetic Hubble exposes what the real handlers exposed: the catalogue is not its source."""

import re
from collections import defaultdict

import pytest

from dashboards_py.catalog import RELEASES, Handler, Metric, Release, entries, split
from dashboards_py.demo.cluster import hubble, levels
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.topology import CiliumCluster
from dashboards_py.values.keys import HANDLERS, effective_value
from tests.oracle import facts, hubble_labels
from tests.oracle.run import board_entries

FAULT = pytest.mark.fault("catalogue and tests share one source: a wrong entry proves itself")


def hubble_world(release: Release) -> CiliumCluster:
    """A node with the handlers that our boards need."""
    handlers = map(Handler.parse, board_entries(release))
    return CiliumCluster(release=release, nodes=1, contexts={handler.name: handler.options for handler in handlers})


def seen(world: CiliumCluster) -> dict[str, dict[str, set[str]]]:
    """Labels and values of the metrics that Hubble's handlers write, in the synthetic cluster."""
    labels_seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for series in generate(world, end=1_700_000_000.0):
        if series.target.component == "hubble" and series.name != "up":
            for label, value in series.labels:
                if label not in dict(series.target.labels) and label != "le":
                    labels_seen[split(series.name)[0]][label].add(value)
    return labels_seen


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_labels_and_values_are_those_of_the_real_handlers(release: Release) -> None:
    """Each label a handler adds by itself is there, each value in it was written by the real one or Cilium lists it."""
    version = facts.version_of(release)
    closed = facts.closed_values(version)
    checked = 0
    for name, labels in seen(hubble_world(release)).items():
        metric = next(metric for metric in entries(name) if metric.component == "hubble")
        own = hubble.own_labels(metric, release)
        if not metric.handler:
            continue
        assert set(own) <= set(labels), name
        for label in own:
            real = set(hubble.label_values(metric, label, release)) | closed.get((name, label), frozenset())
            assert not real or labels[label] <= real, f"{name}.{label}"
            checked += bool(real)
    assert checked > 20


@FAULT
def test_a_wrong_catalogue_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """With another list of values in the catalogue the synthetic handlers write what they wrote before."""
    world = hubble_world(RELEASES[-1])
    before = seen(world)["hubble_policy_verdicts_total"]
    monkeypatch.setattr(Metric, "values_on", lambda *_: ("made up",))
    assert seen(world)["hubble_policy_verdicts_total"] == before
    assert before["direction"] == {"egress", "ingress"}


@pytest.mark.parametrize(
    ("pattern", "label", "values"), [row for row in levels.VALUES_IN_USE if row[0].startswith("^hubble")]
)
def test_what_the_levels_pick_is_real(pattern: str, label: str, values: tuple[str, ...]) -> None:
    """Where the levels say which of many values occur, they are values that Hubble has."""
    newest = facts.versions()[-1]
    lists = [
        real for (name, of), real in facts.closed_values(newest).items() if of == label and re.search(pattern, name)
    ]
    assert lists
    assert all(set(values) <= real for real in lists)


def test_the_package_has_the_committed_facts() -> None:
    """The file in the package is what the programs printed: `make catalogue CILIUM=... FACTS=committed` writes it."""
    assert hubble_labels.PATH.read_text(encoding="utf-8") == hubble_labels.text()


def test_our_handlers_are_those_of_the_committed_values() -> None:
    """What is tried on the real handlers and imitated here is what `make values` writes for the release."""
    assert all(board_entries(release) for release in RELEASES)
    assert effective_value({"hubble": {"metrics": {"enabled": ["dns"]}}}, HANDLERS) == ["dns"]
