"""Alerting and recording rules as a board, so that their queries are read as those of panels are."""

from collections.abc import Callable, Sequence

from dashboards_py.board.read import read
from dashboards_py.board.values import Board
from dashboards_py.compiled import CompiledRules
from dashboards_py.documents.rule import Rule
from dashboards_py.documents.templates import labels_of_templates


def rule_title(rule: Rule) -> str:
    """The name of a rule in findings: its group and its own."""
    return f"group {rule.group}, {'alert' if rule.is_alert else 'record'} {rule.name}"


def board_of_rules(name: str, rules: Sequence[Rule], title: Callable[[Rule], str] = rule_title) -> Board:
    """A board with one panel for each rule, whose id is the number of the rule, from 1.

    Labels that templates name are those of the legend.
    """
    panels = [
        {
            "id": number,
            "title": title(rule),
            "type": "stat",
            "gridPos": {"x": 0, "y": number, "w": 24, "h": 1},
            "targets": [{"refId": "A", "expr": rule.expr, "instant": True, "legendFormat": _legend(rule)}],
        }
        for number, rule in enumerate(rules, start=1)
    ]
    return read({"uid": "", "title": name, "panels": panels})


def board_of_alerts(rules: CompiledRules, *, with_panel: bool) -> Board:
    """Compiled alerts as a board; `with_panel` only those whose panels a house does not leave out."""
    return board_of_rules(
        "alerts",
        [
            Rule(group.name, alert.alert, is_alert=True, expr=alert.expr, annotations=alert.annotations)
            for group in rules.groups
            for alert in group.alerts
            if alert.panel_id or not with_panel
        ],
    )


def _legend(rule: Rule) -> str:
    named = labels_of_templates({**rule.labels, **rule.annotations}).values()
    return " ".join(f"{{{{{label}}}}}" for label in dict.fromkeys(label for labels in named for label in labels))
