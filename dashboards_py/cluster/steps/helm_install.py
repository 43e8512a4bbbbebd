"""Installing a Helm release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.record import Pending, digest
from dashboards_py.cluster.steps.helm_operation import moved, run_recorded
from dashboards_py.cluster.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmInstall(Step):
    """Install a Helm release that does not exist. `required_values` are ours by dotted key, for the record."""

    name: str
    namespace: str
    chart: str
    version: str
    values: Mapping[str, Any]
    required_values: Mapping[str, Any]
    timeout: str
    skip_crds: bool = False

    @property
    def title(self) -> str:
        """The command, and the chart."""
        return f"helm install {self.name} -n {self.namespace} (chart {self.chart} {self.version})"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Install the release, unless someone else has."""
        qualified_name = f"{self.namespace}/{self.name}"
        if current := clients.helm.release(self.namespace, self.name):
            cause = f"was installed by someone else since (chart {current.chart} {current.version})"
            raise moved(qualified_name, cause, clients, current)
        recorded = {key: (None, value) for key, value in self.required_values.items()}
        install = partial(
            clients.helm.install,
            self.chart,
            self.version,
            self.name,
            self.namespace,
            self.values,
            timeout=self.timeout,
            skip_crds=self.skip_crds,
        )
        run_recorded(install, Pending(qualified_name, 0, digest(self.values), recorded), clients)
        return ()
