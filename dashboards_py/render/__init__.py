"""From a placed board to Grafana's JSON, through grafanalib. Nobody else imports grafanalib.

Only keys that say something are kept: what grafanalib adds for other Grafanas stays out, and what Grafana assumes where
a key is missing is not said. `tests/live/test_style.py` holds that to what a real Grafana's pages save.
"""

from dashboards_py.render.dashboard import dashboard

__all__ = ["dashboard"]
