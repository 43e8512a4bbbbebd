"""Helm values that the boards need, and what is missing from a user's values."""

from dashboards_py.values.check import Finding, check
from dashboards_py.values.files import (
    changed_value_files,
    cilium_head,
    cilium_text,
    stack_text,
    value_files,
    write_value_files,
)
from dashboards_py.values.handlers import Conflict
from dashboards_py.values.keys import (
    COMPONENTS,
    effective_value,
    explicit_value,
    get_value,
    is_monitoring,
    merge_values,
    monitor_namespace,
    remove_key,
)
from dashboards_py.values.merge import Selects, merge_required
from dashboards_py.values.render import as_tree, to_yaml
from dashboards_py.values.required import Item, required_values
from dashboards_py.values.stack import SELECTOR, stack

__all__ = [
    "COMPONENTS",
    "SELECTOR",
    "Conflict",
    "Finding",
    "Item",
    "Selects",
    "as_tree",
    "changed_value_files",
    "check",
    "cilium_head",
    "cilium_text",
    "effective_value",
    "explicit_value",
    "get_value",
    "is_monitoring",
    "merge_required",
    "merge_values",
    "monitor_namespace",
    "remove_key",
    "required_values",
    "stack",
    "stack_text",
    "to_yaml",
    "value_files",
    "write_value_files",
]
