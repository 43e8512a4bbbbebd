"""An alerting or recording rule with the recording rules that it reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dashboards_py import promql
from dashboards_py.documents.rule import Rule
from dashboards_py.promql.expand import expanded

Records = Mapping[str, tuple[Rule, ...]]


@dataclass(frozen=True)
class JudgedRule:
    """A rule to judge; `records` are the recording rules of all files by name, `number` is its own in its document.

    `kind` is the document's, such as PrometheusRule, "" for a plain file.
    """

    rule: Rule
    records: Records = field(default_factory=dict)
    number: int = 0
    kind: str = ""

    @cached_property
    def expr(self) -> str:
        """Its query, with the queries of recorded series in the place of their names, as far as there is one each."""
        return expanded(
            self.rule.expr, {name: rules[0].expr for name, rules in self.records.items() if len(rules) == 1}
        )

    @cached_property
    def tree(self) -> Any:
        """The syntax tree of `expr`; None if it cannot be parsed."""
        try:
            return promql.parse(self.expr)
        except promql.QueryError:
            return None


def records_of(rules: Iterable[Rule]) -> Records:
    """The recording rules by name."""
    records: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        if not rule.is_alert:
            records[rule.name] = (*records.get(rule.name, ()), rule)
    return records
