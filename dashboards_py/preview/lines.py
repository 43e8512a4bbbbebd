"""The series of a graph, as lines to be drawn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.colors import field_color
from dashboards_py.panel_data.frame import Field
from dashboards_py.panel_data.legend import graph_series, hides
from dashboards_py.preview.numbers import finite
from dashboards_py.preview.painter import Request

Samples = list[tuple[float, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A series to be drawn: `samples` by Unix time, with None for a gap; `base` is what it is stacked on."""

    field: Field
    name: str
    color: str
    samples: Samples
    base: Samples | None = None

    def style(self, name: str, default: object) -> object:
        """An option of the field for this panel type."""
        value = self.field.config.custom.get(name)
        return default if value is None else value

    def group(self, name: str) -> Mapping[str, Any]:
        """An option that is an object; empty if the field has none, or something else."""
        return json_fields.mapping(self.field.config.custom, name)


def graph_lines(request: Request) -> Iterator[Line]:
    """Every series; those hidden in the graph are left out."""
    for name, field, times in graph_series(request.frames):
        if hides(field, "viz"):
            continue
        sign = -1 if field.config.custom.get("transform") == "negative-Y" else 1
        samples = [
            ((finite(time) or 0.0) / 1000, None if number is None else sign * number)
            for time, number in zip(times, map(finite, field.values), strict=True)
        ]
        color = field_color(field, dark=request.theme.is_dark, name=name)
        yield Line(field=field, name=name, color=color, samples=samples)
