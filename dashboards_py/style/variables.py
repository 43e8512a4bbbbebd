"""Variables of the boards: data source, cluster (none, one or many), node, and lists of any other label.

"All" is `.*` so that series without the label match as well: a Prometheus that sees one cluster has no label `cluster`.
"""

from grafanalib.core import Template

QUERY_REF = "PrometheusVariableQueryEditor-VariableQuery"
SOURCE = {"type": "prometheus", "uid": "$datasource"}


def datasource() -> Template:
    """The Prometheus data source, `$datasource`; the default one unless chosen."""
    return Template(name="datasource", label="Data source", type="datasource", query="prometheus", sort=0)


def values(
    name: str, label: str, metric: str, series_label: str, *, regex: str = "", all_value: str = ".*"
) -> Template:
    """`$name`: the values of `series_label` on `metric` (a selector may follow), several at once, All by default.

    An empty `metric` reads the label's values from the index alone, whatever series carry it. `all_value=""` makes All
    the list of the values found.
    """
    asked = f"label_values({metric}, {series_label})" if metric else f"label_values({series_label})"
    template = Template(
        name=name,
        label=label,
        dataSource=SOURCE,
        query={"query": asked, "refId": QUERY_REF},
        regex=regex,
        allValue=all_value,
        includeAll=True,
        multi=True,
    )
    template._current = {"text": ["All"], "value": ["$__all"]}
    return template


def cluster(anchor: str) -> Template:
    """`$cluster`: the values of the label `cluster` on the metric `anchor`."""
    return values("cluster", "Cluster", anchor, "cluster")


def node(anchor: str) -> Template:
    """`$node`: the values of the label `node` on the metric `anchor`."""
    return values("node", "Node", anchor, "node")


def namespace(name: str, label: str, series_label: str) -> Template:
    """A namespace or workload variable over `series_label`, read from the index alone."""
    return values(name, label, "", series_label)


def one_of(name: str, label: str, metric: str, series_label: str) -> Template:
    """`$name`: one value of `series_label` on `metric`, the first unless chosen: where All would be too much."""
    asked = {"query": f"label_values({metric}, {series_label})", "refId": QUERY_REF}
    return Template(name=name, label=label, dataSource=SOURCE, query=asked)


def choice(name: str, label: str, options: tuple[str, ...]) -> Template:
    """`$name`: one of the options, the first unless chosen."""
    return Template(name=name, label=label, type="custom", query=",".join(options), default=options[0], sort=0)
