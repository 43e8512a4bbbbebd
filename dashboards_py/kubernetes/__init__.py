"""kubectl and helm for one context: their output as values, their failures as errors that say what to do.

`helm` is imported by those who call it: it takes longer than all the rest.
"""

from dashboards_py.kubernetes.kubectl import MANAGER, Kubectl
from dashboards_py.kubernetes.kubectl_errors import FieldConflict, Moved, error_from_stderr
from dashboards_py.kubernetes.process import Completed, Runner, run
from dashboards_py.kubernetes.shapes import ConfigMap, LiveConfigMap, LiveMeta, ObjectMeta, ServiceMonitor
from dashboards_py.shapes import Json

__all__ = [
    "MANAGER",
    "Completed",
    "ConfigMap",
    "FieldConflict",
    "Json",
    "Kubectl",
    "LiveConfigMap",
    "LiveMeta",
    "Moved",
    "ObjectMeta",
    "Runner",
    "ServiceMonitor",
    "error_from_stderr",
    "run",
]
