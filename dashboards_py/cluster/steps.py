"""The steps of a plan: values that say what is done, to what, and how that was when it was planned.

Nothing here reads or changes a cluster: `execute` does, after it has looked whether the thing is still as planned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from dashboards_py.catalog import Release
from dashboards_py.cluster.edits import HandEdit
from dashboards_py.errors import Remedy
from dashboards_py.kubernetes import ConfigMap, HelmRelease, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`details` say what the step changes, a line each; `remedies` are options that would change more or less."""

    details: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    changes: ClassVar[bool] = True

    @property
    def title(self) -> str:
        """What is done, on one line, as the command that does it where there is one."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Step):
    """Something to know; nothing is done. A `problem` is not in place afterwards either."""

    text: str
    problem: bool = False
    changes: ClassVar[bool] = False

    @property
    def title(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateNamespace(Step):
    """A namespace that is not there."""

    name: str

    @property
    def title(self) -> str:
        return f"kubectl create namespace {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmInstall(Step):
    """A Helm release that is not there. `given` are our values by dotted key, for the record."""

    name: str
    namespace: str
    chart: str
    version: str
    values: Mapping[str, Any]
    given: Mapping[str, Any]
    timeout: str
    skip_crds: bool = False

    @property
    def title(self) -> str:
        return f"helm install {self.name} -n {self.namespace} (chart {self.chart} {self.version})"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmUpgrade(Step):
    """New values for a release that was at this revision, chart and version, and had `expected_values`.

    `given` are the values of ours that are new, by dotted key. `force` overwrites `edits` that others made by hand,
    and no later ones.
    """

    release: HelmRelease
    expected_values: Mapping[str, Any]
    values: Mapping[str, Any]
    given: Mapping[str, Any]
    timeout: str
    force: bool = False
    edits: tuple[HandEdit, ...] = ()
    skip_crds: bool = False

    @property
    def title(self) -> str:
        release = self.release
        return f"helm upgrade {release.name} -n {release.namespace} (chart {release.chart} {release.version})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertValues(Step):
    """A release of somebody else without our values at `keys`, which had `expected_values`."""

    release: HelmRelease
    expected_values: Mapping[str, Any]
    values: Mapping[str, Any]
    keys: tuple[str, ...]
    timeout: str
    force: bool = False
    edits: tuple[HandEdit, ...] = ()

    @property
    def title(self) -> str:
        return f"helm upgrade {self.release.name} -n {self.release.namespace} without the values that up gave it"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmUninstall(Step):
    """A release that `up` installed. `unless_used` is an API group: while it has objects, its kinds stay."""

    release: HelmRelease
    expected_values: Mapping[str, Any]
    timeout: str
    unless_used: str = ""

    @property
    def title(self) -> str:
        return f"helm uninstall {self.release.name} -n {self.release.namespace}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyBoards(Step):
    """The boards as ConfigMaps. `expected` are the resourceVersions of those that are there, by name."""

    namespace: str
    cilium: Release
    config_maps: tuple[ConfigMap, ...]
    expected: Mapping[str, str]
    overwrite: bool = False

    @property
    def title(self) -> str:
        return f"apply ConfigMaps of the boards for Cilium {self.cilium} in {self.namespace}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart(Step):
    """Roll out what has not read its configuration; `workloads` are pairs of kind and name."""

    namespace: str
    workloads: tuple[tuple[str, str], ...]
    timeout: str

    @property
    def title(self) -> str:
        return "roll out what has not read its configuration"


@dataclass(frozen=True, slots=True, order=True)
class ObjectId:
    """An object as it was read: a delete that names these does nothing to another or a newer one."""

    name: str
    uid: str
    version: str

    @classmethod
    def of(cls, body: Json) -> "ObjectId":
        """Of an object that was read."""
        metadata = body["metadata"]
        return cls(metadata["name"], metadata["uid"], metadata["resourceVersion"])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteConfigMaps(Step):
    """ConfigMaps of the boards."""

    namespace: str
    config_maps: tuple[ObjectId, ...]

    @property
    def title(self) -> str:
        return f"remove {len(self.config_maps)} ConfigMaps of the boards from {self.namespace}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteVolumes(Step):
    """Volumes that prometheus-operator claimed for the stack."""

    namespace: str
    claims: tuple[ObjectId, ...]

    @property
    def title(self) -> str:
        names = " ".join(claim.name for claim in self.claims)
        return f"kubectl delete persistentvolumeclaim -n {self.namespace} {names}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteNamespace(Step):
    """A namespace that `up` created, where nothing is left in it that somebody made.

    `chart_secrets` are Secrets that jobs of a chart of ours made there, which Helm does not know of.
    """

    name: str
    uid: str
    chart_secrets: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"kubectl delete namespace {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRecord(Step):
    """Entries of the record that are no longer true: what was pending, and things that are gone already."""

    gone: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return "bring the record of setup.sh up to date"
