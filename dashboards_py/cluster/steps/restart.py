"""Restarting workloads that have not read their configuration."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.restart import stale_workloads
from dashboards_py.cluster.steps.explain import explaining_refused_pods
from dashboards_py.cluster.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart(Step):
    """Restart the workloads that have not read their configuration; `workloads` are pairs of kind and name."""

    namespace: str
    workloads: tuple[tuple[str, str], ...]
    timeout: str

    @property
    def title(self) -> str:
        """The purpose: which workloads they will be is known only after the upgrade."""
        return "restart workloads that have not read their configuration"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Restart the workloads that are stale now, and wait for each."""
        kubectl = clients.at(self.namespace)
        names = sorted({f"{stale.kind.lower()}/{stale.name}" for stale in stale_workloads(kubectl)})
        for name in names:
            kubectl.run("rollout", "restart", name)
        for name in names:
            with explaining_refused_pods(kubectl):
                kubectl.run("rollout", "status", name, f"--timeout={self.timeout}", "--request-timeout=0", seconds=None)
        return ()
