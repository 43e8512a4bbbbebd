"""A panel without data."""

from dashboards_py.preview.fonts import shorten
from dashboards_py.preview.painter import Request
from dashboards_py.preview.shapes import Element, label

SIZE = 18


def no_data(request: Request) -> list[Element]:
    """The text that the panel has for it, otherwise Grafana's."""
    text = request.panel.no_value or "No data"
    box, theme = request.box, request.theme
    return [
        label(
            box.center,
            box.middle,
            shorten(text, box.width, SIZE),
            theme.text,
            size=SIZE,
            anchor="middle",
            opacity=theme.secondary_opacity,
            name="no-data",
        )
    ]
