"""Variables of the boards: data source, cluster, node, and lists of other labels.

"All" is `.*`, which also matches series without the label: in a Prometheus for one cluster there may be no `cluster`.
"""

from dashboards_py.model import CustomVariable, DatasourceVariable, LabelVariable, NoticeVariable


def datasource() -> DatasourceVariable:
    """`$datasource`: the Prometheus data source; Grafana's default one is preselected."""
    return DatasourceVariable(name="datasource", label="Data source", type="prometheus")


def label_variables(
    name: str, label: str, metric: str, series_label: str, *, regex: str = "", all_value: str = ".*"
) -> LabelVariable:
    """`$name`: the values of `series_label` on `metric`, with an optional selector; multi-select, All by default.

    With an empty `metric`, the values are read from the index, for any series. With `all_value=""`, All expands to the
    list of values.
    """
    return LabelVariable(
        name=name, label=label, query=_label_values(metric, series_label), regex=regex, multi=True, all_value=all_value
    )


def label_variable(name: str, label: str, metric: str, series_label: str) -> LabelVariable:
    """`$name`: one value of `series_label` on `metric`, the first by default, for queries too expensive for All."""
    return LabelVariable(name=name, label=label, query=_label_values(metric, series_label))


def busiest(name: str, label: str, metric: str, series_label: str) -> LabelVariable:
    """`$name`: one value of `series_label`, the one with the highest rate of the counter `metric` by default.

    A board opens on what has traffic, and not on what is alphabetically first.
    """
    rates = f'sort_desc(sum by ({series_label}) (rate({metric}{{{series_label}!=""}}[5m])))'
    return LabelVariable(
        name=name,
        label=label,
        query=f"query_result({rates})",
        regex=f'/{series_label}="([^"]+)"/',
        sorted=False,
    )


def cluster(anchor: str) -> LabelVariable:
    """`$cluster`: the values of the label `cluster` on the metric `anchor`."""
    return label_variables("cluster", "Cluster", anchor, "cluster")


def node(anchor: str) -> LabelVariable:
    """`$node`: the values of the label `node` on the metric `anchor`."""
    return label_variables("node", "Node", anchor, "node")


def namespace(name: str, label: str, series_label: str) -> LabelVariable:
    """A namespace or workload variable over `series_label`, read from the index."""
    return label_variables(name, label, "", series_label)


def not_scraped(uid: str, component: str, metric: str, *, row: str = "", unless: str = "") -> NoticeVariable:
    """The notice that the component is not scraped, if there is no series of its `metric`, and what to run.

    Its name is `$not_scraped`, and that of a `row` begins with the component. There is none if the metric `unless` has
    no series either: the heading has another notice then.
    """
    name = f"{component.replace('-', '_')}_not_scraped" if row else "not_scraped"
    text = f" ({component} is not scraped: run cilium-dashboards values --board {uid})"
    expr = f"absent({metric}) unless absent({unless})" if unless else f"absent({metric})"
    return NoticeVariable(name=name, expr=expr, text=text, row=row)


def custom_variable(name: str, label: str, options: tuple[str, ...]) -> CustomVariable:
    """`$name`: one of the options, the first by default."""
    return CustomVariable(name=name, label=label, options=options)


def _label_values(metric: str, series_label: str) -> str:
    return f"label_values({metric}, {series_label})" if metric else f"label_values({series_label})"
