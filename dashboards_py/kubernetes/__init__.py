"""kubectl and helm for one context: what they print as values, their complaints as errors that say what to do."""

from dashboards_py.kubernetes.helm import Helm, HelmRelease
from dashboards_py.kubernetes.kubectl import MANAGER, Json, Kubectl, complaint

__all__ = ["MANAGER", "Helm", "HelmRelease", "Json", "Kubectl", "complaint"]
