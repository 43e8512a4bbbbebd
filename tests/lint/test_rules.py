"""Each rule on queries that it must report and on queries that it must not."""

import json
import re
from time import process_time
from types import SimpleNamespace
from typing import Any

import promql_parser
import pytest

from dashboards_py.board import Board, read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.lint import lint, manual_page, rule_ids
from dashboards_py.lint._renamed import NEW_IDS
from dashboards_py.promql import parsing
from tests.lint.cases import BOARDS, CASES, DELAY
from tests.lint.test_alerts import OF_ALERTS


def board(expr: str, legend: str = "") -> Board:
    """A board with one panel that has one query."""
    panel = {"id": 1, "title": "P", "type": "timeseries", "targets": [{"expr": expr, "legendFormat": legend}]}
    return read({"uid": "b", "title": "B", "schemaVersion": 41, "panels": [panel]})


def changed(panel: dict[str, Any], changes: dict[str, Any]) -> Board:
    """A board with one plain panel: with changes to the panel, changes to the board, and the panels of `more`."""
    plain = {"id": 1, "title": "P", "type": "timeseries", "targets": [{"expr": "up"}], **panel}
    own = {key: value for key, value in changes.items() if key != "more"}
    document = {"uid": "b", "title": "B", "schemaVersion": 41, "panels": [plain, *changes.get("more", [])], **own}
    return read(json.dumps(document))


def test_every_rule_has_cases_and_a_manual_page() -> None:
    """Each rule has cases of both kinds, and its page begins with its name."""
    assert rule_ids() == tuple(sorted({*CASES, *BOARDS, *OF_ALERTS}))
    tables: dict[str, Any] = {**CASES, **BOARDS}
    for rule, cases in tables.items():
        assert {bool(message) for *_, message in cases} == {True, False}, rule
        assert manual_page(rule).startswith(f"{rule}: ")
    with pytest.raises(DashboardsError, match="no rule has this id\n  known: agent-namespace, "):
        manual_page("nonsense")


@pytest.mark.parametrize(
    ("rule", "expr", "legend", "release", "message"),
    [(rule, *case) for rule, cases in CASES.items() for case in cases],
)
def test_reports_and_stays_quiet(rule: str, expr: str, legend: str, release: Release, message: str) -> None:
    """The rule reports the expected message, or nothing."""
    messages = [finding.what for finding in lint(board(expr, legend), release, rules={rule})[0]]
    assert bool(messages) == bool(message), messages
    assert not message or re.search(re.escape(message), messages[0])


def marks(rule: str, panel: dict[str, Any]) -> list[pytest.MarkDecorator]:
    """The fault that a case of a rule proves fixed."""
    text = "wrong-unit takes the result of a comparison with `bool` for what is compared"
    return [pytest.mark.fault(text)] if rule == "wrong-unit" and "> bool" in str(panel) else []


@pytest.mark.parametrize(
    ("rule", "panel", "changes", "message"),
    [pytest.param(rule, *case, marks=marks(rule, case[0])) for rule, cases in BOARDS.items() for case in cases],
)
def test_boards_and_panels(rule: str, panel: dict[str, Any], changes: dict[str, Any], message: str) -> None:
    """The same for faults of a panel or of the board itself."""
    whats = [finding.what for finding in lint(changed(panel, changes), NEWEST, rules={rule})[0]]
    assert bool(whats) == bool(message), whats
    assert not message or message in whats[0]


SUGGESTED = re.compile(r"write `([^`]+)`$")
SUGGESTING = ("classic-histogram-only", "converted-histogram", "unguarded-mean")


@pytest.mark.fault("lint reported its own suggestion again, or did not see that the suggestion may be +Inf")
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_a_suggested_query_is_not_reported_again(release: Release) -> None:
    """By any rule that had nothing to say about the original; all rules suggest the same query."""
    checked = set()
    for expr, legend in {(expr, legend) for cases in CASES.values() for expr, legend, *_ in cases}:
        findings = lint(board(expr, legend), release)[0]
        suggestions = {(finding.rule, match[1]) for finding in findings if (match := SUGGESTED.search(finding.what))}
        assert len({query for _, query in suggestions}) <= 1, suggestions
        for rule, query in suggestions:
            others = {finding.rule for finding in findings} - {name for name, _ in suggestions}
            again = {finding.rule for finding in lint(board(query, legend), release)[0]}
            assert again <= others, (expr, query)
            checked.add(rule)
    assert checked <= set(SUGGESTING)
    assert release != NEWEST or checked == set(SUGGESTING)


@pytest.mark.fault("lint reported its own suggestion again, or did not see that the suggestion may be +Inf")
def test_a_mean_gets_one_suggestion() -> None:
    """From both of the rules that report it, with the guard and for both kinds of histogram."""
    mean = f"sum(rate({DELAY}_sum[5m])) / sum(rate({DELAY}_count[5m]))"
    findings = lint(board(mean), NEWEST, house_rules=False)[0]
    suggested = [(finding.rule, match[1]) for finding in findings if (match := SUGGESTED.search(finding.what))]
    query = (
        f"sum(rate({DELAY}_sum[5m]) or histogram_sum(rate({DELAY}[5m])))"
        f" / (sum(rate({DELAY}_count[5m]) or histogram_count(rate({DELAY}[5m]))) > 0)"
    )
    assert suggested == [("classic-histogram-only", query), ("unguarded-mean", query)]


