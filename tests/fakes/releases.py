"""Helm's releases in memory: revisions and their states, and what an upgrade does to the objects of a cluster."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes.charts import CHARTS, GROUP, HOOKS, Rendering, crds, new_object
from tests.fakes.kubernetes import ApiError, FakeKubernetes
from tests.fakes.objects import Json

MANAGER = "helm"
NAME, NAMESPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
# The order in which Helm applies kinds, as far as the charts here have them; any other comes last.
ORDER = (
    *("Namespace", "ServiceAccount", "Secret", "ConfigMap", "PersistentVolumeClaim", "CustomResourceDefinition"),
    *("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Service", "DaemonSet", "Deployment", "StatefulSet"),
)


class HelmError(Exception):
    """The message that helm prints after `Error: `."""


@dataclass(frozen=True, slots=True)
class FakeRevision:
    """One revision of a release, as Helm stores it in a Secret."""

    number: int
    status: str
    chart: str
    version: str
    values: Json
    manifest: tuple[Json, ...]
    description: str
    updated: str


@dataclass(slots=True)
class Releases:
    """Revisions by namespace and name, oldest first. `reached` is called before each object that Helm touches."""

    api: FakeKubernetes
    reached: Callable[[str], None] = lambda _: None
    revisions: dict[tuple[str, str], list[FakeRevision]] = field(default_factory=dict)
    helm_3: bool = False
    client_side: set[tuple[str, str]] = field(default_factory=set)  # the releases that Helm 3 installed
    first_deployed: dict[tuple[str, str], str] = field(default_factory=dict)

    def last(self, namespace: str, name: str) -> FakeRevision | None:
        """The newest revision, whatever its status."""
        revisions = self.revisions.get((namespace, name))
        return revisions[-1] if revisions else None

    def render(self, chart: str, version: str, name: str, namespace: str, values: Json, has_crds: bool) -> list[Json]:
        """The objects of a chart, in Helm's order."""
        objects = CHARTS[chart](Rendering(name, namespace, version, values, has_crds))
        return sorted(objects, key=lambda item: (_rank(item["kind"]), item["metadata"]["name"]))

    def hooks(self, name: str, namespace: str, chart: str, values: Json) -> list[Json]:
        """The objects of a chart's hooks."""
        return HOOKS[chart](Rendering(name, namespace, "", values, True)) if chart in HOOKS else []

    def upgrade(
        self, chart: str, version: str, name: str, namespace: str, values: Json, *, force: bool, skip_crds: bool
    ) -> None:
        """`helm upgrade --install --reset-values --wait`."""
        key, last = (namespace, name), self.last(namespace, name)
        if last and last.status.startswith("pending"):
            raise HelmError("UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress")
        if last is None and chart == "kube-prometheus-stack" and not skip_crds:
            for crd in crds():
                self.api.apply(crd, MANAGER, force=True)
        manifest = self.render(chart, version, name, namespace, values, f"servicemonitors.{GROUP}" in self._crds())
        deployed = next(
            (revision for revision in reversed(self.revisions.get(key, [])) if revision.status == "deployed"), last
        )
        old = deployed.manifest if deployed else ()
        self._check_owners(manifest, old, name, namespace, "upgrade" if last else "install")
        verb = "upgrade" if last else "install"
        number = last.number + 1 if last else 1
        text = f"Preparing {verb}"
        new = FakeRevision(number, f"pending-{verb}", chart, version, values, tuple(manifest), text, self.api.now())
        self._add(key, new)
        for hook in self.hooks(name, namespace, chart, values):
            self._run_job(hook)
        if self.helm_3 and last is None:
            self.client_side.add(key)
        problems = self._apply_all(manifest, name, namespace, force or self.helm_3)
        if not problems:
            self._delete_all([item for item in old if _identity(item) not in set(map(_identity, manifest))])
            problems = self._not_ready(manifest)
        self._end(key, new, verb, problems)

    def rollback(self, name: str, namespace: str, number: int | None) -> None:
        """`helm rollback NAME [REVISION]`; without a number, to the revision before the last."""
        key, revisions = (namespace, name), self.revisions.get((namespace, name), [])
        if not revisions:
            raise HelmError("release: not found")
        wanted_number = number or revisions[-1].number - 1
        target = next((revision for revision in revisions if revision.number == wanted_number), None)
        if target is None:
            raise HelmError("release: not found")
        new = replace(target, number=revisions[-1].number + 1, status="pending-rollback", updated=self.api.now())
        self._add(key, new)
        self._end(key, new, "rollback", self._apply_all(list(target.manifest), name, namespace, False))

    def uninstall(self, name: str, namespace: str) -> None:
        """`helm uninstall`: delete the objects of the last revision, then all revisions."""
        last = self.last(namespace, name)
        if last is None:
            raise HelmError(f"uninstall: Release not loaded: {name}: release: not found")
        self._replace((namespace, name), replace(last, status="uninstalling"))
        self._delete_all(list(reversed(last.manifest)))
        for revision in self.revisions.pop((namespace, name)):
            self.api.objects.pop(("Secret", namespace, _secret(name, revision.number)), None)

    def _apply_all(self, manifest: list[Json], name: str, namespace: str, force: bool) -> list[str]:
        """Apply each object; Helm 4 continues with the others if one fails."""
        problems = []
        for item in manifest:
            self.reached(f"apply {item['kind']} {item['metadata']['name']}")
            body = json.loads(json.dumps(item))
            body["metadata"].setdefault("labels", {})["app.kubernetes.io/managed-by"] = "Helm"
            body["metadata"].setdefault("annotations", {}).update({NAME: name, NAMESPACE: namespace})
            object_name = f"{item['metadata'].get('namespace', '')}/{item['metadata']['name']}"
            api_version = item["apiVersion"] if "/" in item["apiVersion"] else f"/{item['apiVersion']}"
            what = f"object {object_name} {api_version}, Kind={item['kind']}"
            try:
                if (namespace, name) in self.client_side:
                    self._patch(body)
                else:
                    self.api.apply(body, MANAGER, force=force)
            except ApiError as error:
                conflict = error.reason == "Conflict"
                begin = "conflict occurred while applying" if conflict else "server-side apply failed for"
                problems.append(f"{begin} {what}: {error.message}")
        return problems

    def _patch(self, body: Json) -> None:
        """Patch an object as Helm 3 does: without conflicts, and as an update in its managedFields."""
        key = (body["kind"], body["metadata"].get("namespace", ""), body["metadata"]["name"])
        self._rename(key, "Update", "Apply")
        self.api.apply(body, MANAGER, force=True)
        self._rename(key, "Apply", "Update")

    def _rename(self, key: tuple[str, str, str], old: str, new: str) -> None:
        stored = self.api.objects.get(key)
        if stored and (MANAGER, old) in stored.owners:
            stored.owners[MANAGER, new] = stored.owners.pop((MANAGER, old))
            stored.times[MANAGER, new] = stored.times.pop((MANAGER, old))

    def _run_job(self, job: Json) -> None:
        """Create the Secret that a job's arguments name, unless it exists; Helm then deletes the job."""
        args = job["spec"]["template"]["spec"]["containers"][0]["args"]
        name = next(arg.removeprefix("--secret-name=") for arg in args if arg.startswith("--secret-name="))
        namespace = job["metadata"]["namespace"]
        if self.api.get("Secret", namespace, name) is None:
            self.api.create(new_object("Secret", "v1", name, namespace, data={"ca": "x"}), "kube-webhook-certgen")

    def _delete_all(self, items: list[Json]) -> None:
        for item in items:
            self.reached(f"delete {item['kind']} {item['metadata']['name']}")
            try:
                self.api.delete(item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"])
            except (ApiError, KeyError):
                continue  # already deleted, or its kind is

    def _not_ready(self, manifest: list[Json]) -> list[str]:
        waiting = [item for item in manifest if item["metadata"]["name"] in self.api.unready]
        if not waiting:
            return []
        lines = [
            f"resource {item['kind']}/{item['metadata'].get('namespace')}/{item['metadata']['name']} not ready. "
            "status: InProgress, message: Available: 0/1"
            for item in waiting
        ]
        return ["\n".join([*lines, "context deadline exceeded"])]

    def _check_owners(self, manifest: list[Json], old: Any, name: str, namespace: str, verb: str) -> None:
        """Refuse objects that exist and belong to no release or to another one."""
        known = set(map(_identity, old))
        for item in manifest:
            live = self.api.get(item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"])
            owner = (live or {}).get("metadata", {}).get("annotations") or {}
            if live is None or _identity(item) in known or (owner.get(NAME), owner.get(NAMESPACE)) == (name, namespace):
                continue
            what = f'{item["kind"]} "{item["metadata"]["name"]}" in namespace "{item["metadata"].get("namespace", "")}"'
            raise HelmError(
                f"{'UPGRADE FAILED: ' if verb == 'upgrade' else ''}unable to continue with {verb}: {what} exists and "
                "cannot be imported into the current release: invalid ownership metadata"
            )

    def _end(self, key: tuple[str, str], revision: FakeRevision, verb: str, problems: list[str]) -> None:
        if problems:
            text = " && ".join(problems)
            named = f'{verb.capitalize()} "{key[1]}" failed: {text}'
            self._replace(key, replace(revision, status="failed", description=named))
            raise HelmError(f"{'UPGRADE FAILED: ' if verb == 'upgrade' else ''}{text}")
        # An upgrade supersedes the deployed revision, a rollback also the last one, whatever its status.
        for index, earlier in enumerate(self.revisions[key][:-1]):
            if earlier.status == "deployed" or (verb == "rollback" and index == len(self.revisions[key]) - 2):
                self.revisions[key][index] = replace(earlier, status="superseded")
        self._replace(key, replace(revision, status="deployed", description=f"{verb.capitalize()} complete"))

    def _add(self, key: tuple[str, str], revision: FakeRevision) -> None:
        """Add a revision, and its Secret to the namespace."""
        name = _secret(key[1], revision.number)
        metadata = {"name": name, "namespace": key[0], "labels": {"owner": "helm"}}
        body = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "helm.sh/release.v1"}
        self.api.create(body, "Helm")
        if key not in self.revisions:
            self.first_deployed[key] = revision.updated
        self.revisions.setdefault(key, []).append(revision)

    def _replace(self, key: tuple[str, str], revision: FakeRevision) -> None:
        self.revisions[key][-1] = revision

    def _crds(self) -> set[str]:
        return {key[2] for key in self.api.objects if key[0] == "CustomResourceDefinition"}


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _identity(item: Json) -> tuple[str, str, str]:
    return item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]


def _secret(name: str, number: int) -> str:
    return f"sh.helm.release.v1.{name}.v{number}"
