"""Rankings of what is wrong: an empty one means that all is well, unless its component is not scraped.

Then it has one row, `not scraped`. Grafana puts no variable into the text for no data (grafana/grafana#26654).
"""

from dataclasses import replace

from dashboards_py.model import Query, State

# Below all that rankings count.
NOT_SCRAPED = State(text="not scraped", color="gray", low=-1, high=-1)


def unless_not_scraped(query: Query, metric: str, label: str = "node") -> Query:
    """The query with one row, `not scraped`, where there is no series of `metric`, which its component always has.

    The row is about all values of the `label` that names the others: without one the table had no column of names.
    """
    row = f'label_replace(-absent({metric}), "{label}", "All", "", "")'
    return replace(query, expr=f"{query.expr} or {row}", states=(*query.states, NOT_SCRAPED))
