"""Numbers as Grafana writes them for each of its units."""

from dashboards_py.panel_data.units.format import DATES, UNITS, format_value
from dashboards_py.panel_data.units.formatted import UTC_CLOCK, Clock, Formatted

__all__ = ["DATES", "UNITS", "UTC_CLOCK", "Clock", "Formatted", "format_value"]
