"""Doctor over a real Prometheus: two faults at once are both named, and healthy clusters have no findings."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

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
PAIRS = pairs(int(os.environ.get("DOCTOR_PAIRS", "30")), SEED)
VARIANTS = tomllib.loads((Path(__file__).parents[1] / "doctor/healthy.toml").read_text(encoding="utf-8"))


class Healthy(Fault):
    """A cluster without a fault, with all boards."""

    @property
    def world(self) -> World:
        """A cluster of a release, with every feature on, or with the values that our boards need and its variant."""
        release = Release.parse(self.data["release"])
        if self.data["variant"] is None:
            return World(self.name, full_cluster(release, nodes=2))
        variant = VARIANTS[self.data["variant"]]
        cluster = healthy_cluster(release)
        features = (cluster.features or frozenset()) - {*variant.get("without_features", ())}
        cluster = replace(cluster, features=features, nodes=variant.get("nodes", cluster.nodes))
        return World(self.name, cluster, changes=variant.get("changes", {}))


@cache
def healthy() -> tuple[Healthy, ...]:
    """The healthy clusters: every release with every feature on, and every variant, of all releases in turns."""
    full = [(release, None) for release in RELEASES]
    variants = zip(cycle(reversed(RELEASES)), VARIANTS, strict=False)
    return tuple(
        Healthy(f"{variant or 'everything'}-{release}", "", "", "", _data(release, variant))
        for release, variant in (*full, *variants)
    )


def _data(release: Release, variant: str | None) -> Mapping[str, Any]:
    return {"release": str(release), "variant": variant, "boards": ALL}


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
    """Every release and variant: no error and no warning, and features that are off are named."""
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
    """Each of two random faults has a finding with its cause; DOCTOR_SEED chooses others, DOCTOR_PAIRS how many."""
    result = laboratory.examined(both, lambda seen: is_named(seen, one) and is_named(seen, other))
    for fault in (one, other):
        assert is_named(result, fault), lines(result)
