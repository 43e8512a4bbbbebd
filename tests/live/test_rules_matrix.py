"""Each alert fires on its own fault in time, on no other, and resolves: every release, both kinds of histogram."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile.rules import compile_rules
from dashboards_py.compiled import CompiledAlert
from dashboards_py.configuration import Configuration, Labels
from dashboards_py.demo.scenes._size import NODES
from tests.components import path_of, require
from tests.rules.faults import FAULTS, HOUR, Fault, day
from tests.rules.faults._fault import on, rate
from tests.rules.faults.histograms import SWITCH
from tests.rules.history import MINUTE, Scenario, Site, same_as
from tests.rules.test_rules import PROMISED
from tests.rules.unit_tests import (
    CLASSIC,
    NATIVE,
    SWITCHED,
    Unit,
    deadline,
    names,
    reads,
    reads_histograms,
    seconds,
    timeline,
    unit,
    window,
    with_labels,
)
from tests.rules.verdicts import Verdict, run, shared

PROVED = pytest.mark.fault("Nobody has seen whether an alert fires on its fault, and on nothing else")
NATIVE_ONLY = "CiliumHistogramsNativeOnly"  # which is about how histograms are stored, and fires where they are native


@dataclass(frozen=True, slots=True)
class Case:
    """An alert in a fault, on a release, with a kind of histogram."""

    fault: Fault
    release: Release
    kind: str
    unit: Unit

    @property
    def alert(self) -> CompiledAlert:
        """The alert."""
        return self.unit.alert

    def __str__(self) -> str:
        return f"{self.fault.name}, {self.release}, {self.kind}: {self.alert.alert}"


def cases() -> Iterator[Case]:
    """Each alert that reads a series that the fault touches; the others are as in the healthy cluster."""
    for release in RELEASES:
        for alert in compile_rules(release).alerts:
            for fault in FAULTS:
                if release not in fault.releases:
                    continue
                if alert.alert in fault.expected or reads(alert, fault.played, release):
                    of_alert = timeline(alert, fault.begin)
                    for kind in (CLASSIC, NATIVE) if alert.alert != NATIVE_ONLY else (CLASSIC,):
                        scenario = Scenario(release, of_alert, fault.played)
                        yield Case(fault, release, kind, unit(alert, scenario, kind))
            if reads_histograms(alert, release):
                of_alert = timeline(alert, SWITCH.begin)
                yield Case(SWITCH, release, SWITCHED, unit(alert, Scenario(release, of_alert), SWITCHED))


# The hours of the day in which people work, with an hour before and two after: the others are like these.
WORKING = replace(day.TIMELINE, begin=day.UPGRADE - HOUR, length=day.SCALE_UP - day.UPGRADE + 3 * HOUR)


def days() -> Iterator[Unit]:
    """The working hours of a day for each alert, with each kind of histogram."""
    for release in RELEASES:
        for alert in compile_rules(release).alerts:
            scenario = Scenario(release, WORKING, day.played, Site(nodes=NODES + 1))
            if same_on_newest(alert, release):
                continue  # tests/live/test_rules_prometheus.py has these
            yield unit(alert, scenario)
    for alert in compile_rules(NEWEST).alerts:
        if reads_histograms(alert, NEWEST) and alert.alert != NATIVE_ONLY:
            yield unit(alert, Scenario(NEWEST, WORKING, day.played, Site(nodes=NODES + 1)), NATIVE)


def same_on_newest(alert: CompiledAlert, release: Release) -> bool:
    """Whether the newest release has the same alert over the same series."""
    of_newest = {other.alert: other.expr for other in compile_rules(NEWEST).alerts}
    alike = all(same_as(name, release) == same_as(name, NEWEST) for name in names(alert, release))
    return alike and of_newest.get(alert.alert) == alert.expr


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cases with what promtool said."""

    verdicts: Mapping[str, Verdict]
    cases: tuple[Case, ...]

    def verdict(self, case: Case) -> Verdict:
        """Of a case."""
        return self.verdicts[case.unit.key]


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """The whole matrix, each pair of a rule and its series once."""
    require("promtool")
    all_cases = tuple(cases())
    return Matrix(run((case.unit for case in all_cases), tmp_path_factory.mktemp("matrix")), all_cases)


