"""Deleting the PrometheusRule with the alerts."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.rule_object import PLURAL
from dashboards_py.cluster.steps.objects import ObjectId, delete_objects, refuse_moved
from dashboards_py.cluster.steps.step import Step
from dashboards_py.kubernetes.ownership import is_ours


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRules(Step):
    """Delete PrometheusRules of ours."""

    namespace: str
    rules: tuple[ObjectId, ...]

    @property
    def title(self) -> str:
        """What is deleted, and where."""
        return f"remove PrometheusRule {', '.join(item.name for item in self.rules)} from {self.namespace}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Delete those that have not changed since."""
        moved = delete_objects(PLURAL, self.rules, self.namespace, clients)
        refuse_moved("PrometheusRule", self.namespace, moved)
        if not any(is_ours(body) for body in clients.at(self.namespace).objects(PLURAL)):
            update_record(clients.record_client, lambda record: record.without_created(f"rules {self.namespace}"))
        return ()
