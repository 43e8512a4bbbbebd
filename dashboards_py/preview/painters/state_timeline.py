"""State timeline: for each series a row, colored by its value over time. Source: @grafana/ui, StateTimeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from dashboards_py.panel_data.display import display
from dashboards_py.panel_data.frame import Field, FieldType, Value
from dashboards_py.panel_data.names import field_name
from dashboards_py.preview.axes import BOTTOM, time_axis, time_x
from dashboards_py.preview.event_marks import event_marks
from dashboards_py.preview.fonts import shorten, text_width
from dashboards_py.preview.no_data import no_data
from dashboards_py.preview.numbers import finite, positive
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Box, Element, label, rect

SIZE, LINE_HEIGHT = 12, 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A value from one time until another, in Unix seconds."""

    value: Value
    begin: float
    end: float


def paint(request: Request) -> list[Element]:
    """The rows with their names, above an axis of time."""
    rows = list(_rows(request))
    if not rows:
        return no_data(request)
    names = max(text_width(name, SIZE) for name, _, _ in rows)
    left = min(names + 16, request.box.width * 0.4)
    plot = request.box.inset(left, 8, 8, BOTTOM)
    share = min(positive(request.options, "rowHeight", 0.9), 1.0)
    height = plot.height / len(rows)
    elements = list(time_axis(request.window, plot, request.theme))
    named = max(ceil(SIZE * LINE_HEIGHT / height), 1) if height else 1  # each n-th row has room for its name
    for number, (name, field, states) in enumerate(rows):
        row = Box(plot.x, plot.y + height * number, plot.width, height).inset(0, height * (1 - share) / 2)
        if number % named == 0:
            text, color = shorten(name, left - 12, SIZE), request.theme.text
            elements.append(label(plot.x - 8, row.middle, text, color, size=SIZE, anchor="end", name="name"))
        for state in states:
            elements += _state(request, field, state, row)
    return [*elements, *event_marks(request, plot)]


def _rows(request: Request) -> Iterator[tuple[str, Field, list[State]]]:
    for frame in request.frames:
        times = next((field.values for field in frame.fields if field.type == FieldType.TIME), None)
        for field in frame.fields if times is not None else ():
            if field.type != FieldType.TIME and times is not None:
                yield field_name(field, frame, request.frames), field, _states(times, field.values, request.window.end)


def _states(times: tuple[Value, ...], values: tuple[Value, ...], end: float) -> list[State]:
    """Runs of one value; a gap ends a run."""
    states: list[State] = []
    for index, (time, value) in enumerate(zip(times, values, strict=True)):
        begin = (finite(time) or 0.0) / 1000
        following = times[index + 1] if index + 1 < len(times) else None
        until = (finite(following) or 0.0) / 1000 if following is not None else end
        if states and states[-1].value == value and states[-1].end == begin:
            states[-1] = State(value=value, begin=states[-1].begin, end=until)
        elif value is not None:
            states.append(State(value=value, begin=begin, end=until))
    return states


def _state(request: Request, field: Field, state: State, row: Box) -> list[Element]:
    begin = time_x(max(state.begin, request.window.begin), request.window, row)
    end = time_x(min(state.end, request.window.end), request.window, row)
    if end <= begin:
        return []
    shown = display(field, state.value, dark=request.theme.is_dark)
    box = Box(begin, row.y, end - begin, row.height)
    opacity = finite(field.config.custom.get("fillOpacity"))
    opacity = 0.7 if opacity is None else opacity / 100
    elements = [rect(box, shown.color or request.theme.ink, opacity=opacity)]
    show = request.options.get("showValue", "auto")
    fits = text_width(str(shown), SIZE) < box.width - 4 and box.height >= SIZE
    if show == "always" or (show != "never" and fits):
        elements.append(
            label(box.center, box.middle, str(shown), request.theme.text, size=SIZE, anchor="middle", name="value")
        )
    return elements
