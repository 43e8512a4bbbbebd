"""The time zones of a panel's axis. Source: getTimezones in public/app/plugins/panel/timeseries/utils.ts of Grafana."""

from dataclasses import dataclass, replace
from datetime import UTC

from dashboards_py.panel_data.times import Calendar, zone_of
from dashboards_py.preview.painter import Request

MOST_ZONES = 10


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone with the name that the panel gives it."""

    name: str
    calendar: Calendar


def zones_of(request: Request, most: int = MOST_ZONES) -> tuple[Zone, ...]:
    """The zones that the panel asks for, `most` of them; that of the board without any. An unknown one is noted."""
    board = request.window.calendar
    options = request.options.get("timezone")
    names = [name for name in options if isinstance(name, str)] if isinstance(options, list) else []
    if len(names) > MOST_ZONES and most > 1:
        request.note(f"of its {len(names)} time zones {MOST_ZONES} are drawn")
    zones = []
    for name in names[:most]:
        zone = zone_of(name) if name else board.zone
        if zone is None:
            request.note(f"its times are in UTC: {name[:100]!r} is not known as a time zone")
        zones.append(Zone(name or str(board.zone), replace(board, zone=zone or UTC)))
    return tuple(zones) or (Zone(str(board.zone), board),)