def problems(case: Case, verdict: Verdict) -> Iterator[str]:
    """What an alert did that it should not have done, or did not do."""
    alert, of_alert = case.alert, case.unit.timeline
    firing, expected = verdict.firing, alert.alert in case.fault.expected
    if bool(firing) != expected:
        yield "fires" if firing else "does not fire"
    if not firing:
        return
    first = min(spell.first for spell in firing.values() if spell.first is not None)
    last = max(spell.last for spell in firing.values() if spell.last is not None)
    if first < of_alert.lead and alert.alert not in case.fault.earlier:
        yield f"fires {of_alert.lead - first:.0f} s before the fault"
    if alert.alert in case.fault.fires and first > deadline(alert, of_alert):
        yield f"fires {first - of_alert.lead:.0f} s after the fault began"
    for labels, spell in firing.items():
        held = (spell.first or 0.0) - (spell.pending or spell.first or 0.0)
        if alert.alert in case.fault.fires and held > seconds(alert.hold) + 2 * of_alert.step:
            yield f"{dict(labels)}: fires {held:.0f} s after the condition holds"
    resolved = of_alert.lead + of_alert.length + window(alert) + seconds(alert.keep_firing_for) + 2 * of_alert.step
    if last > resolved:
        yield f"fires {last - of_alert.lead - of_alert.length:.0f} s after the fault ended"
    yield from wrong_texts(case, verdict)


def wrong_texts(case: Case, verdict: Verdict) -> Iterator[str]:
    """Texts of an alert that is firing at its deadline which show that a label or a value is missing."""
    if case.alert.alert in case.fault.fires and not verdict.texts:
        yield "has no texts at its deadline"
    texts = case.alert.annotations["summary"] + case.alert.annotations["description"]
    used = set(re.findall(r"\$labels\.(\w+)", texts)) - {"cluster"}  # which a Prometheus may not have
    for missing in sorted({name for labels in verdict.firing for name in used - dict(labels).keys()}):
        yield f"has no label {missing}, which its texts use"
    for wrong in ("<no value>", "%!", "{{", "<error expanding template"):
        if wrong in verdict.texts:
            yield f"has {wrong} in its texts: {verdict.texts}"


@PROVED
def test_each_alert_fires_on_its_own_fault_in_time_and_on_no_other(
    matrix: Matrix, report: Callable[[str], None]
) -> None:
    """In Prometheus' rule manager each alert fires exactly where the table of faults says, and resolves.

    From the beginning of a fault it takes no longer than the window of its expression, its `for` and two evaluations;
    from the moment when the condition holds, its `for` and two evaluations. After the end of the fault it takes no
    longer than the window, `keep_firing_for` and two evaluations. What nothing touches is as in the healthy day.
    """
    for line in table(matrix):
        report(line)
    wrong = [f"{case} {problem}" for case in matrix.cases for problem in problems(case, matrix.verdict(case))]
    assert "\n".join(wrong) == ""


@PROVED
def test_prometheus_2_says_the_same(matrix: Matrix, tmp_path: Path) -> None:
    """With classic histograms each alert fires on its own faults in time in Prometheus 2.42, and resolves."""
    promtool = path_of("prometheus-2").with_name("promtool")
    own = [case for case in matrix.cases if case.release == NEWEST and case.alert.alert in case.fault.fires]
    classic = [case for case in own if case.kind == CLASSIC]
    verdicts = run((case.unit for case in classic), tmp_path, str(promtool))
    wrong = [f"{case} {problem}" for case in classic for problem in problems(case, verdicts[case.unit.key])]
    assert "\n".join(wrong) == ""


# What spends the budget of each objective at each pace: a fault, that of the agents' API on all nodes.
SPENT = {
    "CiliumAgentAPIBudget": "agent-api-errors",
    "CiliumRegenerationBudget": "regenerations-fail",
    "HubbleDNSBudget": "dns-servers-down",
    "HubbleHTTPBudget": "workload-answers-5xx",
}
# Seconds between samples and evaluations: the short window of each pace holds several of them.
PACES = {"BurnsFast": MINUTE, "Burns": 5 * MINUTE, "BurnsSlowly": 60 * MINUTE}


