"""Cilium's metrics, kube-prometheus-stack and the boards in a cluster: inspect, plan, execute and verify.

`inspect` reads the cluster, `plan_up` and `plan_down` return steps as values, `run_steps` executes them, and `verify`
checks the result. Nothing is changed before a step is executed.
"""

from dashboards_py.cluster.charts import HelmCharts
from dashboards_py.cluster.checks import Check, recorded_peer_label, verify
from dashboards_py.cluster.checks.scraping import Scraping, scraping
from dashboards_py.cluster.clients import Clients, connect
from dashboards_py.cluster.execute import Outcome, execute, run_steps
from dashboards_py.cluster.inspect import inspect
from dashboards_py.cluster.leftovers import inspect_leftovers
from dashboards_py.cluster.options import Options, Versions
from dashboards_py.cluster.plan_down import plan_down
from dashboards_py.cluster.plan_up import plan_up
from dashboards_py.cluster.state import State, read_state
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.cluster.steps.step import Step

__all__ = [
    "Check",
    "Clients",
    "HelmCharts",
    "Notice",
    "Options",
    "Outcome",
    "Scraping",
    "State",
    "Step",
    "Versions",
    "connect",
    "execute",
    "inspect",
    "inspect_leftovers",
    "plan_down",
    "plan_up",
    "read_state",
    "recorded_peer_label",
    "run_steps",
    "scraping",
    "verify",
]
