"""Rankings of what is wrong: an empty one means that all is well, if it was measured.

Otherwise it has one row, in gray: `not scraped`, or that the feature was not seen. Grafana puts no variable into the
text for no data (grafana/grafana#26654).
"""

import re
from dataclasses import replace

from dashboards_py.model import Query, State

# Below all that rankings count.
NOT_SCRAPED = State(text="not scraped", color="gray", low=-1, high=-1)
AGENTS = "cilium_version"  # of the clusters whose other components are missed
OF_CLUSTERS = re.compile(r"\bby \(cluster\b")


def unless_not_scraped(query: Query, metric: str, label: str = "node") -> Query:
    """The query with one row, `not scraped`, where there is no series of `metric`, which its component always has.

    The row is about all values of the `label` that names the others: without one the table had no column of names. It
    is not there beside others, as of a node whose agent does not answer, which has no series now. A table by cluster
    has a row for each cluster whose agents are scraped, but not its component.
    """
    if metric != AGENTS and OF_CLUSTERS.search(query.expr):
        query = _or_a_row(query, f"({clusters_without(metric)})", label, NOT_SCRAPED, "cluster")
    return _or_a_row(query, f"absent({metric})", label, NOT_SCRAPED)


def unless_not_seen(query: Query, metric: str, text: str, label: str = "node") -> Query:
    """The same with a `text` such as `no BGP seen`, where `metric` is only there if a feature is on, and is scraped.

    A feature may be off in one cluster: it is missed where no cluster has it.
    """
    return _or_a_row(query, f"absent({metric})", label, replace(NOT_SCRAPED, text=text))


def clusters_without(metric: str) -> str:
    """1 for each cluster whose agents are scraped, but which has no series of `metric`.

    Where only some jobs set the label `cluster`, a component without it is that of the agents with it, unless there are
    agents without it as well, and the other way round. Of aggregations alone, so that recording rules can hold it: a
    query is recorded in whole or not at all.
    """
    agents, others = (f"count by (cluster) ({name})" for name in (AGENTS, metric))
    of_any = " or ".join(
        f"(count({metric}{{{cluster}}}) unless on () count({AGENTS}{{{cluster}}}))"
        for cluster in ('cluster=""', 'cluster!=""')
    )
    return f"{agents} ^ 0 unless on (cluster) {others} unless on () ({of_any})"


def _or_a_row(query: Query, nowhere: str, label: str, state: State, by: str = "") -> Query:
    row = f'label_replace(-{nowhere}, "{label}", "All", "", "")'
    states = query.states if state in query.states else (*query.states, state)
    return replace(query, expr=f"{query.expr} or on ({by}) {row}", states=states)
