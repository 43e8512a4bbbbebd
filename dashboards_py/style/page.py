"""The page around the panels: tags, time range, links between boards, annotations, and rows."""

from collections.abc import Sequence
from typing import Any

import attr
from grafanalib.core import Annotations, Dashboard, DashboardLink, Panel, RowPanel, Template, Templating, Text, Time

from dashboards_py.style.variables import SOURCE, datasource

SCHEMA_VERSION = 41  # the newest classic schema that Grafana 12.2 converts; 11 to 13 read it

CROSSHAIR = 1


@attr.s
class Board(Dashboard):  # type: ignore[misc]
    """A grafanalib dashboard that also says its Grafana folder and which grafana.com boards it replaces."""

    folder: str = attr.ib(default="Cilium")
    replaces: tuple[int, ...] = attr.ib(default=())


def annotation(name: str, expr: str, text: str, *, colour: str, step: str = "") -> dict[str, Any]:
    """Mark points in time on every graph: where `expr` has a value, with `text` as its words."""
    found: dict[str, Any] = {
        "name": name,
        "datasource": SOURCE,
        "enable": True,
        "hide": True,
        "iconColor": colour,
        "expr": expr,
        "titleFormat": text,
    }
    return found | ({"step": step} if step else {})


AGENT_ANNOTATIONS = (
    annotation(
        "Cilium version",
        "count by (cluster, version) (cilium_version) unless count by (cluster, version) (cilium_version offset 10m)",
        "{{version}} appears",
        colour="blue",
        step="120s",
    ),
    annotation(
        "Agent restarts",
        "count by (cluster) (time() - cilium_process_start_time_seconds < 60)",
        "{{cluster}}: agents started",
        colour="orange",
        step="60s",
    ),
)


def row(title: str, *panels: Panel, closed: bool = False, no_value: str = "") -> RowPanel:
    """Panels under one heading. What a reader pays for on opening stands in open rows; detail is `closed`.

    `no_value` is what the row's panels show without data unless they say so themselves: which feature is off.
    """
    for panel in panels if no_value else ():
        defaults = panel.extraJson["fieldConfig"]["defaults"] if panel.extraJson else {}
        defaults.setdefault("noValue", no_value)
    return RowPanel(title=title, panels=list(panels), collapsed=closed)


def dashboard(
    *,
    uid: str,
    title: str,
    about: str,
    variables: Sequence[Template],
    rows: Sequence[RowPanel],
    folder: str = "Cilium",
    replaces: tuple[int, ...] = (),
    annotations: Sequence[dict[str, Any]] = AGENT_ANNOTATIONS,
    tags: Sequence[str] = (),
) -> Board:
    """A board: `about` (markdown: its reader and questions) stands under the title, then the rows."""
    lead = Text(title="", content=about, transparent=True, extraJson={"beside": {"w": 24, "h": 2}})
    return Board(  # type: ignore[call-arg]  # attrs adds grafanalib's own arguments
        uid=uid,
        title=title,
        folder=folder,
        replaces=replaces,
        tags=["cilium", *tags],
        schemaVersion=SCHEMA_VERSION,
        graphTooltip=CROSSHAIR,
        refresh="1m",
        timezone="browser",
        time=Time("now-1h", "now"),
        links=[DashboardLink(title="Cilium boards", tags=["cilium"], asDropdown=True, includeVars=True, keepTime=True)],
        annotations=Annotations(list=list(annotations)),
        templating=Templating(list=[datasource(), *variables]),
        panels=[lead, *rows],
    )
