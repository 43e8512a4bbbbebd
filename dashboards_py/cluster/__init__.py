"""Cilium's metrics, kube-prometheus-stack and the boards in a cluster: what is there, what is to do, is it right.

`look` reads the cluster once, `up` and `down` say as steps what is to do, `verify` whether all is in place. Nothing is
changed before a step is run.
"""

from dashboards_py.cluster.checks import Check, verify
from dashboards_py.cluster.choice import Choice, Versions
from dashboards_py.cluster.down import down
from dashboards_py.cluster.state import State, Tools, look
from dashboards_py.cluster.step import Note, Step, carry_out
from dashboards_py.cluster.up import up

__all__ = ["Check", "Choice", "Note", "State", "Step", "Tools", "Versions", "carry_out", "down", "look", "up", "verify"]
