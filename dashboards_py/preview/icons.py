"""The signs on Grafana's controls, each drawn around its middle."""

from collections.abc import Iterator, Mapping

import svg

from dashboards_py.preview.shapes import Element, line, number, polyline

STROKE = 1.5  # of lines
ANGLES: Mapping[str, tuple[float, float, float, float, float, float]] = {
    "down": (-3, -1.5, 0, 1.5, 3, -1.5),
    "left": (1.5, -3, -1.5, 0, 1.5, 3),
    "right": (-1.5, -3, 1.5, 0, -1.5, 3),
}


def chevron(x: float, middle: float, color: str, *, turned: str = "down") -> Iterator[Element]:
    """An angle that opens a menu, or with `turned` left or right one that moves the range of time."""
    x1, y1, x2, y2, x3, y3 = ANGLES[turned]
    yield polyline([(x + x1, middle + y1), (x + x2, middle + y2), (x + x3, middle + y3)], color, width=STROKE)


def cross(
    x: float, middle: float, color: str, *, size: float = 3.5, opacity: float = 1, width: float = 1.2
) -> Iterator[Element]:
    """The sign that removes a value."""
    yield line(x - size, middle - size, x + size, middle + size, color, opacity=opacity, width=width)
    yield line(x - size, middle + size, x + size, middle - size, color, opacity=opacity, width=width)


def bars(x: float, middle: float, color: str) -> Iterator[Element]:
    """A menu."""
    for offset in (-4, 0, 4):
        yield line(x - 6, middle + offset, x + 6, middle + offset, color, width=STROKE)


def clock(x: float, middle: float, color: str) -> Iterator[Element]:
    """A range of time."""
    yield _circle(x, middle, 6.5, color)
    yield polyline([(x, middle - 4), (x, middle), (x + 2.5, middle)], color, width=STROKE)


def magnifier(x: float, middle: float, color: str) -> Iterator[Element]:
    """A longer range of time."""
    yield _circle(x - 1, middle - 1, 5.5, color)
    yield line(x - 3.5, middle - 1, x + 1.5, middle - 1, color, width=STROKE)
    yield line(x + 3, middle + 3, x + 6.5, middle + 6.5, color, width=STROKE)


def circling(x: float, middle: float, color: str) -> Iterator[Element]:
    """A refresh: two arrows in a circle."""
    yield svg.Path(
        d=[
            svg.M(number(x - 6), number(middle - 0.5)),
            svg.Arc(6, 6, 0, False, True, number(x + 5), number(middle - 3.5)),
            svg.M(number(x + 6), number(middle + 0.5)),
            svg.Arc(6, 6, 0, False, True, number(x - 5), number(middle + 3.5)),
        ],
        fill="none",
        stroke=color,
        stroke_width=STROKE,
    )
    yield polyline([(x + 5, middle - 7), (x + 5, middle - 3.5), (x + 1.5, middle - 3.5)], color, width=STROKE)
    yield polyline([(x - 5, middle + 7), (x - 5, middle + 3.5), (x - 1.5, middle + 3.5)], color, width=STROKE)


def _circle(x: float, middle: float, radius: float, color: str) -> Element:
    return svg.Circle(cx=number(x), cy=number(middle), r=radius, fill="none", stroke=color, stroke_width=STROKE)
