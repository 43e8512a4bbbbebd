"""Transformations of frames, as Grafana applies them to the answers of a panel's queries; one a file.

A file's name is Grafana's id in snake case: `join_by_field.py` is joinByField. Sources: the files of
packages/grafana-data/src/transformations/transformers; tests/panel_data holds each to what they answer in Node.
"""

from dashboards_py.panel_data.transformations._apply import transformed
from dashboards_py.panel_data.transformations._transformation import TRANSFORMATIONS

__all__ = ["TRANSFORMATIONS", "transformed"]
