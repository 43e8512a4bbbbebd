"""What a reader cannot read on a board: texts that are cut, columns out of sight, numbers on top of each other."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

from dashboards_py.board import Board, Panel, fields
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.frame import PanelData, Window
from dashboards_py.panel_data.interpolate import Variables
from dashboards_py.panel_data.requests import requests
from dashboards_py.panel_data.source import Source
from dashboards_py.preview.fonts import ELLIPSIS, MEDIUM, REGULAR, text_width
from dashboards_py.preview.grid import grid_items
from dashboards_py.preview.panel_frame import content_box
from dashboards_py.preview.picture import PictureOptions, panel_elements
from dashboards_py.preview.shapes import Box, Clips, document
from tests.preview.svg import TEXT

ALL = ("title", "name", "value", "suffix", "column", "no-data", "legend")  # what must be read at any width
WIDE = ("cell",)  # whole under the pointer, as Grafana shows them; beside a docked menu some are cut, but not the first
SCREEN = 1440
MANY_NAMES = 9  # of a legend
MARGIN = 12  # pixels between the middle of a legend's text and the edge of the panel: less, and it touches the edge
NOTHING = re.compile(r"–|0(\.0+)?( ?[a-z/%]+)?")
HUNDRED = re.compile(r"100( [a-z/]+)?")
NUMBERS = ("value", "suffix", "prefix")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text of a picture: its class, and where it is in pixels."""

    name: str
    text: str
    left: float
    right: float
    middle: float
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """How a board is opened: from a source, at a width, with its values of variables.

    `known` are data of panels by what these ask: the same at other widths, unless there are more points.
    """

    source: Source
    window: Window
    width: int = SCREEN
    chosen: Mapping[str, Sequence[str]] | None = None
    known: dict[tuple[object, ...], PanelData] = field(default_factory=dict)


def faults(board: Board, page: Page, is_drawn: Callable[[Panel], bool] = lambda _: True) -> Iterator[str]:
    """A sentence for each text that cannot be read, on the panels that are drawn."""
    opened: Variables = opening_values(board, page.window, page.source, page.chosen or {}).values
    for item in grid_items(board, page.width, all_rows=True):
        if item.panel is not None and is_drawn(item.panel):
            inner = content_box(item.box, item.panel)
            window = replace(page.window, width=round(inner.width))
            key = (item.panel.id, item.panel.title, *requests(item.panel, window, opened))
            if key not in page.known:
                page.known[key] = panel_data(item.panel, window, opened, page.source)
            for fault in panel_faults(item.panel, page.known[key], item.box, page):
                yield f"{board.uid} / {item.panel.title} at {page.width}: {fault}"


def panel_faults(panel: Panel, data: PanelData, box: Box, page: Page) -> Iterator[str]:
    """The texts of one panel that cannot be read."""
    texts, sentences = panel_texts(panel, data, box, page)
    yield from (sentence for sentence in sentences if "no room" in sentence)
    kinds = ALL + WIDE if page.width >= SCREEN else ALL
    first = min((text.left for text in texts if text.name == "cell"), default=0.0)
    for text in texts:
        is_name = text.name == "cell" and text.left < first + 1  # of what a row is about
        if text.text.endswith(ELLIPSIS) and (text.name in kinds or text.is_number or is_name):
            yield f"{text.name} {text.text!r} is cut"
        elif text.name and (text.left < box.x - 1 or text.right > box.right + 1):
            yield f"{text.name} {text.text!r} is out of the panel"
    yield from _hidden_columns(panel, data, texts)
    yield from _rows_of_nothing(panel, texts)
    yield from _empty_axis(panel, data, texts)
    yield from _triangles(panel, data)
    yield from _hidden_legend(panel, data, box, texts)
    yield from _overlaps([text for text in texts if text.name in ("name", *NUMBERS)])
    if panel.type == "bargauge":
        values = [text for text in texts if text.name == "value"]
        expected = sum(field.type.value == "number" for frame in data.frames for field in frame.fields)
        if len(values) < expected:
            yield f"{len(values)} of {expected} bars are in sight"


