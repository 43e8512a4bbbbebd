"""A board and its rows."""

from dataclasses import dataclass

from dashboards_py.model.panel import Panel
from dashboards_py.model.variable import Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Points in time, marked on every graph: where `expr` has a value, with `text` as its words.

    `step` is how often it is asked for ("60s"; "": as Grafana sees fit).
    """

    name: str
    expr: str
    text: str
    color: str
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panels under one heading. What a reader pays for on opening stands in open rows; detail is `collapsed`."""

    title: str
    panels: tuple[Panel, ...]
    collapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """A board. `about` (markdown: its reader and questions) stands under the title, then the rows.

    `folder` is Grafana's; `replaces` are ids of grafana.com.
    """

    uid: str
    title: str
    about: str
    variables: tuple[Variable, ...]
    rows: tuple[Row, ...]
    annotations: tuple[Annotation, ...] = ()
    tags: tuple[str, ...] = ()
    folder: str = "Cilium"
    replaces: tuple[int, ...] = ()
