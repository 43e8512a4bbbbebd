"""One panel of known data, as a picture."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards_py.board import read
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.source import Sample, Series
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import Picture, PictureOptions
from dashboards_py.preview.theme import DARK, Theme

WINDOW = Window(begin=1_795_597_200, end=1_795_600_800)
STEP = 60


class Source:
    """A source whose answer to every query are these series, a sample each minute: None for a gap."""

    def __init__(self, series: Mapping[str, Sequence[float | None]], label: str = "node") -> None:
        self.series, self.label = series, label

    def range(self, _expr: str, start: float, end: float, _step: float) -> tuple[Series, ...]:
        """All samples."""
        return tuple(
            Series(
                {self.label: name},
                tuple(self._sample(number, value) for number, value in enumerate(values) if value is not None),
            )
            for name, values in self.series.items()
            if start <= end
        )

    def _sample(self, number: int, value: float) -> Sample:
        return WINDOW.begin + STEP * number, value

    def instant(self, _expr: str, time: float) -> tuple[Series, ...]:
        """The last samples."""
        return tuple(
            Series({self.label: name}, ((time, values[-1]),))
            for name, values in self.series.items()
            if values and values[-1] is not None
        )

    def label_values(self, _label: str, _selector: str, _start: float, _end: float) -> tuple[str, ...]:
        """The names of the series."""
        return tuple(self.series)


WAVES = {
    "node-1": [10.0 + number % 7 for number in range(60)],
    "node-2": [30.0 - number % 5 for number in range(60)],
}


def panel_picture(
    panel_type: str,
    *,
    custom: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
    overrides: Sequence[Mapping[str, Any]] = (),
    series: Mapping[str, Sequence[float | None]] | None = None,
    size: tuple[int, int] = (12, 9),
    target: Mapping[str, Any] | None = None,
    theme: Theme = DARK,
    **fields: Any,
) -> Picture:
    """A board of one panel with these options and series, drawn."""
    w, h = size
    panel = {
        "id": 1,
        "type": panel_type,
        "title": "P",
        "gridPos": {"x": 0, "y": 0, "w": w, "h": h},
        "targets": [{"refId": "A", "expr": "x", "legendFormat": "{{node}}", "interval": f"{STEP}s", **(target or {})}],
        "fieldConfig": {"defaults": {"custom": custom or {}, **(defaults or {})}, "overrides": list(overrides)},
        "options": options or {},
        **fields,
    }
    board = read({"uid": "b", "title": "b", "schemaVersion": 41, "panels": [panel]})
    return draw(board, Source(WAVES if series is None else series), PictureOptions(window=WINDOW, theme=theme), {})
