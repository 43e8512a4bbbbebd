"""Events that a board marks in its graphs. Source: Grafana's Prometheus data source, processAnnotationResponse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.board import Annotation, Board
from dashboards_py.board import fields as json_fields
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import Variables, interpolate, range_macros, step_macros
from dashboards_py.panel_data.requests import source_in_words
from dashboards_py.panel_data.source import Source
from dashboards_py.panel_data.steps import grid, resolution

STEP = "60s"  # unless the annotation has its own
POINTS = 100  # of an annotation's query


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a graph marks from `begin` to `end` (Unix seconds, equal for a moment); `color` as the board names it.

    `filter` is the annotation's: the ids of the panels that show it, or with `exclude` of those that do not.
    """

    name: str
    begin: float
    end: float
    color: str
    filter: Mapping[str, Any] | None = None

    def is_on(self, panel_id: int | None) -> bool:
        """Whether a panel shows it.

        Source: filterAnnotations in packages/scenes/src/querying/layers/annotations of @grafana/scenes, which gives
        each panel its annotations: with `exclude` not those that list its id, otherwise only these.
        """
        if self.filter is None:
            return True
        ids = self.filter.get("ids")
        return (isinstance(ids, list) and panel_id in ids) != (self.filter.get("exclude") is True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """The events of a board, and in `problems` a sentence for each annotation that could not be asked."""

    events: tuple[Event, ...]
    problems: tuple[str, ...] = ()


def board_events(board: Board, window: Window, variables: Variables, source: Source) -> Events:
    """Ask for the board's annotations that are on. What every board has of Grafana itself is left out."""
    events: list[Event] = []
    problems = []
    for annotation in board.annotations:
        if annotation.raw.get("enable") is False or annotation.raw.get("builtIn"):
            continue
        if other := source_in_words(annotation.raw.get("datasource")):
            problems.append(f"annotation {annotation.name} is not asked: it reads {other}")
        elif annotation.expr.strip():
            try:
                events += _events(annotation, window, variables, source)
            except DashboardsError as error:
                problems.append(f"annotation {annotation.name}: {error.cause or error.what}")
    return Events(events=tuple(events), problems=tuple(problems))


def _events(annotation: Annotation, window: Window, variables: Variables, source: Source) -> Iterator[Event]:
    """A run of samples that are not zero is one event."""
    finely = resolution(window, points=POINTS, query_interval=json_fields.text(annotation.raw, "step") or STEP)
    step = finely.step / 1000
    begin, end = grid(window.begin, window.end, step)
    expr = interpolate(annotation.expr, {**variables, **range_macros(window), **step_macros(finely)}, "promql")
    color = json_fields.text(annotation.raw, "iconColor") or "blue"
    of_panels = annotation.raw.get("filter")
    panels = of_panels if isinstance(of_panels, Mapping) else None
    for series in source.range(expr, begin, end, step):
        first = last = None
        for moment, value in series.samples:
            if value == 0 or value != value:
                continue
            if last is not None and first is not None and moment > last + step:
                yield Event(name=annotation.name, begin=first, end=last, color=color, filter=panels)
                first = moment
            first, last = (moment if first is None else first), moment
        if first is not None and last is not None:
            yield Event(name=annotation.name, begin=first, end=last, color=color, filter=panels)
