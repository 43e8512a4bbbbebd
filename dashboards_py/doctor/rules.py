"""Alerting and recording rules: their queries as a board, and whether the Prometheus has loaded them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.board.rules import board_of_rules as rules_as_board
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.conditions._condition import finding
from dashboards_py.documents.rule_files import Rule
from dashboards_py.errors import DashboardsError
from dashboards_py.findings import Finding, Location
from dashboards_py.plural import counted, counted_of
from dashboards_py.web.address import without_secrets

MOST = 5  # rules that are named with their error


@dataclass(frozen=True, slots=True)
class RulesToExamine:
    """The rules of a file."""

    file: str
    rules: tuple[Rule, ...]


def title(rule: Rule) -> str:
    """What to call a rule."""
    return f"{'alert' if rule.is_alert else 'rule'} {rule.name}"


def board_of_rules(file: RulesToExamine) -> Board:
    """The rules as a board, so that their queries are asked and explained like those of panels."""
    return rules_as_board(file.file, file.rules, title)


def rule_findings(client: Client, files: Sequence[RulesToExamine]) -> tuple[Finding, ...]:
    """Rules that Prometheus has not loaded, has in another version, or cannot evaluate; none if it does not tell."""
    loaded = loaded_rules(client) if files else None
    return () if loaded is None else tuple(loaded_rules_findings(files, loaded))


def loaded_rules(client: Client) -> Sequence[Mapping[str, Any]] | None:
    """The rules that Prometheus has loaded, as it lists them; None if it does not tell.

    VictoriaMetrics answers with no group where vmalert evaluates rules (app/vmselect), and Mimir or Thanos have none
    where a Prometheus in front of them does.
    """
    try:
        groups = client.get("rules", {})["groups"]
    except DashboardsError:
        return None
    if not groups and not _is_prometheus(client):
        return None
    return [rule for group in groups for rule in group["rules"]]


def _is_prometheus(client: Client) -> bool:
    """True for a Prometheus, which alone names its retention (RuntimeInfo in web/api/v1/api.go)."""
    try:
        return "storageRetention" in client.get("status/runtimeinfo", {})
    except DashboardsError:
        return False


def loaded_rules_findings(files: Sequence[RulesToExamine], loaded: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """What the rules of files lack among those that are loaded."""
    by_name: dict[tuple[bool, str], list[Mapping[str, Any]]] = {}
    for rule in loaded:
        by_name.setdefault((rule.get("type") == "alerting", str(rule.get("name", ""))), []).append(rule)
    pairs = [(file.file, rule, by_name.get((rule.is_alert, rule.name), [])) for file in files for rule in file.rules]
    unloaded = [(file, rule) for file, rule, same in pairs if not same]
    older = [(file, rule) for file, rule, same in pairs if same and not any(_is_same(rule, one) for one in same)]
    failing = [
        (file, rule, without_secrets(str(one.get("lastError", ""))))
        for file, rule, same in pairs
        for one in same
        if one.get("health") == "err" and _is_same(rule, one)
    ]
    if unloaded:
        what = f"{counted_of(len(unloaded), len(pairs), 'rule', 'is', 'are')} not loaded in Prometheus"
        fix = "apply the PrometheusRule with the labels that ruleSelector asks for, or list the file in rule_files"
        yield _finding("unloaded-rule", what, "", fix, unloaded)
    if older:
        what = f"{counted(len(older), 'rule is', 'rules are')} loaded with another expression"
        yield _finding(
            "older-rule", what, "", "apply the file again, and look at which object has the other one", older
        )
    if failing:
        errors = dict.fromkeys(f"{rule.name}: {error}" for _, rule, error in failing)
        what = counted(len(failing), "rule fails when it is evaluated", "rules fail when they are evaluated")
        located = [(file, rule) for file, rule, _ in failing]
        yield _finding("failing-rule", what, "\n".join([*errors][:MOST]), "fix what the error names", located)


def _finding(cause: str, what: str, why: str, fix: str, located: Iterable[tuple[str, Rule]]) -> Finding:
    locations = (Location(file, title(rule), "", file) for file, rule in located)
    return finding(cause, what, why, fix, locations)


def _is_same(rule: Rule, loaded: Mapping[str, Any]) -> bool:
    """Whether the expressions are the same; Prometheus prints its own form of what it has loaded."""
    return _normal(rule.expr) == _normal(str(loaded.get("query", "")))


def _normal(expr: str) -> str:
    try:
        return str(promql.parse(expr))
    except DashboardsError:
        return "".join(expr.split())
