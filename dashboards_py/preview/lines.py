"""The series of a graph, as lines to be drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.colors import field_color
from dashboards_py.panel_data.frame import Field, Value, Window, are_finite
from dashboards_py.panel_data.legend import graph_series, hides
from dashboards_py.preview.numbers import LARGEST, finite, is_huge
from dashboards_py.preview.painter import Request

Samples = list[tuple[float, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A series to be drawn: `samples` by Unix time, with None for a gap; `base` is what it is stacked on.

    `area_from` is the value below which nobody sees its area, None if all of it is seen.
    """

    field: Field
    name: str
    color: str
    samples: Samples
    base: Samples | None = None
    area_from: float | None = None

    def style(self, name: str, default: object) -> object:
        """An option of the field for this panel type."""
        value = self.field.config.custom.get(name)
        return default if value is None else value

    def number(self, name: str, default: float) -> float:
        """An option that is a number."""
        value = finite(self.style(name, default))
        return default if value is None else value

    @property
    def is_percent(self) -> bool:
        """Whether it is drawn as a share of its stack."""
        return self.group("stacking").get("mode") == "percent"

    def group(self, name: str) -> Mapping[str, Any]:
        """An option that is an object; empty if the field has none, or something else."""
        return json_fields.mapping(self.field.config.custom, name)


def graph_lines(request: Request) -> Iterator[Line]:
    """Every series; those hidden in the graph are left out."""
    for name, field, times in graph_series(request.frames):
        if hides(field, "viz"):
            continue
        values, moments = _finite(field.values), _moments(times)
        samples = list(zip(moments, values, strict=True))
        if None in values and any(map(is_huge, field.values)):
            request.note(f"values of {LARGEST:g} or more are not drawn")
        samples = _transformed(samples, field.config.custom.get("transform"), request.window)
        own = field.config.custom.get("lineColor")
        color = own if isinstance(own, str) and own else field_color(field, dark=request.theme.is_dark, name=name)
        yield Line(field=field, name=name, color=color, samples=samples)


@lru_cache(maxsize=16)
def _moments(times: tuple[Value, ...]) -> tuple[float, ...]:
    """Unix seconds of the times of a field; the series of a graph mostly have the same."""
    return tuple([(time or 0.0) / 1000 for time in _finite(times)])


def _finite(values: Sequence[Value]) -> Sequence[float | None]:
    if are_finite(values):
        numbers = [value for value in values if value]
        if not numbers or (min(numbers) > -LARGEST and max(numbers) < LARGEST):
            return values
    return [finite(value) for value in values]


def _transformed(samples: Samples, transform: object, window: Window) -> Samples:
    """The samples below zero, or the first value all the time, by the option of the field."""
    if transform == "negative-Y":
        return [(moment, None if value is None else -value) for moment, value in samples]
    if transform == "constant":
        first = next((value for _, value in samples if value is not None), None)
        return [(window.begin, first), (window.end, first)]
    return samples
