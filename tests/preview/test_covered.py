"""Series below the areas of many others: left out where that cannot be seen."""

import random
from functools import reduce
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops

from dashboards_py.preview.png import to_png
from tests.preview.panels import panel_picture

Series = dict[str, list[float | None]]
AREA: dict[str, Any] = {"showPoints": "never", "fillOpacity": 30}
COUNT = 120


def noise(seed: int) -> Series:
    """Series around levels of their own; some have a gap, or a point between two."""
    chance = random.Random(seed)
    levels = [chance.uniform(1, 100) for _ in range(COUNT)]
    series: Series = {
        str(number): [level * chance.uniform(0.9, 1.1) for _ in range(20)] for number, level in enumerate(levels)
    }
    for name, values in list(series.items())[::7]:
        values[5] = values[7 if int(name) % 2 else 9] = None
    return series


def drawn(series: Series, **custom: Any) -> str:
    """The graph, without a legend."""
    options = {"legend": {"showLegend": False}}
    return panel_picture("timeseries", custom={**AREA, **custom}, options=options, series=series).svg


@pytest.fixture
def in_whole(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Each series is drawn."""
    monkeypatch.setattr("dashboards_py.preview.painters.timeseries.seen", lambda lines, *_: list(lines))
    return monkeypatch


@pytest.mark.fault("a graph of thousands of series with areas takes seconds, most of them for what nobody can see")
def test_what_is_left_out_cannot_be_seen(in_whole: pytest.MonkeyPatch) -> None:
    """No channel differs by more than a step, but at the edges of lines, which have half the color of a pixel."""
    complete = drawn(noise(1))
    in_whole.undo()
    fewer = drawn(noise(1))
    counts = [svg.count("<polygon") for svg in (complete, fewer)]
    assert counts[0] > 1.3 * counts[1]
    one, other = (Image.open(BytesIO(to_png(svg))).convert("RGB") for svg in (complete, fewer))
    steps = reduce(ImageChops.lighter, ImageChops.difference(one, other).split()).histogram()
    assert sum(steps[2:]) < 0.0001 * one.width * one.height


@pytest.mark.parametrize(
    "custom",
    [
        {"fillOpacity": 0},
        {"showPoints": "always"},
        {"gradientMode": "opacity"},
        {"drawStyle": "bars"},
        {"stacking": {"mode": "normal"}},
        {"lineInterpolation": "smooth"},
        {"scaleDistribution": {"type": "log", "log": 10}},
    ],
    ids=str,
)
def test_other_graphs_are_drawn_in_whole(in_whole: pytest.MonkeyPatch, custom: dict[str, Any]) -> None:
    """Where an area is none, fades, is stacked, or something is drawn above it."""
    complete = drawn(noise(1), **custom)
    in_whole.undo()
    assert drawn(noise(1), **custom) == complete