@PROVED
def test_a_budget_that_is_spent_is_noticed_at_each_pace(tmp_path: Path, report: Callable[[str], None]) -> None:
    """The alerts of objectives fire where their share is bad, with both kinds of histogram.

    They resolve when the short window is over: hours before the long one is.
    """
    require("promtool")
    faults = {fault.name: fault for fault in FAULTS}
    everywhere = on("cilium_agent_api_process_time_seconds_(count|sum|bucket)", rate(3.0), return_code="5..")
    faults["agent-api-errors"] = replace(faults["agent-api-errors"], played=everywhere)
    alerts = [alert for alert in compile_rules(NEWEST, PROMISED).alerts if "Budget" in alert.alert]
    spent = [
        Case(replace(fault, fires=(alert.alert,), also={}), NEWEST, kind, unit(alert, scenario, kind))
        for alert in alerts
        for objective, pace in (re.split(r"(?<=Budget)", alert.alert),)
        for fault in (faults[SPENT[objective]],)
        for scenario in (Scenario(NEWEST, timeline(alert, fault.begin, PACES[pace]), fault.played),)
        for kind in (CLASSIC, NATIVE)
    ]
    verdicts = run((case.unit for case in spent), tmp_path)
    report(f"{len(spent)} cases of budgets that are spent, at {len(PACES)} paces: {', '.join(sorted(SPENT))}")
    wrong = [
        f"{case} {problem}"
        for case in spent
        for problem in (*problems(case, verdicts[case.unit.key]), *late(case, verdicts[case.unit.key]))
    ]
    assert "\n".join(wrong) == ""
    assert {case.alert.alert for case in spent} == {name + pace for name in SPENT for pace in PACES}


def late(case: Case, verdict: Verdict) -> Iterator[str]:
    """How long an alert fires after its short window, if it does."""
    ranges = map(seconds, re.findall(r"\[([\dsmhd]+)", case.alert.expr))
    of_alert = case.unit.timeline
    allowed = of_alert.lead + of_alert.length + min(ranges) + 2 * of_alert.step
    if any((spell.last or 0.0) > allowed for spell in verdict.firing.values()):
        yield "fires for longer than its short window after the fault ended"


@PROVED
def test_alerts_with_the_labels_of_a_house_fire(tmp_path: Path) -> None:
    """Where the labels of cluster and node have other names, alerts group, join and write texts by these."""
    require("promtool")
    labels = Labels(cluster="k8s_cluster", node="kubernetes_node")
    of_house = {alert.alert: alert for alert in compile_rules(NEWEST, Configuration(labels=labels)).alerts}
    cases = []
    for fault in FAULTS:
        for alert in compile_rules(NEWEST).alerts:
            if fault.name in ("service-map-full", "node-loses-all-routers") and alert.alert in fault.fires:
                scenario = Scenario(NEWEST, timeline(alert, fault.begin), fault.played, Site("west"))
                renamed = with_labels(unit(alert, scenario), of_house[alert.alert], labels.renamed)
                cases.append(Case(fault, NEWEST, CLASSIC, renamed))
    verdicts = run((case.unit for case in cases), tmp_path)
    assert cases
    assert "\n".join(f"{case} {problem}" for case in cases for problem in problems(case, verdicts[case.unit.key])) == ""
    for case in cases:
        verdict = verdicts[case.unit.key]
        assert {dict(labels_of_alert)["k8s_cluster"] for labels_of_alert in verdict.firing} == {"west"}
        assert "in cluster west" in verdict.texts
        assert "var-cluster=west" in verdict.texts


@pytest.mark.fault("An alert fires while agents are upgraded, a node is drained and another one is added")
def test_none_fires_on_a_day_of_work(tmp_path: Path, report: Callable[[str], None]) -> None:
    """Alerts that differ from those of the newest release, and those that read native histograms, are silent as well.

    The others are queried from a real Prometheus in test_rules_prometheus.py.
    """
    require("promtool")
    units = tuple(days())
    verdicts = run(units, tmp_path)
    fired = {one.alert.alert for one in units if verdicts[one.key].firing}
    report(f"{len(verdicts)} alerts of older releases and over native histograms on a day of work: {fired or 'silent'}")
    assert fired == set()


