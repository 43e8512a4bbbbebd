"""Upgrading a Helm release: setting our values, or removing them again."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.drift import Drift, conflicting_edits, drift, edited
from dashboards_py.cluster.inspect import scaled_workloads
from dashboards_py.cluster.record import Pending, digest
from dashboards_py.cluster.refuse import refuse_edits
from dashboards_py.cluster.steps.helm_operation import abandon, ensure_unmoved, run_recorded
from dashboards_py.cluster.steps.objects import REPLAN
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.values.keys import explicit_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade(Step):
    """Other values for a release that was at this revision, chart and version, and had `expected_values`.

    `edits` are fields of others as they were then: `force` overwrites them, and later edits are refused of what is
    installed and of what the upgrade has `rendered`.
    """

    release: HelmRelease
    expected_values: Mapping[str, Any]
    values: Mapping[str, Any]
    timeout: str
    force: bool = False
    edits: tuple[Drift, ...] = ()
    rendered: Sequence[Json] = field(default=(), repr=False, compare=False)
    skip_crds: bool = False

    @property
    @abstractmethod
    def pending(self) -> Pending:
        """The entry of the record while the upgrade runs."""

    def execute(self, clients: Clients) -> Sequence[str]:
        """Upgrade the release if it is as planned."""
        release = self.release
        ensure_unmoved(release, self.expected_values, clients)
        self._ensure_no_new_edits(clients)
        upgrade = partial(
            clients.helm.upgrade,
            release.chart,
            release.version,
            release.name,
            release.namespace,
            self.values,
            force=self.force,
            timeout=self.timeout,
            skip_crds=self.skip_crds,
        )
        revision = run_recorded(upgrade, self.pending, clients)
        if revision and revision.number > release.revision + 1:
            self._roll_back_to_others(revision.number, clients)
        return ()

    def _ensure_no_new_edits(self, clients: Clients) -> None:
        """Check for edits again, which Helm may overwrite.

        Helm 3 does, and Helm 4 when forced, and in a release that Helm 3 installed (`--server-side=auto`).
        """
        manifest = clients.helm.manifest(self.release)
        live = clients.at(self.release.namespace).read_again(manifest)
        planned = [(edit, edit.live) for edit in self.edits]
        for objects in (manifest, self.rendered):
            if any((edit, edit.live) not in planned for edit in edited(drift(objects, live))):
                scaled = scaled_workloads(clients)
                edits = edited(drift(objects, live, scaled)) if self.force else conflicting_edits(objects, live, scaled)
                refuse_edits([edit for edit in edits if (edit, edit.live) not in planned])

    def _roll_back_to_others(self, number: int, clients: Clients) -> None:
        """Restore the revision that someone else made between our read and Helm's; ours is `number`.

        Helm has no condition for a rollback either: a revision that comes in between is named, with how to read it.
        """
        namespace, name = self.release.namespace, self.release.name
        current = clients.helm.release(namespace, name)
        cause, fix = f"was upgraded by someone else at the same moment (revision {number - 1})", REPLAN
        if current and current.revision == number:
            clients.helm.rollback(self.release, number - 1, timeout=self.timeout)
            cause += ", which is in effect again"
            current = clients.helm.release(namespace, name)
            if current and current.revision > number + 1:
                cause += f"; revision {number + 1}, which someone made meanwhile, is not"
                fix = f"helm get values {name} -n {namespace} --revision {number + 1} shows what to set again; {REPLAN}"
            abandon(clients, self.pending)
        else:  # it remains pending: the next run names what is lost of it
            cause += ", and again before that could be undone"
        raise ProblemsFound(f"Helm release {self.release.qualified_name}", cause=cause, fix=fix)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmUpgrade(Upgrade):
    """Set values of a release; `required_values` are those of ours that are new, by dotted key."""

    required_values: Mapping[str, Any]

    @property
    def title(self) -> str:
        """The command, and the chart."""
        release = self.release
        return f"helm upgrade {release.name} -n {release.namespace} (chart {release.chart} {release.version})"

    @property
    def pending(self) -> Pending:
        """Our values, with the previous ones."""
        before = self.expected_values
        recorded = {key: (explicit_value(before, key), value) for key, value in self.required_values.items()}
        return Pending(self.release.qualified_name, self.release.revision, digest(self.values), recorded)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertValues(Upgrade):
    """Remove our values at `keys` from a release that someone else installed."""

    keys: tuple[str, ...]

    @property
    def title(self) -> str:
        """The command, and what it removes."""
        return f"helm upgrade {self.release.name} -n {self.release.namespace} without the values that up set"

    @property
    def pending(self) -> Pending:
        """The keys that are removed."""
        release = self.release
        return Pending(release.qualified_name, release.revision, digest(self.values), reverted=self.keys)
