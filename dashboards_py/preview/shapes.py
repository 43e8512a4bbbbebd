"""Boxes, and the few SVG elements that everything is drawn with. Lengths are in pixels."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from itertools import chain, count
from typing import Literal

import svg

from dashboards_py.preview.fonts import FAMILY, LETTER_SPACING, MEDIUM, MONOSPACE, REGULAR, collapsed

CAP_HEIGHT = 0.727  # of the size: the height of Inter's capitals
# Grafana's files of Inter are of one optical size: large texts have the shapes of small ones.
STYLE = (
    f"font-family: {FAMILY}, Helvetica, Arial, sans-serif; letter-spacing: {LETTER_SPACING}px; "
    "font-variation-settings: 'opsz' 14"
)
WEIGHTS: Mapping[int, Literal["500"]] = {MEDIUM: "500"}
Anchor = Literal["start", "middle", "end"]
Element = svg.Element


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """The vertical middle."""
        return self.y + self.height / 2

    @property
    def center(self) -> float:
        """The horizontal middle."""
        return self.x + self.width / 2

    def inset(self, left: float, top: float, right: float | None = None, bottom: float | None = None) -> "Box":
        """The box without a margin; right and bottom are as left and top unless given."""
        right, bottom = left if right is None else right, top if bottom is None else bottom
        width, height = max(self.width - left - right, 0), max(self.height - top - bottom, 0)
        return Box(self.x + left, self.y + top, width, height)

    def top_part(self, height: float) -> "Box":
        """The upper part of this height."""
        return replace(self, height=min(height, self.height))

    def below(self, height: float) -> "Box":
        """What is below the upper part of this height."""
        height = min(height, self.height)
        return Box(self.x, self.y + height, self.width, self.height - height)


FARTHEST, SHORT = 1e6, 1e5  # pixels: what is farther out is not seen; up to here six digits are exact enough
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|rgba?\([0-9., %]+\)|[a-z]+|url\(#gradient[0-9]+\)")


def number(value: float) -> float:
    """A coordinate: two decimals, so that a picture is small and the same everywhere; never infinite."""
    if not math.isfinite(value):
        value = 0.0 if value != value else math.copysign(FARTHEST, value)
    rounded = round(min(max(value, -FARTHEST), FARTHEST), 2)
    return int(rounded) if rounded == int(rounded) else rounded


@cache  # of a board's few colors; each series asks for its own
def color_text(color: str) -> str:
    """The color or gradient, or gray if a board has something else in its place."""
    return color if _COLOR.fullmatch(color) else "#808080"


def rect(box: Box, fill: str, *, opacity: float | None = None, radius: float = 0) -> Element:
    """A filled rectangle."""
    return svg.Rect(
        x=number(box.x),
        y=number(box.y),
        width=number(box.width),
        height=number(box.height),
        fill=color_text(fill),
        fill_opacity=opacity,
        rx=radius or None,
    )


def frame(box: Box, stroke: str, *, opacity: float = 1, fill: str = "none", radius: float = 2) -> Element:
    """A rectangle with a border of one pixel within the box."""
    return svg.Rect(
        x=number(box.x + 0.5),
        y=number(box.y + 0.5),
        width=number(box.width - 1),
        height=number(box.height - 1),
        fill=color_text(fill),
        stroke=color_text(stroke),
        stroke_opacity=opacity,
        rx=radius,
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, opacity: float = 1, width: float = 1) -> Element:
    """A straight line."""
    return svg.Line(
        x1=number(x1),
        y1=number(y1),
        x2=number(x2),
        y2=number(y2),
        stroke=color_text(stroke),
        stroke_opacity=opacity,
        stroke_width=width,
    )


Segment = tuple[float, float, float, float]


def lines(segments: Sequence[Segment], stroke: str, opacity: float) -> list[Element]:
    """Straight lines of one look as one element; nothing without any. Each is from one point to another."""
    path = "".join(f"M{number(x1)},{number(y1)}L{number(x2)},{number(y2)}" for x1, y1, x2, y2 in segments)
    return [svg.Path(stroke=color_text(stroke), stroke_opacity=opacity, extra={"d": path})] if path else []


def label(
    x: float,
    middle: float,
    text: str,
    color: str,
    *,
    size: float = 14,
    weight: int = REGULAR,
    anchor: Anchor = "start",
    opacity: float | None = None,
    name: str | None = None,
    decoration: Literal["underline", "line-through"] | None = None,
    is_italic: bool = False,
    is_code: bool = False,
    turned: float = 0,
) -> Element:
    """One line of text whose capitals are centered on `middle`; `name` is a class by which a test finds it.

    `decoration` is "underline" or "line-through", `turned` the angle in degrees by which it is turned there.
    """
    return svg.Text(
        x=number(x),
        y=number(middle + size * CAP_HEIGHT / 2),
        text=printable(text if is_code else collapsed(text)),
        fill=color_text(color),
        fill_opacity=opacity,
        font_size=number(size),
        font_weight=WEIGHTS.get(weight),
        text_anchor=anchor if anchor != "start" else None,
        class_=[name] if name else None,
        text_decoration=decoration,
        font_style="italic" if is_italic else None,
        font_family=f"{MONOSPACE}, monospace" if is_code else None,
        transform=[svg.Rotate(turned, number(x), number(middle))] if turned else None,
    )


def printable(text: str) -> str:
    """The text on one line, escaped, without characters that XML cannot carry."""
    return escape("".join(character if character.isprintable() else " " for character in text), quote=False)


def _points_text(points: Sequence[tuple[float, float]]) -> str:
    """Points as an attribute, written at once: a board may have a million of them."""
    if all(-SHORT < x < SHORT and -SHORT < y < SHORT for x, y in points):
        return " ".join(["%g,%g"] * len(points)) % tuple(chain.from_iterable(points))
    return " ".join([f"{number(x)},{number(y)}" for x, y in points])


def polyline(
    points: list[tuple[float, float]],
    stroke: str,
    *,
    width: float = 1,
    dashes: Sequence[float] = (),
    is_round: bool = False,
    opacity: float | None = None,
) -> Element:
    """A line through points; `dashes` are the lengths of strokes and gaps, whose ends may be round."""
    return svg.Polyline(
        extra={"points": _points_text(points)},
        fill="none",
        stroke=color_text(stroke),
        stroke_width=width,
        stroke_opacity=opacity,
        stroke_dasharray=[number(dash) for dash in dashes] or None,
        stroke_linejoin="round",
        stroke_linecap="round" if is_round else None,
    )


def polygon(points: list[tuple[float, float]], fill: str, opacity: float, *, is_smooth: bool = True) -> Element:
    """A filled area; one whose edge has a line on it needs not be smooth, which takes half the time."""
    return svg.Polygon(
        extra={"points": _points_text(points)},
        fill=color_text(fill),
        fill_opacity=number(opacity),
        shape_rendering=None if is_smooth else "crispEdges",
    )


def boxes(
    shapes: Sequence[tuple[float, float, float, float]], fill: str, opacity: float, stroke: str, width: float
) -> Element:
    """Many rectangles (x, y, width, height) of one look as one element, with a border unless its width is 0."""
    edges = [(x, y, w, h, -w) for x, y, w, h in shapes]
    if all(min(box) > -SHORT and max(box) < SHORT for box in edges):
        path = "".join(["M%g,%gh%gv%gh%gz"] * len(edges)) % tuple(chain.from_iterable(edges))
    else:
        path = "".join("M{},{}h{}v{}h{}z".format(*map(number, box)) for box in edges)
    return svg.Path(
        fill=color_text(fill),
        fill_opacity=number(opacity),
        stroke=color_text(stroke) if width else None,
        stroke_width=width or None,
        extra={"d": path},
    )


@dataclass(frozen=True, slots=True)
class Stop:
    """A color of a gradient at an offset from 0 to 1."""

    offset: float
    color: str
    opacity: float


class Clips:
    """Clip paths and gradients, each with an id of its own in one picture."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def clipped(self, box: Box, elements: list[Element], *, leaves: bool = True) -> Element:
        """The elements, drawn only within the box; without a clip path, which takes time, if none `leaves` it."""
        if not leaves:
            return svg.G(elements=elements, class_=["within"])
        name = f"clip{next(self._numbers)}"
        return svg.G(
            elements=[
                svg.ClipPath(id=name, elements=[rect(box, "#000")]),
                svg.G(clip_path=f"url(#{name})", elements=elements),
            ]
        )

    def gradient(
        self, begin: tuple[float, float], end: tuple[float, float], stops: Sequence[Stop]
    ) -> tuple[Element, str]:
        """A gradient from one point to another, and the name to paint with it."""
        name = f"gradient{next(self._numbers)}"
        element = svg.LinearGradient(
            id=name,
            gradientUnits="userSpaceOnUse",
            x1=number(begin[0]),
            y1=number(begin[1]),
            x2=number(end[0]),
            y2=number(end[1]),
            elements=[
                svg.Stop(
                    offset=round(stop.offset, 4) if math.isfinite(stop.offset) else 0,
                    stop_color=color_text(stop.color),
                    stop_opacity=number(stop.opacity),
                )
                for stop in stops
            ],
        )
        return element, f"url(#{name})"


def document(width: float, height: float, elements: Iterable[Element | str], *, top: float = 0) -> str:
    """A whole SVG picture, or a part of one from `top` on; elements may be written already."""
    empty = str(
        svg.SVG(
            width=number(width),
            height=number(height),
            viewBox=svg.ViewBoxSpec(0, number(top), number(width), number(height)),
            style=STYLE,
            extra={"xml:space": "preserve"},  # a suffix begins with a space
        )
    )
    return f"{empty.removesuffix('/>')}>{''.join(map(str, elements))}</svg>"
