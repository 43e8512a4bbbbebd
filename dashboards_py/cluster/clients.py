"""kubectl and helm with one fixed context, which cannot change during a run."""

from dataclasses import dataclass
from pathlib import Path

from dashboards_py.errors import DashboardsError, Remedy
from dashboards_py.kubernetes import Kubectl, Runner, run
from dashboards_py.kubernetes.helm import Helm
from dashboards_py.remedies import USE_CONTEXT

RECORD_NAMESPACE = "kube-system"


@dataclass(frozen=True, slots=True)
class Clients:
    """kubectl and helm for one context."""

    context: str
    kubeconfig: str | None
    helm: Helm
    kubectl: Kubectl

    @property
    def record_client(self) -> Kubectl:
        """kubectl for the namespace in which the record is kept."""
        return self.at(RECORD_NAMESPACE)

    def at(self, namespace: str) -> Kubectl:
        """kubectl for a namespace."""
        return self.kubectl.at(namespace)


def connect(
    context: str | None,
    kubeconfig: str | None,
    charts: Path | None,
    helm_context: str | None = None,
    runner: Runner = run,
) -> Clients:
    """Choose a context: the one named, or kubectl's current one unless helm has another (`helm_context`).

    `runner` runs kubectl and helm; tests pass a stand-in.
    """
    current = context or Kubectl("default", None, kubeconfig, runner).run("config", "current-context").strip()
    if helm_context and not context and helm_context != current:
        cause = f"kubectl would use {current}, helm (HELM_KUBECONTEXT) {helm_context}"
        remedy = Remedy(USE_CONTEXT, {"kubectl": current, "helm": helm_context})
        raise DashboardsError("the context", cause=cause, remedy=remedy)
    helm, kubectl = Helm(current, kubeconfig, charts, runner), Kubectl("default", current, kubeconfig, runner)
    return Clients(current, kubeconfig, helm, kubectl)
