"""From a placed board to Grafana's JSON, through grafanalib. No other package imports grafanalib.

Only necessary keys are written: neither what grafanalib adds for older Grafanas, nor Grafana's defaults.
`tests/live/test_style.py` compares the result with what a real Grafana saves.
"""

from dashboards_py.render.dashboard import dashboard

__all__ = ["dashboard"]
