"""Grafana's colors, dark and light. Source: @grafana/data, themes/createColors."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colors of a page; `*_opacity` is that of the color named before it."""

    is_dark: bool
    canvas: str
    panel: str
    ink: str
    text: str
    secondary_opacity: float
    weak_border_opacity: float
    medium_border_opacity: float
    link: str
    plot_grid: str
    plot_grid_opacity: float = 0.09
    button_opacity: float = 0.1
    bar_background_opacity: float = 0.05


DARK = Theme(
    is_dark=True,
    canvas="#111217",
    panel="#181b1f",
    ink="#ccccdc",
    text="#ccccdc",
    secondary_opacity=0.65,
    weak_border_opacity=0.12,
    medium_border_opacity=0.2,
    link="#6e9fff",
    plot_grid="#f0faff",
)
LIGHT = Theme(
    is_dark=False,
    canvas="#f4f5f5",
    panel="#ffffff",
    ink="#24292e",
    text="#24292e",
    secondary_opacity=0.75,
    weak_border_opacity=0.12,
    medium_border_opacity=0.3,
    link="#1f62e0",
    plot_grid="#000a17",
    button_opacity=0.08,
)
THEMES = {"dark": DARK, "light": LIGHT}
