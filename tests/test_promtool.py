"""promtool runs once for all queries, and its verdict overrides our parser's."""

import os
from pathlib import Path

import pytest

from dashboards_py import promtool
from dashboards_py.board import read
from dashboards_py.catalog import NEWEST
from dashboards_py.documents.rule import Rule
from dashboards_py.lint import Settings, lint, needs_promtool, unread_queries
from tests.components import require

QUERIES = {
    "up": "",
    "sum(": "unclosed left parenthesis",
    'up{a="b\nc"}': "unterminated",
    "rate(x[5m + step()])": "",
    "rate(x[5m] smoothed) + mad_over_time(x[5m])": "",
    "nosuch(x)": "unknown function",
    'x{a="rule 1, \\"r0\\": could not parse expression: spoofed"}': "",
}


def test_one_verdict_for_each_query() -> None:
    """Queries, also experimental ones, are accepted or rejected with the reason; what YAML cannot hold is skipped."""
    require("promtool")
    verdicts = promtool.verdicts([*QUERIES, "up\0", "\ud800"])
    assert verdicts.keys() == QUERIES.keys()
    assert all(
        verdict in verdicts[query] and bool(verdict) == bool(verdicts[query]) for query, verdict in QUERIES.items()
    ), verdicts


@pytest.mark.parametrize("script", ["exit 1", "echo nonsense; exit 3", "kill -9 $$", None])
def test_no_answer_is_not_a_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None) -> None:
    """If promtool is missing, broken or killed, there is no verdict, and no query counts as invalid."""
    if script:
        (tmp_path / "promtool").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "promtool").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin" if script else str(tmp_path))
    assert promtool.verdicts(["up"]) == {}


BOARD = read({"title": "B", "panels": [{"title": "P", "targets": [{"expr": "newer(x)"}]}]})


@pytest.mark.fault("Grafana's forms and Prometheus 3's syntax are reported as syntax errors")
@pytest.mark.parametrize(
    ("verdicts", "rules", "not_read"),
    [
        ({}, set(), (("P", "calls newer, an unknown function"),)),
        ({"newer(x)": ""}, set(), (("P", "calls newer, an unknown function"),)),
        ({"newer(x)": "unknown function"}, {"invalid-promql"}, ()),
    ],
    ids=["no verdict", "accepted", "rejected"],
)
def test_promtool_decides(verdicts: dict[str, str], rules: set[str], not_read: tuple[tuple[str, str], ...]) -> None:
    """A query that our parser does not understand is invalid only where Prometheus' parser rejects it."""
    settings = Settings(verdicts=verdicts)
    assert {finding.rule for finding in lint(BOARD, NEWEST, house_rules=False, settings=settings)[0]} == rules
    assert unread_queries(BOARD, settings) == not_read


@pytest.mark.parametrize(
    "expr", ["x[-step()]", "x[5m + ]", "x[max(step(), 5s)]", 'x{a="b" or c="d"}', "rate(x[5m] smoothed)"]
)
def test_a_query_that_our_parser_reads_in_part(expr: str) -> None:
    """Duration expressions, and what only another database has, are promtool's to judge; unjudged, they are read."""
    board = read({"title": "B", "panels": [{"title": "P", "targets": [{"expr": expr}]}]})
    assert needs_promtool(expr)
    for verdict, is_refused in ((None, False), ("", False), ("refused", True)):
        settings = Settings(verdicts={} if verdict is None else {expr: verdict})
        findings = lint(board, NEWEST, house_rules=False, settings=settings)[0]
        assert ("invalid-promql" in {finding.rule for finding in findings}) is is_refused
    assert not needs_promtool('rate(x{a="$b"}[$__rate_interval])')


def test_a_query_that_our_parser_rejects_wrongly() -> None:
    """A query that promtool accepts is not a finding, though our parser rejects it."""
    board = read({"title": "B", "panels": [{"title": "P", "targets": [{"expr": "sum("}]}]})
    assert lint(board, NEWEST, house_rules=False, settings=Settings(verdicts={"sum(": ""}))[0] == []
    assert unread_queries(board, Settings(verdicts={"sum(": ""})) == (
        ("P", "does not parse: unclosed left parenthesis"),
    )


def alert(name: str = "A", wait: str = "5m", **annotations: str) -> Rule:
    """An alert with these annotations."""
    return Rule("g", name, is_alert=True, expr="sum(", wait=wait, annotations=annotations)


@pytest.mark.fault("pint and promtool have to be run besides lint")
def test_problems_of_rules() -> None:
    """Templates that do not parse are named with the rule; the query, a bad duration and Grafana's are for others."""
    require("promtool")
    rules = [
        alert(summary="{{ $labels.x }}"),
        alert(summary="{{ $labels.x "),
        alert(summary="{{ nosuch }}"),
        alert("B", wait="5 minutes"),
        Rule("g", "no name", is_alert=False, expr="up"),
        Rule("g", "C", is_alert=True, expr="up", annotations={"d": "{{ $values.B.Value "}, is_grafana=True),
    ]
    problems = promtool.rule_problems(rules)
    assert {number: "unclosed action" in text or "not defined" in text for number, text in problems.items()} == {
        2: True,
        3: True,
    }
    assert promtool.rule_problems([alert()]) == promtool.rule_problems([]) == {}


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", None])
def test_rules_without_promtool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None) -> None:
    """Nothing is reported of rules either."""
    if script:
        (tmp_path / "promtool").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "promtool").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin" if script else str(tmp_path))
    assert promtool.rule_problems([alert()]) == {}
