"""Helm values that the boards need, and what boards lack with the values that somebody has."""

from dashboards_py.values.check import Finding, check
from dashboards_py.values.files import (
    changed_value_files,
    cilium_head,
    cilium_text,
    stack_text,
    value_files,
    write_value_files,
)
from dashboards_py.values.keys import FIVE, explicit, given, is_monitoring, look_up, monitor_namespace, over, without
from dashboards_py.values.merge import Conflict, Selects, merged
from dashboards_py.values.render import plain, rendered
from dashboards_py.values.stack import SELECTOR, stack
from dashboards_py.values.wanted import Item, wanted

__all__ = [
    "FIVE",
    "SELECTOR",
    "Conflict",
    "Finding",
    "Item",
    "Selects",
    "changed_value_files",
    "check",
    "cilium_head",
    "cilium_text",
    "explicit",
    "given",
    "is_monitoring",
    "look_up",
    "merged",
    "monitor_namespace",
    "over",
    "plain",
    "rendered",
    "stack",
    "stack_text",
    "value_files",
    "wanted",
    "without",
    "write_value_files",
]