def panel_texts(panel: Panel, data: PanelData, box: Box, page: Page) -> tuple[list[Text], tuple[str, ...]]:
    """The texts of a panel, as it is drawn, and what it says of those that it does not draw."""
    options = PictureOptions(window=page.window, width=page.width)
    elements, sentences = panel_elements(panel, data, box, options, Clips())
    svg = document(page.width, round(box.bottom), elements)
    return [_text(element) for element in ElementTree.fromstring(svg).iter(TEXT)], sentences


def _text(element: ElementTree.Element) -> Text:
    size, x = float(element.get("font-size", "14")), float(element.get("x", "0"))
    weight = MEDIUM if element.get("font-weight") else REGULAR
    text, anchor = element.text or "", element.get("text-anchor", "start")
    width = text_width(text, size, weight)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return Text(
        name=element.get("class", ""),
        text=text,
        left=left,
        right=left + width,
        middle=float(element.get("y", "0")) - size * 0.35,
        is_number=element.get("class") == "cell" and anchor == "end",
    )


def _hidden_columns(panel: Panel, data: PanelData, texts: Sequence[Text]) -> Iterator[str]:
    """A table is scrolled to a column that begins beyond its edge: it is not drawn at all."""
    if panel.type == "table" and data.frames and data.frames[0].length:
        shown = sum(text.name == "column" for text in texts)
        columns = sum(not field.config.custom.get("hidden") for field in data.frames[0].fields)
        if shown < columns:
            yield f"{shown} of {columns} columns are in sight"


def _rows_of_nothing(panel: Panel, texts: Sequence[Text]) -> Iterator[str]:
    """A row all of whose numbers are zero or missing says nothing, in a table of what is most or worst."""
    if panel.type != "table" or not any("topk(" in query.expr for query in panel.queries):
        return
    rows: dict[float, list[str]] = {}
    for text in texts:
        if text.is_number:
            rows.setdefault(text.middle, []).append(text.text)
    yield from (f"a row of {row}" for row in rows.values() if all(NOTHING.fullmatch(number) for number in row))


def _empty_axis(panel: Panel, data: PanelData, texts: Sequence[Text]) -> Iterator[str]:
    """Of a level line at zero Grafana draws an axis up to 100, as if that were usual."""
    values = [value for frame in data.frames for field in frame.fields[1:] for value in field.values]
    if (
        panel.type == "timeseries"
        and values
        and not any(values)
        and any(HUNDRED.fullmatch(text.text) for text in texts)
    ):
        yield "an axis up to 100 for nothing"


def _triangles(panel: Panel, data: PanelData) -> Iterator[str]:
    """A line from zero to a single event and back looks as if something had risen and fallen."""
    custom = fields.mapping(panel.raw, "fieldConfig", "defaults", "custom")
    if panel.type != "timeseries" or custom.get("drawStyle") == "bars" or custom.get("lineInterpolation"):
        return
    lines = [field.values for frame in data.frames for field in frame.fields[1:]]
    highest = max((value for line in lines for value in line if isinstance(value, float)), default=0.0)
    for before, value, after in (three for line in lines for three in zip(line, line[1:], line[2:], strict=False)):
        if before == after == 0 and isinstance(value, float) and value > highest / 5:
            yield "a single event is a triangle"
            return


def _hidden_legend(panel: Panel, data: PanelData, box: Box, texts: Sequence[Text]) -> Iterator[str]:
    """A legend is scrolled to the names that have no room; one of many names has room for some."""
    if panel.type == "timeseries" and not any(text.name == "no-data" for text in texts):
        shown = sum(text.name == "legend" and text.middle + MARGIN <= box.bottom for text in texts)
        names = sum(len(frame.fields) - 1 for frame in data.frames)
        if shown < min(names, MANY_NAMES):
            yield f"{shown} of {names} names of the legend are in sight"


def _overlaps(texts: Sequence[Text]) -> Iterator[str]:
    """Neighbours on one line whose texts touch; a number and its unit are one text."""
    for index, first in enumerate(texts):
        for second in texts[index + 1 :]:
            if first.name in NUMBERS and second.name in NUMBERS and abs(first.right - second.left) < 1:
                continue
            apart = min(first.right, second.right) - max(first.left, second.left)
            if apart > 0 and abs(first.middle - second.middle) < 8:
                yield f"{first.text!r} and {second.text!r} overlap"
