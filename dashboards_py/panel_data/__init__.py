"""A panel's data as Grafana shows it: its queries' answers, transformed, with each value as the text that is drawn."""

from dashboards_py.panel_data.interpolate import Variables, VariableValue, interpolate
from dashboards_py.panel_data.panel_times import panel_window
from dashboards_py.panel_data.prometheus import over
from dashboards_py.panel_data.read import panel_data
from dashboards_py.panel_data.source import Bucket, NativeHistogram, Series, Source
from dashboards_py.panel_data.variables import OpenedVariables, opening_values

__all__ = [
    "Bucket",
    "NativeHistogram",
    "OpenedVariables",
    "Series",
    "Source",
    "VariableValue",
    "Variables",
    "interpolate",
    "opening_values",
    "over",
    "panel_data",
    "panel_window",
]
