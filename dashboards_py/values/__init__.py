"""The Helm values that boards need, and checks of a user's values."""

from dashboards_py.values.check import Finding, check
from dashboards_py.values.files import (
    changed_value_files,
    cilium_head,
    cilium_text,
    file_of,
    stack_text,
    value_files,
    write_value_files,
)
from dashboards_py.values.handlers import Conflict
from dashboards_py.values.histograms import HISTOGRAM_SWITCHES, HistogramStorage, histogram_switches, storage_text
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
from dashboards_py.values.merge import Selects, merge_needs, merge_required
from dashboards_py.values.prometheus_spec import PrometheusSpec, spec_of_values, specs_of_objects
from dashboards_py.values.reason import Reason, causes_of
from dashboards_py.values.render import as_tree, to_yaml
from dashboards_py.values.required import Item, required_values
from dashboards_py.values.stack import SELECTOR, stack
from dashboards_py.values.stack_check import StackGap, selector_gaps, selects_cilium, stack_gaps

__all__ = [
    "COMPONENTS",
    "HISTOGRAM_SWITCHES",
    "SELECTOR",
    "Conflict",
    "Finding",
    "HistogramStorage",
    "Item",
    "PrometheusSpec",
    "Reason",
    "Selects",
    "StackGap",
    "as_tree",
    "causes_of",
    "changed_value_files",
    "check",
    "cilium_head",
    "cilium_text",
    "effective_value",
    "explicit_value",
    "file_of",
    "get_value",
    "histogram_switches",
    "is_monitoring",
    "merge_needs",
    "merge_required",
    "merge_values",
    "monitor_namespace",
    "remove_key",
    "required_values",
    "selector_gaps",
    "selects_cilium",
    "spec_of_values",
    "specs_of_objects",
    "stack",
    "stack_gaps",
    "stack_text",
    "storage_text",
    "to_yaml",
    "value_files",
    "write_value_files",
]
