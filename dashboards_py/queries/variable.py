"""Parse the queries of variables: `label_values(...)` and the other forms.

The forms are those of Grafana's Prometheus data source (metric_find_query.ts); surrounding blanks are accepted. No
other module parses them.
"""

import re
from dataclasses import dataclass, replace

from dashboards_py import promql
from dashboards_py.board import Variable
from dashboards_py.promql.memory import remember

_CALL = re.compile(r"\s*(label_values|label_names|query_result|metrics)\s*\((.*)\)\s*", re.DOTALL)
_LABEL = re.compile(r'\s*([\w$:.\-]+|\$\{[^{}]*\}|\[\[[^\]]*\]\]|"[^"]*")\s*')
# A label in a variable's `regex`, which Grafana applies to results of query_result: `metric{label="value"} 1 1700...`.
_IN_REGEX = re.compile(r'\b([A-Za-z_]\w*)\s*=\\?"')


@dataclass(frozen=True, slots=True)
class VariableQuery:
    """A variable's query. `kind` is its function, `series` for a plain selector, or "" for another data source's query.

    `expr` is its selector or query, "" if it reads all series or only names; `label` is the label of label_values.
    """

    kind: str
    expr: str = ""
    label: str = ""

    @property
    def executed_query(self) -> str:
        """The equivalent PromQL query, or "" if there is none; label_values keeps one label of its series."""
        by = self.kind == "label_values" and self.expr
        return f"group by ({self.label}) ({self.expr})" if by else self.expr

    def with_expr(self, expr: str) -> "VariableQuery":
        """The same with another selector or query."""
        return replace(self, expr=expr)

    def with_label(self, label: str) -> "VariableQuery":
        """The same with another label."""
        return replace(self, label=label)

    def __str__(self) -> str:
        if self.kind in ("", "series"):
            return self.expr
        return f"{self.kind}({', '.join(filter(None, (self.expr, self.label)))})"


@remember
def variable_query(text: str) -> VariableQuery:
    """Parse the query of a variable; never raises."""
    call = _CALL.fullmatch(text)
    if call is None:
        return VariableQuery("series" if _is_series(text) else "", text.strip() if _is_series(text) else "")
    kind, inner = call[1], call[2].strip()
    if kind == "metrics":
        return VariableQuery(kind)
    if kind != "label_values":
        return VariableQuery(kind, inner)
    head, comma, label = inner.rpartition(",")
    if _LABEL.fullmatch(label):
        return VariableQuery(kind, head.strip() if comma else "", label.strip())
    return VariableQuery(kind, inner)


def source_labels(variable: Variable) -> frozenset[str]:
    """The labels whose values the variable shows."""
    query = variable_query(variable.query)
    named = {query.label} if query.label and not promql.has_variable(query.label) else set()
    if query.kind == "query_result":
        named |= set(_IN_REGEX.findall(variable.regex))
    return frozenset(named)


def _is_series(text: str) -> bool:
    """True if the text is a plain selector, Grafana's fallback, rather than a query of another data source."""
    try:
        return bool(promql.selectors(text))
    except promql.QueryError:
        return False
