"""Matchers of labels."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from dashboards_py import regex
from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.errors import EvaluationError
from dashboards_py.demo.engine.labels import Labels

Operator = Literal["=", "!=", "=~", "!~"]


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on a label; a series without the label has it with an empty value."""

    label: str
    op: Operator
    value: str

    def accepts(self, value: str) -> bool:
        """Whether the label may have the value."""
        if self.op in ("=", "!="):
            return (value == self.value) == (self.op == "=")
        matched = regex.matches(self.value, value)
        if matched is None:
            raise EvaluationError(f"{self.label}{self.op}{self.value!r}", cause=regex.problem(self.value))
        return matched == (self.op == "=~")


def accepted(matchers: Iterable[Matcher]) -> Callable[[Labels], bool]:
    """A function that says whether all matchers accept the labels of a series; values are matched once."""
    known: list[tuple[Matcher, dict[str, bool]]] = [(matcher, {}) for matcher in matchers]

    def accepts(of: Labels) -> bool:
        for matcher, results in known:
            value = labels.get(of, matcher.label)
            if value not in results:
                results[value] = matcher.accepts(value)
            if not results[value]:
                return False
        return True

    return accepts
