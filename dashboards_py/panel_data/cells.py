"""Cells of a table: their texts, where these stand, and their colors.

Source: @grafana/ui, Table/TableNG/utils.ts (getAlignment, getCellOptions, getCellColorInlineStyles).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.panel_data.colors import text_color
from dashboards_py.panel_data.display import displayer
from dashboards_py.panel_data.frame import Display, Field, FieldType, Value
from dashboards_py.panel_data.units import UTC_CLOCK, Clock

TEXTS = ("auto", "color-text", "color-background")
_GAUGES = ("gradient-gauge", "lcd-gauge", "basic")
_BACKGROUNDS = {"color-background": "gradient", "color-background-solid": "basic"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value in a table. `color` is that of its text and `background` that behind it, "" for the table's own.

    `align` is left, center or right; `kind` is Grafana's id (auto, color-text, color-background, gauge).
    """

    display: Display
    align: str
    kind: str
    color: str = ""
    background: str = ""


def cell(field: Field, value: Value, *, dark: bool, clock: Clock = UTC_CLOCK) -> Cell:
    """A value of a field as a table shows it. For many of one field, `cells_of` is faster."""
    return cells_of(field, dark=dark, clock=clock)(value)


def cells_of(field: Field, *, dark: bool, clock: Clock = UTC_CLOCK) -> Callable[[Value], Cell]:
    """What makes of each value of a field a cell."""
    kind = cell_options(field).get("type")
    kind = kind if isinstance(kind, str) else "auto"
    align, show = _alignment(field, kind), displayer(field, dark=dark, clock=clock)

    def make(value: Value) -> Cell:
        shown = show(value)
        if kind == "color-text":
            return Cell(display=shown, align=align, kind=kind, color=shown.color)
        if kind == "color-background":
            color = text_color(shown.color, dark=dark)
            return Cell(display=shown, align=align, kind=kind, color=color, background=shown.color)
        return Cell(display=shown, align=align, kind=kind)

    return make


def cell_options(field: Field) -> Mapping[str, Any]:
    """How a field's cells are drawn (`custom.cellOptions`); older boards have one word for it."""
    custom = field.config.custom
    old, options = custom.get("displayMode"), custom.get("cellOptions")
    if isinstance(old, str) and old:
        if old in _GAUGES:
            return {"type": "gauge", "mode": old.removesuffix("-gauge")}
        if old in _BACKGROUNDS:
            return {"type": "color-background", "mode": _BACKGROUNDS[old]}
        return {"type": "auto" if old == "custom" else old}
    return options if isinstance(options, Mapping) else {"type": "auto"}


def _alignment(field: Field, kind: str) -> str:
    align = field.config.custom.get("align")
    if align in ("left", "center", "right"):
        return str(align)
    return "right" if kind in TEXTS and field.type is FieldType.NUMBER else "left"
