"""The reader of classic Grafana dashboards, our own and others."""

from dashboards_py.board.read import load, read
from dashboards_py.board.values import Annotation, Board, Link, Panel, Query, Row, Step, Variable

__all__ = ["Annotation", "Board", "Link", "Panel", "Query", "Row", "Step", "Variable", "load", "read"]
