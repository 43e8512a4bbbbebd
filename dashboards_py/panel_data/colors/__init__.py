"""Colors of values and series, as Grafana chooses them."""

from dashboards_py.panel_data.colors.modes import Scale, field_color, scale
from dashboards_py.panel_data.colors.named import contrast, contrast_text, named_color, text_color

__all__ = ["Scale", "contrast", "contrast_text", "field_color", "named_color", "scale", "text_color"]
