"""kubectl and helm for one context: what they print as values, their complaints as errors that say what to do."""

from dashboards_py.kubernetes.helm import Helm, HelmRelease, Revision
from dashboards_py.kubernetes.kubectl import MANAGER, Json, Kubectl, Moved, complaint
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
    "complaint",
    "run",
]
