"""Boards as values: the representation that all tools of this package work on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Query:
    """One target of a panel. `datasource` is its uid or name as written (None: the panel's).

    `expr` is PromQL, empty if the data source has another query language.
    """

    ref: str
    expr: str
    legend: str = ""
    instant: bool = False
    format: str = "time_series"
    datasource: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a board or a panel; `tags` is set for a link to boards by tag."""

    title: str
    url: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A threshold: `color` applies from `value` upwards (None: the lowest)."""

    value: float | None
    color: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel. x, y, w, h are in grid units (1/24 of the width, 30 px); `raw` is its JSON.

    A panel that only refers to a library panel has type "library-panel" and the library panel's name as `library`.
    """

    id: int | None
    title: str
    type: str
    description: str = ""
    unit: str = ""
    x: int = 0
    y: int = 0
    w: int = 0
    h: int = 0
    datasource: str | None = None
    queries: tuple[Query, ...] = ()
    links: tuple[Link, ...] = ()
    thresholds: tuple[Step, ...] = ()
    no_value: str = ""
    library: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under one heading; panels above the first heading are in a row without a title."""

    title: str
    collapsed: bool
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable; `query` is the text of its query in any of Grafana's formats."""

    name: str
    type: str
    query: str = ""
    label: str = ""
    datasource: str | None = None
    multi: bool = False
    include_all: bool = False
    all_value: str = ""
    regex: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Annotation:
    """A query that marks points in time; `expr` is empty for Grafana's built-in annotations. `raw` is its JSON."""

    name: str
    expr: str = ""
    datasource: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Board:
    """A classic Grafana board. `inputs` are the names of an exported board's `__inputs`; `raw` is its JSON.

    `notes` are sentences about anomalies in the JSON, such as duplicate keys or `panels: null`. `quoted_size` is the
    number of bytes of its text as a string in JSON, 0 if it was not read from a text.
    """

    uid: str
    title: str
    tags: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)
    quoted_size: int = field(default=0, compare=False)
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels, in reading order."""
        return tuple(panel for row in self.rows for panel in row.panels)

    def queries(self) -> Iterator[tuple[Panel, Query]]:
        """Each query with its panel."""
        return ((panel, query) for panel in self.panels for query in panel.queries)