WRONG = {
    "never fires": ("max by (node, map_name) (cilium_bpf_map_pressure) >= 1.2", "does not fire"),
    "always fires": ("max by (node, map_name) (cilium_bpf_map_pressure) >= 0", "after the fault ended"),
    "never resolves": (
        "max by (node, map_name) (max_over_time(cilium_bpf_map_pressure[1d])) >= 0.9",
        "after the fault ended",
    ),
    "lacks a label": ("max by (node) (cilium_bpf_map_pressure) >= 0.9", "no label map_name, which its texts use"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_alert_is_noticed(name: str, tmp_path: Path) -> None:
    """Of an alert for full maps that is wrong, the matrix says how."""
    require("promtool")
    expr, problem = WRONG[name]
    [fault] = [fault for fault in FAULTS if fault.name == "service-map-full"]
    [right] = [alert for alert in compile_rules(NEWEST).alerts if alert.alert == "CiliumMapNearlyFull"]
    alert = replace(right, expr=expr)
    of_alert = unit(alert, Scenario(NEWEST, timeline(alert, fault.begin), fault.played))
    case = Case(fault, NEWEST, CLASSIC, of_alert)
    assert problem in "; ".join(problems(case, run([of_alert], tmp_path)[of_alert.key]))


def test_a_rule_that_cannot_be_evaluated_is_not_silent(tmp_path: Path) -> None:
    """Also where another alert of its storage fires. Alerts that read series of one name have storages of their own."""
    require("promtool")
    [fault] = [fault for fault in FAULTS if fault.name == "service-map-full"]
    [alert] = [alert for alert in compile_rules(NEWEST).alerts if alert.alert == "CiliumMapNearlyFull"]
    scenario = Scenario(NEWEST, timeline(alert, fault.begin), fault.played)
    full, other, same = (
        unit(replace(alert, alert=name, expr=expr), scenario)
        for name, expr in (
            (alert.alert, alert.expr),
            ("Other", "cilium_unreachable_nodes * on () cilium_unreachable_nodes"),
            ("Same", "cilium_bpf_map_pressure * on () cilium_bpf_map_pressure"),
        )
    )
    assert [{*storage.alerts} for storage in shared([full, other])] == [{full.alert.alert, "Other"}]
    assert len(shared([full, same])) == 2
    with pytest.raises(AssertionError, match="many-to-many"):
        run([full, other], tmp_path)


def table(matrix: Matrix) -> Iterator[str]:
    """The matrix: a line for each fault, with the alerts that fired and after how many minutes, and where they did."""
    yield f"{len(FAULTS) + 1} faults and the alerts that fired, in minutes after the fault began:"
    for fault in (*FAULTS, SWITCH):
        of_fault = [case for case in matrix.cases if case.fault is fault]
        minutes: dict[str, set[float]] = {}
        where: dict[str, set[tuple[Release, str]]] = {}
        for case in of_fault:
            firsts = [spell.first for spell in matrix.verdict(case).firing.values() if spell.first is not None]
            if firsts:
                minutes.setdefault(case.alert.alert, set()).add((min(firsts) - case.unit.timeline.lead) / MINUTE)
                where.setdefault(case.alert.alert, set()).add((case.release, case.kind))
        alerts = ", ".join(f"{name} {_range(minutes[name])}{_where(where[name])}" for name in sorted(minutes))
        tried = f"{len({case.alert.alert for case in of_fault})} alerts read what it changes"
        yield f"  {fault.name}: {alerts or 'none'} ({tried})"


def _range(values: set[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:.0f}" if low == high else f"{low:.0f}-{high:.0f}"


def _where(pairs: set[tuple[Release, str]]) -> str:
    releases = sorted({release for release, _ in pairs})
    all_releases = (
        "" if releases == list(RELEASES) else f" on {releases[0]}" + (f"-{releases[-1]}" if len(releases) > 1 else "")
    )
    kinds = {kind for _, kind in pairs}
    return all_releases + (f" ({', '.join(sorted(kinds))})" if kinds not in ({CLASSIC, NATIVE}, {SWITCHED}) else "")
