"""Doctor over a real Prometheus that scrapes a synthetic cluster with one fault at a time."""

import os
from collections.abc import Callable, Iterator

import pytest

from dashboards_py.doctor import Report
from dashboards_py.doctor.pages import query_causes
from dashboards_py.findings import Severity
from tests.components import require
from tests.doctor.fault import Fault, faults
from tests.doctor.lab import Lab, lab

FAULTS = tuple(faults())
OLD = ("hubble-not-scraped", "agent-down", "keep-list", "dns-without-context", "node-lost", "long-interval")


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Servers for all faults."""
    require("prometheus")
    with lab(tmp_path_factory.mktemp("worlds"), FAULTS) as started:
        yield started


def lines(report: Report) -> str:
    """The findings, for a message."""
    return "\n".join(f"{len(finding.panels)} {finding.rule}: {finding.what}" for finding in report.findings)


def is_first(report: Report, fault: Fault) -> bool:
    """Whether the first finding is the cause of a fault, with the thing that is wrong."""
    return [(one.rule, fault.what in one.what) for one in report.findings[:1]] == [(fault.cause, True)]


def other_errors(report: Report, fault: Fault) -> set[str]:
    """The causes of other errors that are reported, but those that a fault has besides."""
    errors = {finding.rule for finding in report.findings[1:] if finding.severity == Severity.ERROR}
    return errors - {fault.cause, *fault.data.get("also", ())}


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, id=fault.name, marks=pytest.mark.fault(fault.summary)) for fault in FAULTS]
)
def test_the_cause_is_the_first_line(laboratory: Lab, fault: Fault, report: Callable[[str], None]) -> None:
    """Each fault, put into a healthy cluster, is the first finding, with the thing that is wrong in it."""
    result = laboratory.examined(fault, lambda seen: is_first(seen, fault) and not other_errors(seen, fault))
    assert result.findings, "doctor finds nothing"
    first = result.findings[0]
    report(f"doctor, {fault.summary}: {len(first.panels)} panels: {first.what} [{first.rule}]")
    assert is_first(result, fault), lines(result)
    assert other_errors(result, fault) == set(), lines(result)


def test_every_cause_of_a_cluster_has_a_fault() -> None:
    """The table has all causes that a Prometheus can have; those of a server without data are in test_servers.py."""
    servers = {"unreachable", "tls-failure", "missing-tenant", "refused-credentials", "not-ready", "not-a-prometheus"}
    others = {"clock-skew", "partial-answers", "busy-server", "refused-query", "no-history", "nothing-recorded"}
    assert set(query_causes()) - servers - others == {fault.cause for fault in FAULTS}


@pytest.fixture(scope="module")
def old_laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Servers of Prometheus 2.42 for some faults."""
    require("prometheus-2")
    chosen = [fault for fault in FAULTS if fault.name in OLD]
    with lab(tmp_path_factory.mktemp("old"), chosen, os.environ["PROMETHEUS_2"]) as started:
        yield started


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault.name) for fault in FAULTS if fault.name in OLD])
def test_an_old_prometheus_is_understood(old_laboratory: Lab, fault: Fault) -> None:
    """The same causes behind Prometheus 2.42."""
    result = old_laboratory.examined(fault, lambda seen: is_first(seen, fault))
    assert is_first(result, fault), lines(result)
