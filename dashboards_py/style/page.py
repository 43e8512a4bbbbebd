"""Boards, rows and annotations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from dashboards_py.catalog import entries
from dashboards_py.model import Annotation, Dashboard, LabelVariable, Panel, Row, TimeSeries, Variable
from dashboards_py.queries import variable_query
from dashboards_py.style.firing import firing_alerts_about
from dashboards_py.style.variables import datasource, not_scraped

NO_DATA = "No data"  # Grafana's own text, for failures in a row whose panels have another text


def annotation(name: str, expr: str, text: str, *, color: str, step: str = "") -> Annotation:
    """Mark the times at which `expr` has a value on all graphs, labelled `text`."""
    return Annotation(name=name, expr=expr, text=text, color=color, step=step)


# Grafana marks each step at which an expression has a value, and draws consecutive ones as one band. It makes the step
# as long as `step` or a hundredth of the time range, and writes it as $__interval (pkg/promlib/models/query.go): a new
# version is one mark, and no start is missed of a process that is scraped within 90 seconds.
def restarts(name: str, metric: str, text: str) -> Annotation:
    """Mark the starts of processes, by the selector of their start times."""
    started = f"time() - max by (cluster) ({metric}) < 90 + $__interval_ms / 1000"
    return annotation(name, started, f"{{{{cluster}}}}: {text} started", color="orange", step="120s")


# The last is drawn over the others: starts of agents are a band for as long as a rollout takes.
AGENT_ANNOTATIONS = (
    restarts("Agent restarts", "cilium_process_start_time_seconds", "agents"),
    annotation(
        "Cilium version",
        "count by (cluster, version) (cilium_version)"
        " unless count by (cluster, version) (cilium_version offset $__interval)",
        "{{version}} appears",
        color="blue",
        step="120s",
    ),
)


def row(title: str, *panels: Panel, collapsed: bool = False, no_value: str = "") -> Row:
    """Panels under one heading. A `collapsed` row, for details, is not queried until it is opened.

    `no_value` is the default for the row's panels: what missing data means, such as a feature that is off. Numbers,
    bars and graphs of failures have none, or NO_DATA: there may be no failure, or no one to count it.
    """
    filled = tuple(panel if panel.no_value else replace(panel, no_value=_no_value(panel, no_value)) for panel in panels)
    return Row(title=title, panels=filled, collapsed=collapsed)


def _no_value(panel: Panel, no_value: str) -> str:
    """The row's text for a panel; in the legend of a graph Grafana would write it of each pod that has ended."""
    ends = isinstance(panel, TimeSeries) and any("{{pod}}" in query.legend for query in panel.queries)
    return NO_DATA if ends and no_value else no_value


def dashboard(
    *,
    uid: str,
    title: str,
    about: str,
    variables: Sequence[Variable],
    rows: Sequence[Row],
    folder: str = "Cilium",
    replaces: tuple[int, ...] = (),
    annotations: Sequence[Annotation] = AGENT_ANNOTATIONS,
    tags: Sequence[str] = (),
    feature: str = "",
    row_components: Mapping[str, str] = MappingProxyType({}),
) -> Dashboard:
    """A board. `about` (plain text: its readers and the questions it answers) is Grafana's description.

    The heading of the first row says if the component of `$cluster` is not scraped. `row_components` has, by the title
    of a row that is about another component too, a metric that this component always has; in the first row it is named
    where that of `$cluster` is scraped. Alerts that fire about the board are marked beside `annotations`.
    """
    return Dashboard(
        uid=uid,
        title=title,
        about=about,
        variables=(datasource(), *variables, *_notices(uid, variables, row_components, rows)),
        rows=tuple(rows),
        annotations=(*annotations, *firing_alerts_about(uid)),
        tags=tuple(tags),
        folder=folder,
        replaces=replaces,
        feature=feature,
    )


def _notices(
    uid: str, variables: Sequence[Variable], row_components: Mapping[str, str], rows: Sequence[Row]
) -> Iterator[Variable]:
    """The notices that a component is not scraped: that of `$cluster`, without which the board is empty, and others."""
    anchor = ""
    for variable in variables:
        if isinstance(variable, LabelVariable) and variable.name == "cluster":
            metric = variable_query(variable.query).expr
            if exposing := entries(metric):
                anchor = metric
                yield not_scraped(uid, exposing[0].component, metric)
    for title, metric in row_components.items():
        unless = anchor if title == next((row.title for row in rows), "") else ""
        yield not_scraped(uid, entries(metric)[0].component, metric, row=title, unless=unless)
