"""Alerting and recording rules as a board, so that their queries are read as those of panels are."""

from collections.abc import Callable, Sequence

from dashboards_py.board.read import read
from dashboards_py.board.values import Board
from dashboards_py.documents.rule import Rule


def rule_title(rule: Rule) -> str:
    """The name of a rule in findings: its group and its own."""
    return f"group {rule.group}, {'alert' if rule.is_alert else 'record'} {rule.name}"


def board_of_rules(name: str, rules: Sequence[Rule], title: Callable[[Rule], str] = rule_title) -> Board:
    """A board with one panel for each rule, whose id is the number of the rule, from 1."""
    panels = [
        {
            "id": number,
            "title": title(rule),
            "type": "stat",
            "gridPos": {"x": 0, "y": number, "w": 24, "h": 1},
            "targets": [{"refId": "A", "expr": rule.expr, "instant": True}],
        }
        for number, rule in enumerate(rules, start=1)
    ]
    return read({"uid": "", "title": name, "panels": panels})
