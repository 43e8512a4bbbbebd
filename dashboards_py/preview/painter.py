"""What a painter of a panel type is: one module in painters/ for each type of panel, found by its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from dashboards_py.board import Panel, fields
from dashboards_py.panel_data.annotations import Event
from dashboards_py.panel_data.field_config import default_config
from dashboards_py.panel_data.frame import Frame, PanelData, Window
from dashboards_py.panel_data.shown import ShownValue, colors_of_overrides, shown_values
from dashboards_py.panel_data.units import Clock
from dashboards_py.plugins import Plugins
from dashboards_py.preview import painters
from dashboards_py.preview.shapes import Box, Clips, Element
from dashboards_py.preview.theme import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be painted: a panel's data within `box`, the space below its title.

    `notes` are sentences about what the painter could not draw.
    """

    panel: Panel
    data: PanelData
    box: Box
    theme: Theme
    window: Window
    clips: Clips
    events: tuple[Event, ...] = ()
    notes: list[str] = field(default_factory=list)
    notes_without_room: list[str] = field(default_factory=list)

    def note(self, sentence: str, *, takes_room: bool = True) -> None:
        """Say what the picture lacks because of the data: once for each sentence.

        One that says that something has no room takes none: it would move the rest.
        """
        notes = self.notes if takes_room else self.notes_without_room
        if sentence not in notes:
            notes.append(sentence)

    @property
    def options(self) -> Mapping[str, Any]:
        """The options of the panel's type; empty if the JSON has none."""
        return fields.mapping(self.panel.raw, "options")

    @property
    def clock(self) -> Clock:
        """The clock by which times are written."""
        now = self.window.end if self.window.now is None else self.window.now
        return Clock(now=now * 1000, zone=self.window.calendar.zone)

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The panel's frames."""
        return self.data.frames


def shown(request: Request) -> tuple[ShownValue, ...]:
    """What a panel of single values shows, such as a stat; at least the text for no data."""
    defaults = default_config(request.panel.raw)
    colors = colors_of_overrides(fields.mapping(request.panel.raw, "fieldConfig"))
    dark = request.theme.is_dark
    options, frames, clock = request.options, request.frames, request.clock
    return shown_values(options, frames, dark=dark, defaults=defaults, colors_by_name=colors, clock=clock)


class Painter(Protocol):
    """A panel type. Its module is named after the type, with `_` for `-`."""

    def paint(self, request: Request) -> list[Element]:
        """The elements of the picture, all within the box."""
        ...


PAINTERS: Plugins[Painter] = Plugins(painters.__name__, painters.__path__, (Painter,))
# Types of older boards that Grafana turns into another type as it opens them, and those painted as a similar one.
SAME_AS = {"singlestat": "stat", "table-old": "table", "gauge": "bargauge"}


@cache
def painter(panel_type: str) -> Painter | None:
    """The painter of a panel type; None if there is none."""
    name = SAME_AS.get(panel_type, panel_type).replace("-", "_")
    return PAINTERS.load(name) if name in PAINTERS.names() else None
