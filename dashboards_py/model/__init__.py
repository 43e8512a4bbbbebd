"""The values that make up a board, independent of Grafana's JSON, Prometheus and Cilium releases.

They are frozen with keyword-only fields: a misspelt keyword fails in mypy and when the board is built.
"""

from dashboards_py.model.dashboard import Annotation, Dashboard, Row
from dashboards_py.model.link import BoardLink, UrlLink
from dashboards_py.model.panel import (
    COLUMNS,
    BarGauge,
    ExcusableRule,
    Heatmap,
    Legend,
    LineStyle,
    Panel,
    Rank,
    Stat,
    StateTimeline,
    Table,
    TimeSeries,
)
from dashboards_py.model.placed import Box, PlacedDashboard, PlacedPanel, PlacedRow
from dashboards_py.model.query import Query, State, ref_id
from dashboards_py.model.rule import Alert, Objective, PanelLink, RuleGroup, Severity
from dashboards_py.model.threshold import Color, Level, Threshold
from dashboards_py.model.unit import Unit
from dashboards_py.model.variable import CustomVariable, DatasourceVariable, LabelVariable, NoticeVariable, Variable

__all__ = [
    "COLUMNS",
    "Alert",
    "Annotation",
    "BarGauge",
    "BoardLink",
    "Box",
    "Color",
    "CustomVariable",
    "Dashboard",
    "DatasourceVariable",
    "ExcusableRule",
    "Heatmap",
    "LabelVariable",
    "Legend",
    "Level",
    "LineStyle",
    "NoticeVariable",
    "Objective",
    "Panel",
    "PanelLink",
    "PlacedDashboard",
    "PlacedPanel",
    "PlacedRow",
    "Query",
    "Rank",
    "Row",
    "RuleGroup",
    "Severity",
    "Stat",
    "State",
    "StateTimeline",
    "Table",
    "Threshold",
    "TimeSeries",
    "Unit",
    "UrlLink",
    "Variable",
    "ref_id",
]
