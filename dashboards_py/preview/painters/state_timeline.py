"""State timeline: for each series a row, colored by its value over time. Source: @grafana/ui, StateTimeline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from dashboards_py.panel_data.colors import contrast_text, named_color
from dashboards_py.panel_data.colors.css import parse_color
from dashboards_py.panel_data.display import displayer
from dashboards_py.panel_data.frame import Display, Field, FieldType, Value
from dashboards_py.panel_data.legend import LegendRow, hides
from dashboards_py.panel_data.names import field_name
from dashboards_py.preview import legend
from dashboards_py.preview.axes import BOTTOM, time_axis, time_x
from dashboards_py.preview.event_marks import event_marks
from dashboards_py.preview.fonts import shorten, text_width
from dashboards_py.preview.no_data import no_data
from dashboards_py.preview.numbers import finite, positive
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Anchor, Box, Element, label, polyline, rect
from dashboards_py.preview.zones import zones_of

SIZE, LINE_HEIGHT, TEXT_PADDING = 12, 1.2, 5
PER_PAGE = 20
NAME_GAP = 16  # pixels between names and the plot
ANCHORS: Mapping[str, Anchor] = {"left": "start", "center": "middle", "right": "end"}


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
    per_page = request.options.get("perPage", PER_PAGE)
    if isinstance(per_page, int) and 0 < per_page < len(rows):
        rows = rows[:per_page]  # Grafana has the others on further pages
    legend_rows = tuple(_legend(request, [field for _, field, _ in rows]))
    box, legend_box = legend.split(request, legend_rows)
    names = max(text_width(name, SIZE) for name, _, _ in rows)
    left = min(names + NAME_GAP, box.width * 0.4)
    plot = box.inset(left, 8, 8, BOTTOM)
    share = min(positive(request.options, "rowHeight", 0.9), 1.0)
    height = plot.height * share / len(rows)
    pitch = height + plot.height * (1 - share) / max(len(rows) - 1, 1)  # gaps are between rows only
    elements = list(time_axis(request.window, plot, request.theme, zones_of(request, most=1)))  # Grafana has one too
    named = max(ceil(SIZE * LINE_HEIGHT / pitch), 1) if pitch else 1  # each n-th row has room for its name
    for number, (name, field, states) in enumerate(rows):
        row = Box(plot.x, round(plot.y + pitch * number), plot.width, round(height))
        if number % named == 0:
            text, color = shorten(name, left - NAME_GAP, SIZE), request.theme.text
            elements.append(label(plot.x - NAME_GAP, row.middle, text, color, size=SIZE, anchor="end", name="name"))
        show = displayer(field, dark=request.theme.is_dark, clock=request.clock)
        for state in states:
            elements += _state(request, field, state, show(state.value), row)
    elements += event_marks(request, plot)
    return elements + (legend.paint(request, legend_rows, legend_box) if legend_box else [])


def _legend(request: Request, fields: Sequence[Field]) -> Iterator[LegendRow]:
    """The states with their colors: thresholds if these color them, else each text (getFieldLegendItem)."""
    first, dark = fields[0], request.theme.is_dark
    mode, steps = first.config.color_mode, first.config.steps
    if mode.startswith("continuous"):
        return
    if mode == "thresholds" and len(steps) > 1:
        unit = "%" if first.config.percentage_steps else ""
        show = displayer(first, dark=dark, clock=request.clock)
        for index, step in enumerate(steps):
            limit = steps[1].value if index == 0 else step.value
            text = f"{show(limit)}{unit}"
            name = f"< {text}" if index == 0 else f"{text}+"
            yield LegendRow(name=name, color=named_color(step.color, dark=dark), values=(), field=first)
        return
    colors: dict[str, str] = {}
    for field in fields:
        if not hides(field, "legend"):
            show = displayer(field, dark=dark, clock=request.clock)
            shown = (show(value) for value in dict.fromkeys(field.values))
            colors |= {display.text: display.color for display in shown if display.text and display.color}
    for text, color in colors.items():
        yield LegendRow(name=text, color=color, values=(), field=first)


def _rows(request: Request) -> Iterator[tuple[str, Field, list[State]]]:
    merges = request.options.get("mergeValues") is not False
    for frame in request.frames:
        times = next((field.values for field in frame.fields if field.type == FieldType.TIME), None)
        for field in frame.fields if times is not None else ():
            if field.type != FieldType.TIME and times is not None:
                states = _states(times, field.values, request.window.end, merges=merges)
                yield field_name(field, frame, request.frames), field, states


def _states(times: tuple[Value, ...], values: tuple[Value, ...], end: float, *, merges: bool) -> list[State]:
    """Runs of one value if equal ones are merged; a gap ends a run."""
    states: list[State] = []
    for index, (time, value) in enumerate(zip(times, values, strict=True)):
        begin = (finite(time) or 0.0) / 1000
        following = times[index + 1] if index + 1 < len(times) else None
        until = (finite(following) or 0.0) / 1000 if following is not None else end
        if merges and states and states[-1].value == value and states[-1].end == begin:
            states[-1] = State(value=value, begin=states[-1].begin, end=until)
        elif value is not None:
            states.append(State(value=value, begin=begin, end=until))
    return states


def _state(request: Request, field: Field, state: State, shown: Display, row: Box) -> list[Element]:
    begin = round(time_x(max(state.begin, request.window.begin), request.window, row))
    end = round(time_x(min(state.end, request.window.end), request.window, row))
    if end <= begin:
        return []
    box = Box(begin, row.y, end - begin, row.height)
    opacity = finite(field.config.custom.get("fillOpacity"))
    opacity = 0.7 if opacity is None else opacity / 100
    color = shown.color or request.theme.ink
    elements = [rect(box, color, opacity=opacity)]
    if border := min(positive(field.config.custom, "lineWidth", 0), 10):
        corners = [(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom), (box.x, box.y)]
        elements.append(polyline(corners, color, width=border))
    show = request.options.get("showValue", "auto")
    fits = text_width(str(shown), SIZE) + 2 * TEXT_PADDING < box.width and box.height >= SIZE
    if show == "always" or (show != "never" and fits):
        align = str(request.options.get("alignValue") or "left")
        x = {"center": box.center, "right": box.right - TEXT_PADDING}.get(align, box.x + TEXT_PADDING)
        fill = str(replace(parse_color(color), opacity=opacity))
        text = contrast_text(fill, dark=request.theme.is_dark)
        anchor = ANCHORS.get(align, "start")
        elements.append(label(x, box.middle, str(shown), text, size=SIZE, anchor=anchor, name="value"))
    return elements
