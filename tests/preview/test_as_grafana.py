"""Where things are in a real Grafana, as docs/grafana shows."""

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboards_py.preview.fonts import FAMILY, text_width
from dashboards_py.preview.png import to_png
from tests.preview.panels import panel_picture
from tests.preview.svg import TEXT
from tests.preview.test_graphs import corners, graph

RECT = "{http://www.w3.org/2000/svg}rect"
MEASURED = "a picture differs from Grafana at first glance: in its font, its lines, its legends, its tables"


@pytest.mark.fault(MEASURED)
@pytest.mark.parametrize(
    ("text", "size", "weight", "pixels"),
    [
        ("For the owner of a service.", 14, 500, 182),
        ("2026-11-24 17:09:00 to 2026-11-24 18:09:00", 14, 500, 304),
        ("Data source", 12, 500, 70),
    ],
)
def test_texts_are_as_wide_as_in_grafana(text: str, size: float, weight: int, pixels: float) -> None:
    """Within two hundredths of what docs/grafana/hubble-http.png shows, in its font."""
    assert FAMILY == "Inter"
    assert text_width(text, size, weight) == pytest.approx(pixels, rel=0.02)


def label_at(root: ElementTree.Element, text: str) -> ElementTree.Element:
    """The label with a text."""
    return next(element for element in root.iter(TEXT) if element.text == text)


def legend_of(values: dict[str, list[float | None]]) -> ElementTree.Element:
    """A graph with a legend of these series."""
    legend = {"displayMode": "table", "calcs": ["lastNotNull", "max"], "sortBy": "Last *", "sortDesc": True}
    return ElementTree.fromstring(panel_picture("timeseries", options={"legend": legend}, series=values).svg)


@pytest.mark.fault(MEASURED)
@pytest.mark.parametrize(
    ("value", "is_wider"), [(5.0, False), (123_456_789.123, True)], ids=["narrow values", "wide values"]
)
def test_titles_of_a_legend_are_indented(value: float, is_wider: bool) -> None:
    """They begin 30 pixels into their column, which is as wide as its title or its values."""
    root = legend_of({"a": [value, value]})
    title, name = label_at(root, "Max"), label_at(root, "Name")
    assert float(name.get("x", "")) == 16 + 9 + 30  # the margins of the board and of the panel
    last = [element for element in root.iter(TEXT) if element.get("class") == "legend-value"][-1]
    edge, width = float(last.get("x", "")) + 8, text_width(last.text or "", 12) + 16
    needed = 30 + text_width("Max", 12, 500) + 12
    assert (width > needed) == is_wider
    assert float(title.get("x", "")) == pytest.approx(edge - max(width, needed) + 30, abs=0.1)


@pytest.mark.fault(MEASURED)
def test_lines_are_on_whole_pixels() -> None:
    """As uPlot rounds them: a level line of one pixel is not smeared over two, and has two points."""
    level, wave = corners(graph({"lineWidth": 1}, series={"a": [5.0] * 60, "b": [n % 9 / 7 for n in range(60)]}))
    assert len(level) == 2
    assert all(x % 1 == y % 1 == 0.5 for x, y in (*level, *wave))


@pytest.mark.fault(MEASURED)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_rows_of_a_timeline_touch_its_edges(count: int) -> None:
    """A tenth of the height is between them, none above the first and below the last."""
    series: dict[str, list[float | None]] = {f"n{number}": [1.0] * 60 for number in range(count)}
    options = {"legend": {"showLegend": False}}
    root = ElementTree.fromstring(panel_picture("state-timeline", series=series, options=options, size=(12, 12)).svg)
    rows = [
        (float(e.get("y", "")), float(e.get("height", ""))) for e in root.iter(RECT) if e.get("fill-opacity") == "0.7"
    ]
    height = 12 * 38 - 8 - 32 - 2 * 8 - 8 - 21  # of the plot: without title, margins and the axis of time
    bottom = max(y + h for y, h in rows)
    assert len(rows) == count
    assert bottom - rows[0][0] == pytest.approx(height if count > 1 else height * 0.9, abs=9)
    gaps = [below[0] - above[0] - above[1] for above, below in pairwise(rows)]
    assert sum(gaps) == pytest.approx(height * 0.1 if count > 1 else 0, abs=3)


@pytest.mark.fault(MEASURED)
@pytest.mark.parametrize(
    ("links", "weight", "end"), [([{"url": "x"}], "500", 18), ([], None, 6)], ids=["link", "plain"]
)
def test_links_of_a_table_are_heavier_and_farther_left(links: list[Any], weight: str | None, end: float) -> None:
    """See the numbers of hubble-network.png."""
    target = {"format": "table", "instant": True}
    picture = panel_picture("table", target=target, defaults={"links": links}, size=(24, 8))
    cells = [e for e in ElementTree.fromstring(picture.svg).iter(TEXT) if e.get("class") == "cell"]
    numbers = [cell for cell in cells if cell.get("text-anchor") == "end"]
    assert {cell.get("font-weight") for cell in cells} == {weight}
    assert {float(cell.get("x", "")) for cell in numbers} == {1440 - 16 - 9 - end}


def test_the_font_has_each_weight() -> None:
    """A text of another weight is another picture: the files hold all weights, and none is taken for another."""
    start = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30" style="font-family: Inter">'
    pictures = {to_png(f'{start}<text y="20" font-weight="{weight}">Agents</text></svg>') for weight in (400, 500)}
    assert len(pictures) == 2
