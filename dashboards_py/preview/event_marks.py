"""Events in a graph: lines, and areas for those that last. Source: @grafana/ui, annotations of GraphNG."""

from collections.abc import Iterator

from dashboards_py.panel_data.colors import named_color
from dashboards_py.preview.axes import time_x
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Box, Element, polygon, polyline, rect

MARK = 5  # half the width of the triangle on the axis, and its height


def event_marks(request: Request, plot: Box) -> Iterator[Element]:
    """The events within the range of time, each with a mark on the axis."""
    for event in request.events:
        begin, end = (time_x(moment, request.window, plot) for moment in (event.begin, event.end))
        if end < plot.x or begin > plot.right:
            continue
        color = named_color(event.color, dark=request.theme.is_dark)
        yield polyline([(begin, plot.y), (begin, plot.bottom)], color, dashes=(3, 3))
        if end - begin >= 1:
            yield rect(Box(begin, plot.y, end - begin, plot.height), color, opacity=0.1)
            yield polyline([(end, plot.y), (end, plot.bottom)], color, dashes=(3, 3))
            yield rect(Box(begin, plot.bottom, end - begin, MARK), color)
        else:
            corners = [(begin, plot.bottom), (begin - MARK, plot.bottom + MARK), (begin + MARK, plot.bottom + MARK)]
            yield polygon(corners, color, 1)
