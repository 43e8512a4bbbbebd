"""Grafana's named colors and palettes, and the names of CSS.

Sources: @grafana/data, themes/createVisualizationColors.ts and createColors.ts; tinycolor2; d3-scale-chromatic.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_DATA: Mapping[str, Any] = json.loads(
    files("dashboards_py.panel_data.colors").joinpath("colors.json").read_text(encoding="utf-8")
)
# Names of a theme: the hues in five shades, panel-bg, text, transparent.
DARK: Mapping[str, str] = _DATA["dark"]
LIGHT: Mapping[str, str] = _DATA["light"]
CSS: Mapping[str, str] = _DATA["css"]
# What series get one after the other, names of a theme among them.
PALETTE: tuple[str, ...] = tuple(_DATA["palette"])
# 256 colors from the lowest value to the highest, by the id of the color mode.
RAMPS: Mapping[str, tuple[str, ...]] = {
    mode: tuple(f"#{digits[start : start + 6]}" for start in range(0, len(digits), 6))
    for mode, digits in _DATA["ramps"].items()
}
FALLBACK = "#808080"
