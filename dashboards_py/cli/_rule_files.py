"""Files with alerting and recording rules, shared by several commands."""

from typing import TYPE_CHECKING

import click

from dashboards_py.cli._input import read_input
from dashboards_py.cli._our_boards import our_rules
from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards_py.board import Board
    from dashboards_py.configuration import Configuration
    from dashboards_py.documents.rule_files import Rule
    from dashboards_py.release import Release

rules_option = click.option(
    "--rules", "rule_files", metavar="FILE", multiple=True, help="Alerting and recording rules; repeat it for several."
)


def boards_of_rules(paths: "Sequence[str]", renamed: "Mapping[str, str]") -> "list[Board]":
    """The rules of each file as a board, with our names for renamed labels; recorded series are what rules record."""
    from dataclasses import replace

    from dashboards_py.board.rules import board_of_rules
    from dashboards_py.promql.expand import expanded
    from dashboards_py.queries import rule_with_our_labels

    files = [
        (name, [rule_with_our_labels(rule, renamed) for rule in rules]) for name, rules in map(rules_of_file, paths)
    ]
    recorded = [(rule.name, rule.expr) for _, rules in files for rule in rules if not rule.is_alert]
    names = [name for name, _ in recorded]
    records = {name: expr for name, expr in recorded if names.count(name) == 1}
    return [
        board_of_rules(name, [replace(rule, expr=expanded(rule.expr, records)) for rule in rules])
        for name, rules in files
    ]


def our_alerts(release: "Release", configuration: "Configuration", *, with_panel: bool = True) -> "Board":
    """Our alerts as a board; `with_panel` only those whose panels a house does not leave out."""
    from dashboards_py.board.rules import board_of_alerts

    return board_of_alerts(our_rules(release, configuration), with_panel=with_panel)


def rules_of_file(path: str) -> "tuple[str, tuple[Rule, ...]]":
    """The name of the file, and its rules, in whatever documents; notes go to standard error."""
    from dashboards_py.documents.limits import VALUES
    from dashboards_py.documents.rule_files import FIX, rule_sets_in

    name, source = read_input(path, VALUES, FIX)
    sets = rule_sets_in(source, name)
    if not sets:
        raise DashboardsError(name, cause="holds no groups of rules", fix=FIX)
    for note in (note for rule_set in sets for note in rule_set.notes):
        click.echo(f"warning: {name}: {note}", err=True)
    return name, tuple(rule for rule_set in sets for rule in rule_set.rules)
