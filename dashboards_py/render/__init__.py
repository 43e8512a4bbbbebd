"""Render a placed board as Grafana's JSON, with grafanalib. No other package imports grafanalib.

Only necessary keys are written: neither those that grafanalib adds for older Grafana versions, nor Grafana's defaults.
`tests/live/test_style.py` compares the result with what a real Grafana saves.
"""

from dashboards_py.render.dashboard import dashboard

__all__ = ["dashboard"]
