"""Rankings of what is wrong: an empty one means that all is well, if it was measured.

Otherwise it has one row, in gray: `not scraped`, or that the feature was not seen. Grafana puts no variable into the
text for no data (grafana/grafana#26654).
"""

from dataclasses import replace

from dashboards_py.model import Query, State

# Below all that rankings count.
NOT_SCRAPED = State(text="not scraped", color="gray", low=-1, high=-1)


def unless_not_scraped(query: Query, metric: str, label: str = "node") -> Query:
    """The query with one row, `not scraped`, where there is no series of `metric`, which its component always has.

    The row is about all values of the `label` that names the others: without one the table had no column of names. It
    is not there beside others, as of a node whose agent does not answer, which has no series now.
    """
    return _or_a_row(query, metric, label, NOT_SCRAPED)


def unless_not_seen(query: Query, metric: str, text: str, label: str = "node") -> Query:
    """The same with a `text` such as `no BGP seen`, where `metric` is only there if a feature is on, and is scraped."""
    return _or_a_row(query, metric, label, replace(NOT_SCRAPED, text=text))


def _or_a_row(query: Query, metric: str, label: str, state: State) -> Query:
    row = f'label_replace(-absent({metric}), "{label}", "All", "", "")'
    return replace(query, expr=f"{query.expr} or on () {row}", states=(*query.states, state))
