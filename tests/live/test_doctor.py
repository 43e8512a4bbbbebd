"""Doctor over a real Prometheus that scrapes a synthetic cluster with one fault at a time."""

from collections.abc import Iterator

import pytest

from tests.components import require
from tests.doctor.fault import Fault, faults
from tests.doctor.lab import Lab, examined, lab

FAULTS = tuple(faults())


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Servers for all faults."""
    require("prometheus")
    with lab(tmp_path_factory.mktemp("worlds"), FAULTS) as started:
        yield started


@pytest.mark.parametrize(
    "fault", [pytest.param(one, id=one.name, marks=pytest.mark.fault(one.summary)) for one in FAULTS]
)
def test_the_cause_is_the_first_line(laboratory: Lab, fault: Fault) -> None:
    """Each fault, put into a healthy cluster, is the first finding, with the thing that is wrong in it."""
    url = laboratory.url(fault.world, tuple(fault.data.get("options", ())))
    try:
        report = examined(url, fault)
    finally:
        laboratory.stop(fault.world)
    assert report.findings, "doctor says nothing"
    first = report.findings[0]
    lines = [f"{len(finding.panels)} {finding.rule}: {finding.what}" for finding in report.findings]
    assert (first.rule, fault.what in first.what) == (fault.cause, True), "\n".join(lines)
