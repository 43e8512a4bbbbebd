"""Helm values that the boards need, and what boards lack with the values that somebody has."""

from dashboards_py.values.check import Finding, check
from dashboards_py.values.keys import look_up, over
from dashboards_py.values.merge import Conflict, merged
from dashboards_py.values.render import rendered
from dashboards_py.values.stack import stack
from dashboards_py.values.wanted import Item, wanted

__all__ = ["Conflict", "Finding", "Item", "check", "look_up", "merged", "over", "rendered", "stack", "wanted"]
