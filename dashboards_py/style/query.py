"""A query as a board's author writes it: plain PromQL, a legend, and what is drawn otherwise than the panel says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL expression of a panel.

    `legend` is a Grafana legend format (`{{label}}`); in a table it names the column. `unit` differs from the panel's
    where given. `right` draws the series on an axis of its own.
    """

    expr: str
    legend: str
    unit: str = ""
    right: bool = False


def query(expr: str, legend: str, *, unit: str = "", right: bool = False) -> Query:
    """Say what to ask Prometheus, without scope matchers: the compiler adds `cluster` and `node`."""
    return Query(expr.strip(), legend, unit, right)
