"""Matchers and selectors as values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from dashboards_py import regex
from dashboards_py.promql import grafana


@dataclass(frozen=True, slots=True)
class Matcher:
    """`label op "value"`; `op` is `=`, `!=`, `=~` or `!~`; `value` is unquoted, Grafana variables as written."""

    label: str
    op: str
    value: str

    @property
    def is_open(self) -> bool:
        """True if the matcher depends on a variable of Grafana."""
        return grafana.has_variable(self.value) or grafana.has_variable(self.label)

    @property
    def problem(self) -> str:
        """Why Prometheus rejects the regular expression; "" if it does not, or if that depends on a variable."""
        return "" if self.op in ("=", "!=") or self.is_open else regex.problem(self.value)

    def accepts(self, value: str) -> bool | None:
        """True if the matcher accepts a value of its label; None if a variable decides, or the matcher is invalid.

        A series without the label has the value "".
        """
        if self.is_open:
            return None
        if self.op in ("=", "!="):
            return (self.value == value) == (self.op == "=")
        matches = regex.matches(self.value, value)
        return None if matches is None else matches == (self.op == "=~")

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.op}"{escaped}"'


def any_of(label: str, values: Iterable[str]) -> Matcher:
    """The matcher that accepts these values of a label and no others."""
    return Matcher(label, "=~", "|".join(map(re.escape, values)))


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector. `metric` is "" if it has no fixed name, `window` is as written.

    `functions` are the enclosing functions and aggregations, outermost first, and `and` or `unless` if the selector is
    on the right side of one. `filters` are variables that expand to complete matchers (`x{$filters}`).
    """

    metric: str
    matchers: tuple[Matcher, ...]
    window: str | None
    functions: tuple[str, ...]
    filters: tuple[str, ...] = ()
    _hash: int = field(init=False, compare=False, repr=False)  # of the above: results are remembered by selector

    def __post_init__(self) -> None:
        fields = (self.metric, self.matchers, self.window, self.functions, self.filters)
        object.__setattr__(self, "_hash", hash(fields))

    def __hash__(self) -> int:
        return self._hash
