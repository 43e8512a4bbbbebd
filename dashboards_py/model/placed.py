"""A board with the ids, positions and link URLs that Grafana needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboards_py.model.dashboard import Annotation
from dashboards_py.model.link import UrlLink
from dashboards_py.model.panel import Panel
from dashboards_py.model.variable import Variable


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in Grafana's grid, in grid units (1/24 of the width, 30 px of height)."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPanel:
    """A panel with its id and box, and its links: in its header, on its values, and in columns of a table."""

    panel: Panel
    id: int
    box: Box
    header_links: tuple[UrlLink, ...] = ()
    value_links: tuple[UrlLink, ...] = ()
    column_links: Mapping[str, tuple[UrlLink, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRow:
    """A row with its id and box."""

    title: str
    id: int
    box: Box
    collapsed: bool
    panels: tuple[PlacedPanel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedDashboard:
    """A board. Its text `about` is Grafana's description of the board, and `menu` has links for its top."""

    uid: str
    title: str
    about: str
    variables: tuple[Variable, ...]
    annotations: tuple[Annotation, ...]
    tags: tuple[str, ...]
    refresh: str
    menu: tuple[UrlLink, ...] = ()
    rows: tuple[PlacedRow, ...]