def test_house_rules_are_for_our_boards() -> None:
    """On other people's boards they are off."""
    rules = {finding.rule for finding in lint(board("up"), NEWEST, house_rules=False)[0]}
    assert not {"no-unit", "no-description"} & rules
    assert {"no-unit", "no-description"} <= {finding.rule for finding in lint(board("up"), NEWEST)[0]}


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_our_boards_are_clean(release: Release) -> None:
    """On every release, with the excuses counted: there may be few."""
    excused = []
    for compiled in compile_boards(release):
        findings, allowed = lint(read(compiled.json), release, compiled.excuses)
        assert findings == [], compiled.uid
        excused += allowed
    assert len(excused) <= 6


def test_an_excuse_is_counted() -> None:
    """An excuse removes the finding and is reported with its reason."""
    gauge_board = board("rate(cilium_bpf_map_pressure[$__rate_interval])")
    findings, excused = lint(gauge_board, NEWEST, {1: {"rate-of-a-gauge": "it only grows"}}, house_rules=False)
    assert findings == []
    assert [(excuse.finding.rule, excuse.why) for excuse in excused] == [("rate-of-a-gauge", "it only grows")]


def breaking(rule: str) -> Board:
    """A board with a panel, of id 1, that breaks the rule."""
    for expr, legend, release, what in CASES.get(rule, []):
        if what and release == NEWEST:
            return board(expr, legend)
    panel, changes = next((panel, changes) for panel, changes, what in BOARDS[rule] if what)
    return changed(panel, changes)


@pytest.mark.parametrize(("old", "new"), NEW_IDS.items())
def test_an_old_rule_id_is_the_new_one(old: str, new: str) -> None:
    """In an excuse and in the manual; only the new one is reported."""
    assert old not in rule_ids()
    assert manual_page(old) == manual_page(new)
    findings, _ = lint(breaking(new), NEWEST)
    assert new in {finding.rule for finding in findings}
    on_panel = any(finding.rule == new and finding.panel for finding in findings)
    left, excused = lint(breaking(new), NEWEST, {1: {old: "why"}})
    excused_rules = {excuse.finding.rule for excuse in excused}
    assert excused_rules == ({new} if on_panel else set())
    assert on_panel == (new not in {finding.rule for finding in left})


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, [None], [5], True], ids=str)
def test_odd_boards_are_read(junk: Any) -> None:
    """Wrong types in place of a list or an object do not keep the rules from the query."""
    odd = dict.fromkeys(("fieldConfig", "seriesOverrides", "transformations", "datasource", "links", "yaxes"), junk)
    nested = {
        **odd,
        "fieldConfig": {"defaults": {"unit": "s", "thresholds": junk}, "overrides": [{"properties": junk}]},
    }
    panels = [
        {"id": 1, "title": "P", "type": "stat", "targets": [{"expr": "sum("}], **panel} for panel in (odd, nested)
    ]
    document = {
        "title": "B",
        "panels": [*panels, junk],
        "templating": {"list": junk},
        "annotations": junk,
        "links": junk,
    }
    assert "invalid-promql" in {finding.rule for finding in lint(read(document), NEWEST)[0]}


def test_any_board_is_read_as_json() -> None:
    """An export with inputs and old panels is linted like ours."""
    old = {"title": "Old", "rows": [{"panels": [{"title": "P", "type": "graph", "targets": [{"expr": "sum("}]}]}]}
    findings = lint(read(json.dumps(old)), NEWEST, house_rules=False)[0]
    assert [(finding.board, finding.panel, finding.rule) for finding in findings] == [
        ("Old", "P", "invalid-promql"),
        ("Old", "P", "removed-panel-type"),
    ]


@pytest.mark.fault("an 85 MB dashboard took 49 s")
@pytest.mark.parametrize(
    "text",
    ["${a" * 300_000, "[[a" * 300_000, "$" * 1_000_000, "{{" * 500_000, "{{ " + " " * 1_000_000],
    ids=["open variables", "open brackets", "dollars", "legends", "blanks"],
)
def test_long_texts_are_read_once(text: str) -> None:
    """A text of a million characters that only begins, again and again, takes no longer than one that ends."""
    queries = [{"expr": "up", "legendFormat": text, "refId": "A"}]
    variables = [{"name": f"v{index}", "type": "query", "query": text if not index else "x"} for index in range(3000)]
    panels = [{"title": "P", "type": "stat", "datasource": text, "targets": queries}]
    long = read({"uid": "x", "panels": panels, "templating": {"list": variables}, "schemaVersion": 41})
    begun = process_time()
    lint(long, NEWEST)
    assert process_time() - begun < 10


@pytest.mark.fault("an 85 MB dashboard took 49 s")
def test_each_query_is_parsed_once_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """By all rules together, on a dashboard of thousands of queries."""
    exprs = [f"rate(node_cpu_seconds_total[5m]) + {number}" for number in range(5000)]
    panels = [{"title": f"P{number}", "type": "stat", "targets": [{"expr": expr}]} for number, expr in enumerate(exprs)]
    many = read({"uid": "x", "schemaVersion": 41, "panels": panels})
    parsed: list[str] = []

    def parse(text: str) -> Any:
        parsed.append(text)
        return promql_parser.parse(text)

    monkeypatch.setattr(parsing, "parser", SimpleNamespace(parse=parse))
    lint(many, NEWEST)
    assert len(parsed) == len(exprs)
