"""Applying the boards as ConfigMaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.catalog import Release
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import ConfigMap, FieldConflict, Json, Kubectl, LiveConfigMap, Moved
from dashboards_py.kubernetes.conflict import managers_in
from dashboards_py.kubernetes.gitops import overwrite_remedy
from dashboards_py.kubernetes.ownership import version_of
from dashboards_py.targets import REFUSES, WRITES, Action, Change
from dashboards_py.targets._objects import at_version
from dashboards_py.targets.configmaps import difference


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyBoards(Step):
    """Apply the boards as ConfigMaps. `expected` holds the resourceVersions of existing ones by name."""

    namespace: str
    cilium: Release
    config_maps: tuple[ConfigMap, ...]
    expected: Mapping[str, str]
    overwrite: bool = False

    @property
    def title(self) -> str:
        """The boards that are applied, and where."""
        return f"apply ConfigMaps of the boards for Cilium {self.cilium} in {self.namespace}"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Apply them; those that others own or edited are left, and raise ProblemsFound at the end."""
        update_record(clients.record_client, lambda record: record.with_created(f"boards {self.namespace}"))
        kubectl = clients.at(self.namespace)
        kubectl.check_namespace()
        required = {body["metadata"]["name"]: body for body in self.config_maps}
        live = {body["metadata"]["name"]: body for body in kubectl.config_maps_named(*required)}
        changes = board_changes(self.config_maps, live, self.namespace, overwrite=self.overwrite)
        done = [change for change in changes if change.action not in WRITES]
        writes = [change for change in changes if change.action in WRITES]
        moved = [change for change in writes if self.overwrite and self._has_moved(live.get(change.name))]
        done += [
            Change(
                change.name,
                Action.CONFLICT,
                f"ConfigMap {change.name} was changed after it was planned to overwrite it",
            )
            for change in moved
        ]
        bodies = {
            change.name: at_version(required[change.name], self.namespace, version_of(live.get(change.name)))
            for change in writes
            if change not in moved
        }
        applied = kubectl.apply_all(tuple(bodies.values()), self.overwrite)
        done += [self._apply(body, kubectl) for name, body in bodies.items() if name not in applied]
        _refuse_boards(done)
        return ()

    def _has_moved(self, live: LiveConfigMap | None) -> bool:
        return live is not None and version_of(live) != self.expected.get(live["metadata"]["name"], "")

    def _apply(self, body: Json, kubectl: Kubectl) -> Change:
        name = body["metadata"]["name"]
        try:
            kubectl.apply(body, self.overwrite)
        except (FieldConflict, Moved) as error:
            return Change(name, Action.CONFLICT, f"ConfigMap {name}: {error.cause}", editors=managers_in(error.cause))
        return Change(name, Action.UPDATE)


def board_changes(
    required: Sequence[ConfigMap], live: Mapping[str, LiveConfigMap], namespace: str, *, overwrite: bool
) -> list[Change]:
    """What would happen to each ConfigMap; `live` holds the existing ones by name."""
    return [difference(body, live.get(body["metadata"]["name"]), namespace, overwrite=overwrite) for body in required]


def _refuse_boards(changes: Sequence[Change]) -> None:
    """Raise ProblemsFound that names the ConfigMaps that others own or changed."""
    refused = [change for change in changes if change.action in REFUSES]
    if refused:
        remedy = overwrite_remedy([manager for change in refused for manager in change.editors or ("",)])
        cause = f"{len(refused)} not deployed: {'; '.join(change.why for change in refused)}"
        raise ProblemsFound("ConfigMaps", cause=cause, remedy=remedy)
