"""Colors of heatmaps are those of d3's schemes, in the order in which Grafana takes them."""

import pytest

from dashboards_py.preview.ramps import palette, scheme_color, step_of
from tests.components import require
from tests.panel_data.grafana_data import ask_grafana

NAMES = (
    *("BrBG", "PiYG", "PRGn", "PuOr", "RdBu", "RdGy", "RdYlBu", "RdYlGn", "Spectral"),
    *("Blues", "Greens", "Greys", "Oranges", "Purples", "Reds", "Turbo", "Cividis", "Viridis", "Magma", "Inferno"),
    *("Plasma", "Warm", "Cool", "Cubehelix", "BuGn", "BuPu", "GnBu", "OrRd", "PuBuGn", "PuBu", "PuRd", "RdPu"),
    *("YlGnBu", "YlGn", "YlOrBr", "YlOrRd", "Rainbow", "Sinebow"),
)
COUNT = 24


def distance(first: str, second: str) -> int:
    """The largest difference of two colors' channels."""
    return max(abs(a - b) for a, b in zip(bytes.fromhex(first[1:7]), bytes.fromhex(second[1:7]), strict=True))


@pytest.mark.fault("heatmaps have other colors than in Grafana")
def test_schemes_are_those_of_d3() -> None:
    """Each scheme that Grafana offers, at positions between its colors; a few units of 255 apart at most."""
    require("node")
    in_d3 = ["CubehelixDefault" if name == "Cubehelix" else name for name in NAMES]
    (answers,) = ask_grafana([{"ask": "schemes", "names": in_d3, "count": COUNT}])
    for name, colors in zip(NAMES, answers, strict=True):
        drawn = [scheme_color(name, number / (COUNT - 1)) for number in range(COUNT)]
        far = max(distance(color, other) for color, other in zip(drawn, colors, strict=True))
        assert far <= (6 if name in ("Viridis", "Magma", "Inferno", "Plasma", "Rainbow", "Sinebow") else 2), (name, far)


def test_schemes_of_one_hue_begin_near_the_background() -> None:
    """From dark to light on dark pages; a scheme may be turned round."""
    options = {"scheme": "Oranges", "steps": 9}
    dark, light = palette(options, is_dark=True), palette(options, is_dark=False)
    assert dark == tuple(reversed(light))
    assert dark[0] == ("#7f2704", 1.0)
    assert palette({**options, "reverse": True}, is_dark=True) == light


def test_one_color_gets_denser() -> None:
    """In the mode opacity: by a power of the share, or evenly."""
    options = {"mode": "opacity", "fill": "#ff0000", "steps": 5}
    assert palette(options, is_dark=True) == tuple(("#ff0000", (number / 4) ** 0.5) for number in range(5))
    linear = palette({**options, "scale": "linear"}, is_dark=True)
    assert [opacity for _, opacity in linear] == [0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize(("count", "step"), [(0, 0), (1, 0), (1.9, 0), (3, 2), (5, 3), (9, 3)])
def test_a_count_has_the_color_of_its_share(count: float, step: int) -> None:
    """From the least to the greatest; beyond them the first and the last color."""
    assert step_of(count, 1, 5, 4) == step
