"""Heatmaps of what is no histogram. Source: prepareHeatmapData in Grafana's panel/heatmap/fields.ts."""

from xml.etree import ElementTree

import pytest

from dashboards_py.panel_data import Series
from dashboards_py.panel_data.read import panel_data
from dashboards_py.panel_data.source import Bucket, NativeHistogram
from dashboards_py.preview.picture import PictureOptions, panel_elements
from dashboards_py.preview.shapes import Box, Clips, document
from tests.panel_data.known_series import Known, panel
from tests.preview.panels import WINDOW, panel_picture
from tests.preview.svg import TEXT

LONG = "a-name-of-a-series-that-is-longer-than-its-panel-is-wide" * 3


def ticks(series: dict[str, list[float | None]]) -> list[str]:
    """The names of the rows, from below."""
    return ticks_of(panel_picture("heatmap", series=series).svg)


def ticks_of(svg: str) -> list[str]:
    """The texts of the axis of values, from below."""
    root = ElementTree.fromstring(svg)
    drawn = [element for element in root.iter(TEXT) if element.get("class") == "tick" and element.get("text-anchor")]
    names = [element for element in drawn if element.get("text-anchor") == "end"]
    return [element.text or "" for element in sorted(names, key=lambda one: -float(one.get("y", "0")))]


@pytest.mark.fault("a heatmap of series that are no buckets is empty, without a word")
@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["b", "a"], ["b", "a"]),
        (["100", "20", "3"], ["3", "20", "100"]),
        (["one"], ["one"]),
    ],
    ids=["in the order of the answer", "numbers by size", "one"],
)
def test_each_series_is_a_row(names: list[str], rows: list[str]) -> None:
    """With its name at the middle; where all names are numbers, these are sorted."""
    assert ticks({name: [1.0, 2.0, None, 3.0] for name in names}) == rows


def test_a_long_name_leaves_room_for_the_cells() -> None:
    """It is cut."""
    (name,) = ticks({LONG: [1.0] * 60})
    assert name.endswith("…")
    assert 20 < len(name) < 60


@pytest.mark.fault("of a histogram that is native since an hour ago the picture has the part before that")
def test_of_buckets_of_both_kinds_the_native_ones_are_drawn() -> None:
    """As Grafana draws them: the first frame of cells, and no rows."""
    native = NativeHistogram(count=5, sum=5, buckets=(Bucket(1, 10, 5),))
    times = [WINDOW.begin + 60 * number for number in range(60)]
    both = Known(
        lambda _, __: (
            Series({}, tuple((time, native) for time in times[30:])),
            *(Series({"le": le}, tuple((time, 1.0) for time in times[:30])) for le in ("0.5", "77")),
        )
    )
    heatmap = panel({"expr": "x", "format": "heatmap", "legendFormat": "{{le}}"}, type="heatmap")
    data = panel_data(heatmap, WINDOW, {}, both)
    assert {frame.kind for frame in data.frames} == {"heatmap-cells", "heatmap-rows"}
    box = Box(0, 0, 700, 300)
    elements, _ = panel_elements(heatmap, data, box, PictureOptions(window=WINDOW), Clips())
    assert "77" not in ticks_of(document(700, 300, elements))
