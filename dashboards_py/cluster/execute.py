"""Doing a plan: each step reads its thing again just before, and refuses where it is no longer as planned."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.cluster import execute_helm, execute_objects
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.inspect import settled
from dashboards_py.cluster.record import Record
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.state import look
from dashboards_py.cluster.steps import (
    ApplyBoards,
    CreateNamespace,
    DeleteConfigMaps,
    DeleteNamespace,
    DeleteVolumes,
    HelmInstall,
    HelmUninstall,
    HelmUpgrade,
    Notice,
    Restart,
    RevertValues,
    SettleRecord,
    Step,
)
from dashboards_py.errors import DashboardsError, PartlyDone


class Outcome(str):
    """What came of a step, where that is not what its title says."""


def execute(step: Step, clients: Clients) -> Sequence[str]:
    """Do one step; what came of it where that is not what its title says. What has moved raises ProblemsFound."""
    return ACTIONS[type(step)](step, clients)


def run_steps(steps: Sequence[Step], clients: Clients) -> Iterator[Step | Outcome]:
    """Do one step after the other, yielding each before it is begun, and what came of it.

    A failure after the first step that was done raises PartlyDone, with what was done and what was not.
    """
    done: list[str] = []
    for index, step in enumerate(steps):
        yield step
        try:
            outcome = execute(step, clients)
        except DashboardsError as error:
            if not done:
                raise
            left = "; ".join(step.title for step in steps[index:] if step.changes)
            raise PartlyDone(
                error.what,
                cause=f"{error.cause} (done: {'; '.join(done)}; not done: {left})",
                fix=error.fix or "fix this and run the same command again: it resumes where it stopped",
                remedy=error.remedy,
            ) from error
        if step.changes:
            done.append(step.title)
        yield from map(Outcome, outcome)


def _settle_record(step: SettleRecord, clients: Clients) -> Sequence[str]:
    state = look(clients)

    def settle(record: Record) -> Record:
        record, _ = settled(record, state, clients)
        for what in step.gone:
            kind, _, name = what.partition(" ")
            record = record.without_values(name) if kind == "values" else record.without_created(what)
        return record

    update_record(clients.record_client, settle)
    return ()


ACTIONS: Mapping[type[Step], Callable[[Any, Clients], Sequence[str]]] = {
    ApplyBoards: execute_objects.apply_boards,
    CreateNamespace: execute_objects.create_namespace,
    DeleteConfigMaps: execute_objects.delete_config_maps,
    DeleteNamespace: execute_objects.delete_namespace,
    DeleteVolumes: execute_objects.delete_volumes,
    HelmInstall: execute_helm.install,
    HelmUninstall: execute_helm.uninstall,
    HelmUpgrade: execute_helm.upgrade,
    Notice: lambda _step, _clients: (),
    Restart: execute_objects.restart,
    RevertValues: execute_helm.upgrade,
    SettleRecord: _settle_record,
}
