"""Times as texts, and what stands for an empty cell."""

from dashboards_py.panel_data.frame import Field, Value
from dashboards_py.panel_data.units.moments import format_moment

_ISO = "YYYY-MM-DDTHH:mm:ssZ"  # what moment.js writes where no pattern is given
_SPECIAL: dict[str, Value] = {"true": True, "false": False, "null": None, "zero": 0.0}


def time_texts(field: Field, pattern: str) -> tuple[str, ...]:
    """A field's times, in UTC, written by a pattern of moment.js."""
    return tuple(
        format_moment(value, pattern or _ISO) if isinstance(value, int | float) else "Invalid date"
        for value in field.values
    )


def empty_cell(name: object) -> Value:
    """What Grafana puts into a cell without value, by the name of the option: an empty text if it names no other."""
    return _SPECIAL.get(name, "") if isinstance(name, str) else ""
