"""`lint` for alerting and recording rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._promtool import settings_for_rules

if TYPE_CHECKING:
    from dashboards_py.documents.rule_files import RuleSet
    from dashboards_py.lint import Finding, Settings
    from dashboards_py.release import Release


def rule_findings(
    rule_sets: "Sequence[RuleSet]",
    release: "Release",
    settings: "Settings",
    renamed: Mapping[str, str],
    *,
    house_rules: bool,
) -> "Iterator[tuple[int, RuleSet, Finding]]":
    """The findings on rules, with the number and document of each; notes and unread queries are printed on stderr.

    `renamed` are the names of labels in these rules, by ours.
    """
    from dashboards_py.board.rules import rule_title
    from dashboards_py.lint import lint_rules, records_of

    read = [_with_our_labels(rule_set, renamed) for rule_set in rule_sets]
    records = records_of(rule for rule_set in read for rule in rule_set.rules)
    for number, (rule_set, own) in enumerate(settings_for_rules(read, settings)):
        for note in rule_set.notes:
            click.echo(f"warning: {rule_set.name}: {note}", err=True)
        for rule in rule_set.rules:
            if why := own.unread_reason(rule.expr):
                click.echo(f"not read: {rule_set.name} / {rule_title(rule)}: {why}", err=True)
        for finding in lint_rules(rule_set, release, records, house_rules=house_rules, settings=own):
            yield number, rule_set, finding


def _with_our_labels(rule_set: "RuleSet", renamed: Mapping[str, str]) -> "RuleSet":
    from dashboards_py.queries import rule_with_our_labels

    return replace(rule_set, rules=tuple(rule_with_our_labels(rule, renamed) for rule in rule_set.rules))
