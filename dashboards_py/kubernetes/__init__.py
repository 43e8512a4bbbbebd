"""kubectl and helm for one context: their output as values, their failures as errors that say what to do."""

from dashboards_py.kubernetes.helm import Helm, HelmRelease, Revision
from dashboards_py.kubernetes.kubectl import MANAGER, Json, Kubectl, Moved, error_from_stderr
from dashboards_py.kubernetes.process import Completed, Runner, run
from dashboards_py.kubernetes.shapes import ConfigMap, ObjectMeta

__all__ = [
    "MANAGER",
    "Completed",
    "ConfigMap",
    "Helm",
    "HelmRelease",
    "Json",
    "Kubectl",
    "Moved",
    "ObjectMeta",
    "Revision",
    "Runner",
    "error_from_stderr",
    "run",
]
