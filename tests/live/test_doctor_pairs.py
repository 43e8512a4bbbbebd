"""Doctor over a real Prometheus: two faults at once are both named, and healthy clusters have no findings."""

import os
from collections.abc import Iterator
from functools import cache

import pytest

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.doctor import Report
from dashboards_py.findings import Severity
from tests.components import require
from tests.doctor.fault import Fault, healthy_cluster, pairs
from tests.doctor.lab import Lab, lab
from tests.doctor.worlds import World
from tests.live.cluster import full_cluster
from tests.live.test_doctor import lines

SEED = int(os.environ.get("DOCTOR_SEED", "19"))
PAIRS = pairs(16, SEED)
VALUES = ("minimal", "everything")


class Healthy(Fault):
    """A cluster without a fault, with all boards."""

    @property
    def world(self) -> World:
        """A cluster of a release, with the values that our boards need or with every feature on."""
        release = Release.parse(self.data["release"])
        is_full = self.data["values"] == "everything"
        return World(self.name, full_cluster(release, nodes=2) if is_full else healthy_cluster(release))


@cache
def healthy() -> tuple[Healthy, ...]:
    """The healthy clusters: every release, both sets of values."""
    return tuple(
        Healthy(f"{values}-{release}", "", "", "", {"release": str(release), "values": values, "boards": ALL})
        for release in RELEASES
        for values in VALUES
    )


class _All:
    """Any uid is among these."""

    def __contains__(self, _: object) -> bool:
        return True


ALL = _All()


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Servers for all pairs and healthy clusters."""
    require("prometheus")
    with lab(tmp_path_factory.mktemp("worlds"), [*healthy(), *(both for _, _, both in PAIRS)]) as started:
        yield started


@pytest.mark.fault("doctor reports something of a healthy cluster")
@pytest.mark.parametrize("cluster", [pytest.param(cluster, id=cluster.name) for cluster in healthy()])
def test_a_healthy_cluster_has_no_findings(laboratory: Lab, cluster: Healthy) -> None:
    """Every release, minimal values and all features: no error and no warning, and features that are off are named."""
    result = laboratory.examined(cluster, lambda seen: seen.healthy == seen.panels)
    assert result.healthy == result.panels > 300, lines(result)
    assert {finding.severity for finding in result.findings} <= {Severity.INFO}, lines(result)
    assert str(result.observation.release) == cluster.data["release"]


def is_named(report: Report, fault: Fault) -> bool:
    """Whether a finding has the cause of a fault, with the thing that is wrong."""
    return any(one.rule == fault.cause and fault.what in one.what for one in report.findings)


@pytest.mark.fault("of two faults at once only one is named")
@pytest.mark.parametrize(("one", "other", "both"), [pytest.param(*three, id=three[2].name) for three in PAIRS])
def test_two_faults_are_both_named(laboratory: Lab, one: Fault, other: Fault, both: Fault) -> None:
    """Each of two random faults has a finding with its cause; DOCTOR_SEED chooses other pairs."""
    result = laboratory.examined(both, lambda seen: is_named(seen, one) and is_named(seen, other))
    for fault in (one, other):
        assert is_named(result, fault), lines(result)
