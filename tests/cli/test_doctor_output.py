"""What `doctor` prints: by cluster, in each format, and again only where something changed."""

import json
from dataclasses import replace

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.cli import _doctor
from dashboards_py.doctor import Report, with_findings
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import DashboardsError
from dashboards_py.findings import Finding, Location, Severity


def report(*panels: str) -> Report:
    """A report on ten panels of which some lack Hubble."""
    locations = tuple(Location("hubble-dns", panel) for panel in panels)
    finding = Finding("missing-target", Severity.ERROR, "hubble is not scraped", "why", "fix", locations)
    examined = frozenset(Location("hubble-dns", panel) for panel in "ABCDEFGHIJ")
    return Report((finding,) if panels else (), examined, Observation(versions={"1.20.0": 2}))


REPORTS = {"east": report(), "west": report("A", "B")}


def test_one_cluster_has_no_heading(capsys: pytest.CaptureFixture[str]) -> None:
    """A single Prometheus is printed as before, as JSON without a key for clusters."""
    _doctor.print_reports({"": report("A")}, "text", everything=False)
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[-1].startswith("9 of 10 panels")) == (
        "1 panel: hubble is not scraped [missing-target]",
        True,
    )
    _doctor.print_reports({"": report("A")}, "json", everything=False)
    assert json.loads(capsys.readouterr().out)["healthy"] == 9


@pytest.mark.fault("of many clusters it is not seen which have a cause in common")
def test_clusters_by_cause(capsys: pytest.CaptureFixture[str]) -> None:
    """Text and Markdown end with a table; other formats name the cluster in each finding."""
    _doctor.print_reports(REPORTS, "text", everything=False)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "panels by cause  east  west",
        "missing-target      0     2",
    ]
    _doctor.print_reports(REPORTS, "markdown", everything=False)
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "| panels by cause | east | west |",
        "|---|---|---|",
        "| missing-target | 0 | 2 |",
    ]
    _doctor.print_reports(REPORTS, "github", everything=False)
    assert "::2 panels: west: hubble is not scraped" in capsys.readouterr().out
    _doctor.print_reports(REPORTS, "sarif", everything=False)
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert [result["message"]["text"].partition(":")[0] for result in results] == ["west"]
    _doctor.print_reports(REPORTS, "json", everything=False)
    assert json.loads(capsys.readouterr().out)["clusters"]["west"]["healthy"] == 8


@pytest.mark.fault("without any agent doctor names a release of Cilium as if it ran")
def test_a_release_that_is_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no agent tells its version, the line of counts says that the release is not known."""
    nothing = replace(report("A"), observation=Observation())
    _doctor.print_reports({"": nothing}, "text", everything=False)
    line = capsys.readouterr().out.splitlines()[-1]
    assert line == f"9 of 10 panels are as they should be on Cilium {NEWEST} (assumed, as no agent tells its version)"


@pytest.mark.fault("--watch prints the same findings again and again")
def test_watch_prints_changes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Three looks, of which two are the same, are printed twice; Ctrl-C ends it; pauses are as long as asked."""
    looks = iter([report("A"), report("A"), report()])
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(_doctor, "pause", pause)
    with pytest.raises(KeyboardInterrupt):
        _doctor.watch(lambda: {"": next(looks)}, 5.0, everything=False)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "as they should be" in line] == [
        f"9 of 10 panels are as they should be on Cilium {NEWEST}",
        f"10 of 10 panels are as they should be on Cilium {NEWEST}",
    ]
    assert pauses == [5.0, 5.0, 5.0]


@pytest.mark.fault("doctor --watch misses what changes, or ends when the server is away for a moment")
def test_watch_goes_on_after_an_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An error of a later look, such as of kubectl, is printed like findings; one of the first look ends it."""

    def watch(*looks: Report | DashboardsError) -> None:
        remaining = iter(looks)

        def examine() -> dict[str, Report]:
            if (look := next(remaining, None)) is None:
                raise KeyboardInterrupt
            if isinstance(look, DashboardsError):
                raise look
            return {"": look}

        _doctor.watch(examine, 5.0, everything=False)

    monkeypatch.setattr(_doctor, "pause", lambda _: None)
    away = DashboardsError("the cluster", cause="connection refused")
    with pytest.raises(KeyboardInterrupt):
        watch(report(), away, away, report())
    lines = [line for line in capsys.readouterr().out.splitlines() if "UTC" not in line]
    healthy = f"10 of 10 panels are as they should be on Cilium {NEWEST}"
    assert lines == [healthy, "the cluster: connection refused", healthy]
    with pytest.raises(DashboardsError, match="connection refused"):
        watch(away)


@pytest.mark.fault("a board that was edited in Grafana counts as healthy")
@pytest.mark.parametrize(
    ("location", "severity", "healthy"),
    [
        pytest.param(Location("hubble-dns", "B"), Severity.WARNING, 8, id="a-panel"),
        pytest.param(Location("hubble-dns", "A"), Severity.WARNING, 9, id="a-panel-that-has-another-finding"),
        pytest.param(Location("hubble-dns"), Severity.WARNING, 0, id="the-whole-board"),
        pytest.param(Location("hubble-dns", "B"), Severity.INFO, 9, id="a-remark"),
        pytest.param(Location("hubble-dns", "Mine"), Severity.WARNING, 9, id="a-panel-of-somebody-else"),
        pytest.param(Location("", "B", file="rules.yaml"), Severity.ERROR, 9, id="a-rule-of-this-name"),
    ],
)
def test_later_findings_count(location: Location, severity: Severity, healthy: int) -> None:
    """The count of healthy panels is without those of findings in Grafana and of rules, which are added later."""
    more = with_findings(report("A"), [Finding("edited-board", severity, "edited", locations=(location,))])
    assert (more.healthy, more.panels) == (healthy, 10)


def test_a_board_of_a_file_has_the_findings_of_its_uid() -> None:
    """Grafana knows boards by uid; a finding of another file with the same uid is not about this one."""
    base = report()
    of_file = replace(base, examined=frozenset(replace(panel, file="a.json") for panel in base.examined))
    for location, healthy in (
        (Location("hubble-dns", "A"), 9),
        (Location("hubble-dns", "A", file="a.json"), 9),
        (Location("hubble-dns", "A", file="b.json"), 10),
    ):
        finding = Finding("edited-board", Severity.WARNING, "edited", locations=(location,))
        assert with_findings(of_file, [finding]).healthy == healthy
