"""Histograms over time."""

from dashboards_py.model import Heatmap
from dashboards_py.render.kind import Kind


def kind(panel: Heatmap) -> Kind:
    """A heatmap with the histogram's own buckets, not buckets calculated from values."""
    return Kind(
        type="heatmap",
        options={
            "cellValues": {"unit": "short"},
            "yAxis": {"unit": panel.unit},
            "color": {"mode": "scheme", "scheme": "Blues", "steps": 64},
        },
        max_data_points=panel.max_data_points,
        format="heatmap",
    )
