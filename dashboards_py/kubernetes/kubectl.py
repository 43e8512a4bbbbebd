"""kubectl for one context and namespace; its failures become errors that say what to do."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from dashboards_py.errors import Refused
from dashboards_py.kubernetes.answers import read_json
from dashboards_py.kubernetes.contents import not_derived, permanent_kinds
from dashboards_py.kubernetes.kubectl_errors import FieldConflict, Moved, NotFound, Unknown, error_from_stderr
from dashboards_py.kubernetes.process import Runner, run
from dashboards_py.kubernetes.shapes import LiveConfigMap
from dashboards_py.shapes import Json

MANAGER = "kubectl"  # that of `kubectl apply -k provisioning --server-side`, so that both can be used in turn
UNKNOWN_KIND = "no matches for kind"


class Kubectl:
    """kubectl for one context and namespace. It alone handles credentials."""

    def __init__(self, namespace: str, context: str | None, kubeconfig: str | None, runner: Runner = run) -> None:
        self.namespace, self.runner = namespace, runner
        self._settings = context, kubeconfig
        self.where = [f"--namespace={namespace}", "--request-timeout=15s"]
        self.where += [f"--context={context}"] if context else []
        self.where += [f"--kubeconfig={kubeconfig}"] if kubeconfig else []

    def at(self, namespace: str) -> "Kubectl":
        """kubectl for another namespace of the same cluster."""
        return Kubectl(namespace, *self._settings, self.runner)

    def with_runner(self, runner: Runner) -> "Kubectl":
        """The same cluster and namespace with another runner."""
        return Kubectl(self.namespace, *self._settings, runner)

    def check_namespace(self) -> None:
        """Raise DashboardsError if the namespace is missing or being deleted; without the right to read, continue."""
        try:
            namespace = read_json(self.run("get", "namespace", self.namespace, "--output=json"), "kubectl")
        except Refused:
            return
        if namespace.get("status", {}).get("phase") == "Terminating":
            raise error_from_stderr("Error: the namespace is being terminated", self.namespace)

    def config_maps(self, *args: str) -> list[LiveConfigMap]:
        """The live ConfigMaps that `kubectl get configmap` finds, with the owners of their fields."""
        return cast("list[LiveConfigMap]", self.objects("configmap", *args, "--show-managed-fields"))

    def config_maps_named(self, *names: str) -> list[LiveConfigMap]:
        """Those of the names that exist, with the owners of their fields.

        `kubectl get configmap NAME ...` asks for each missing one twice, and after ten requests for five a second
        (kubectl 1.36 with --v=6: "client-side throttling"); from a file it does neither.
        """
        bodies = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}} for name in names]
        return cast("list[LiveConfigMap]", self.read_again(bodies))

    def apply(self, body: Mapping[str, Any], force: bool) -> None:
        """Apply one object server-side; without `force` a field that another manager owns raises FieldConflict."""
        try:
            self.run(*_apply_args(force), stdin=json.dumps(body))
        except (FieldConflict, Moved) as error:
            raise type(error)(
                f"{body['kind']} {body['metadata']['name']}",
                cause=error.cause,
                fix=error.fix,
                remedy=error.remedy,
            ) from error

    def apply_all(self, bodies: Sequence[Mapping[str, Any]], force: bool) -> frozenset[str]:
        """Apply objects server-side in one run of kubectl; the names of those that were applied.

        kubectl continues after one that is refused, and does not name it in a conflict: `apply` it to know why.
        """
        if not bodies:
            return frozenset()
        command = ["kubectl", *self.where, *_apply_args(force), "--output=name"]
        listed = {"apiVersion": "v1", "kind": "List", "items": list(bodies)}
        completed = self.runner(command, stdin=json.dumps(listed), seconds=120)
        return frozenset(line.partition("/")[2] for line in completed.stdout.splitlines())

    def objects(self, kind: str, *args: str) -> list[Json]:
        """The objects that `kubectl get` finds; none if the cluster does not know the kind."""
        try:
            return self._listed(kind, *args)
        except Unknown:
            return []

    def objects_by_kind(self, plurals: Mapping[str, str], *args: str) -> dict[str, list[Json]]:
        """The objects of several kinds, by kind, in one run of kubectl; `plurals` are its words for the kinds.

        If one of them may not be read, each is read by itself: the error is about that kind alone.
        """
        try:
            listed = self._listed(",".join(plurals.values()), *args)
        except (Refused, Unknown):
            return {kind: self.objects(plural, *args) for kind, plural in plurals.items()}
        return {kind: [body for body in listed if body["kind"] == kind] for kind in plurals}

    def _listed(self, kind: str, *args: str) -> list[Json]:
        return _items(self.run("get", kind, *args, "--ignore-not-found", "--output=json"))

    def read_again(self, objects: Sequence[Json]) -> list[Json]:
        """Those of the objects, in any namespace, that exist, with the owners of their fields.

        An object whose kind the cluster does not know does not exist; kubectl prints the others and fails.
        """
        named = [
            {**{key: body[key] for key in ("apiVersion", "kind")}, "metadata": self._named(body["metadata"])}
            for body in objects
        ]
        if not named:
            return []
        listed = {"apiVersion": "v1", "kind": "List", "items": named}
        flags = ("--filename=-", "--ignore-not-found", "--show-managed-fields", "--output=json")
        # without --namespace, with which kubectl refuses objects of other namespaces
        completed = self.runner(["kubectl", *self.where[1:], "get", *flags], stdin=json.dumps(listed), seconds=120)
        lines = [line for line in completed.stderr.splitlines() if line.strip()]
        if completed.code and not (lines and all(UNKNOWN_KIND in line for line in lines)):
            raise error_from_stderr(completed.stderr, self.namespace, completed.code)
        return _items(completed.stdout)

    def _named(self, metadata: Json) -> Json:
        return {"name": metadata["name"], "namespace": metadata.get("namespace", self.namespace)}

    def contents(self) -> tuple[Json, ...]:
        """Every object in the namespace that someone created, of every kind that can be listed.

        A failure to list a kind raises DashboardsError: objects that were not seen must not count as absent.
        """
        kinds = permanent_kinds(self.run("api-resources", "--verbs=list", "--namespaced", "--output=name"))
        return not_derived(read_json(self.run("get", ",".join(kinds), "--output=json"), "kubectl")["items"])

    def create(self, body: Json) -> None:
        """Create an object; one that exists already raises Moved."""
        self.run("create", f"--field-manager={MANAGER}", "--filename=-", stdin=json.dumps(body))

    def replace(self, body: Json) -> None:
        """Replace an object that was read (its resourceVersion says when); one that has changed since raises Moved."""
        try:
            self.run("replace", f"--field-manager={MANAGER}", "--filename=-", stdin=json.dumps(body))
        except NotFound as error:
            raise Moved(error.what, cause=error.cause, fix=error.fix) from error

    def delete_as_read(self, plural: str, body: Mapping[str, Any]) -> None:
        """Delete an object that was read, unless it is gone; one that was changed or recreated since raises Moved.

        kubectl has no flag for the API's preconditions, so the request is sent raw.
        """
        metadata = body["metadata"]
        inside = f"namespaces/{metadata['namespace']}/" if "namespace" in metadata else ""
        preconditions = {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]}
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": preconditions}
        version = str(body.get("apiVersion", "v1"))
        path = f"/{'apis' if '/' in version else 'api'}/{version}/{inside}{plural}/{metadata['name']}"
        try:
            self.run("delete", f"--raw={path}", "--filename=-", stdin=json.dumps(options))
        except NotFound:
            return

    def run(self, *args: str, stdin: str = "", seconds: int | None = 120) -> str:
        """Run kubectl and return its stdout; a failure raises DashboardsError."""
        completed = self.runner(["kubectl", *self.where, *args], stdin=stdin, seconds=seconds)
        if completed.code:
            raise error_from_stderr(completed.stderr, self.namespace, completed.code)
        return completed.stdout


def _apply_args(force: bool) -> list[str]:
    forced = ["--force-conflicts"] if force else []
    return ["apply", "--server-side", f"--field-manager={MANAGER}", *forced, "--filename=-"]


def _items(stdout: str) -> list[Json]:
    """The objects that `kubectl get` printed: none, one, or a list."""
    document = read_json(stdout, "kubectl") if stdout.strip() else {}
    return list(document["items"]) if "items" in document else [document] if document else []
