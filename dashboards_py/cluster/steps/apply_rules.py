"""Applying the alerts as a PrometheusRule."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboards_py.catalog import Release
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps.objects import REPLAN
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import Moved
from dashboards_py.kubernetes.gitops import overwrite_remedy
from dashboards_py.kubernetes.ownership import version_of
from dashboards_py.shapes import Json
from dashboards_py.targets import REFUSES, WRITES
from dashboards_py.targets._objects import apply_at
from dashboards_py.targets._prometheus_rule import RULES, difference


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyRules(Step):
    """Apply the PrometheusRule. `expected` is the resourceVersion of the existing one, "" if there was none."""

    namespace: str
    cilium: Release
    body: Json = field(hash=False)
    expected: str = ""
    overwrite: bool = False

    @property
    def title(self) -> str:
        """The alerts that are applied, and where."""
        return f"apply PrometheusRule {self.body['metadata']['name']} for Cilium {self.cilium} in {self.namespace}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Apply it as it was read; one that others own, edited or changed in between raises ProblemsFound."""
        update_record(clients.record_client, lambda record: record.with_created(f"rules {self.namespace}"))
        kubectl = clients.at(self.namespace)
        kubectl.check_namespace()
        name = self.body["metadata"]["name"]
        live = next(iter(kubectl.objects(RULES, name, "--show-managed-fields")), None)
        change = difference(self.body, live, self.namespace, overwrite=self.overwrite)
        if change.action in REFUSES:
            raise ProblemsFound(change.why, remedy=overwrite_remedy(change.editors))
        if change.action not in WRITES:
            return ()
        version = version_of(live)
        if self.overwrite and version not in ("", self.expected):
            raise ProblemsFound(
                f"PrometheusRule {name}", cause="was changed after it was planned to overwrite it", fix=REPLAN
            )
        try:
            apply_at(kubectl, self.body, version, overwrite=self.overwrite)
        except Moved as error:
            raise ProblemsFound(error.what, cause="someone changed it since it was read", fix=REPLAN) from error
        return ()
