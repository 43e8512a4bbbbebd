"""A source that returns known series, and short ways to write panels, boards and series for tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboards_py.board import Board, Panel, read
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data import Series
from dashboards_py.panel_data.frame import Window

HOUR = Window(begin=1767227400.0, end=1767231000.0)  # Unix times
Answer = Callable[[str, tuple[float, ...]], tuple[Series, ...]]


def constant(*series: tuple[Mapping[str, str], float]) -> Answer:
    """Series with one value at each time, whatever is asked."""
    return lambda _expr, times: tuple(
        Series(labels, tuple((time, value) for time in times)) for labels, value in series
    )


@dataclass(slots=True)
class Known:
    """A source that answers as a function says, or refuses a query, and remembers its requests."""

    answer: Answer = field(default_factory=constant)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: str = ""
    requests: list[tuple[str, ...]] = field(default_factory=list)

    def range(self, expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
        """The series at each step."""
        self.requests.append(("range", expr))
        self._refuse()
        count = int((end - start) / step) + 1
        return self.answer(expr, tuple(start + step * index for index in range(count)))

    def instant(self, expr: str, time: float) -> tuple[Series, ...]:
        """The series at a moment."""
        self.requests.append(("instant", expr))
        self._refuse()
        return self.answer(expr, (time,))

    def label_values(self, label: str, selector: str, _start: float, _end: float) -> tuple[str, ...]:
        """The values of the label."""
        self.requests.append(("label_values", label, selector))
        self._refuse()
        return self.labels.get(label, ())

    def _refuse(self) -> None:
        if self.refused:
            raise DashboardsError("Prometheus", cause=self.refused)


def board(*panels: Mapping[str, Any], variables: tuple[Mapping[str, Any], ...] = ()) -> Board:
    """A board of these panels and variables, in JSON."""
    templating = {"list": list(variables)}
    return read({"uid": "x", "title": "X", "schemaVersion": 41, "templating": templating, "panels": list(panels)})


def panel(*targets: Mapping[str, Any], **options: Any) -> Panel:
    """A panel with queries `{"expr": ...}`, lettered in order, and options in JSON."""
    lettered = [{"refId": letter, **target} for letter, target in zip("ABCDEFGH", targets, strict=False)]
    (only,) = board({"id": 1, "type": "timeseries", "title": "T", **options, "targets": lettered}).panels
    return only
