"""A kubectl on an API server in memory, for the arguments that the code under test uses."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dashboards_py.kubernetes import Completed
from tests.fakes.client_side import apply_on_client, kustomized, label_changes, migrate
from tests.fakes.controllers import WORKLOADS
from tests.fakes.kinds import Kind
from tests.fakes.kubernetes import ApiError, FakeKubernetes
from tests.fakes.objects import Json

CONTEXT = "simulated"
REVIEW = "Please review the fields above--they currently have other managers. Here\n"
SHORT = {
    "-n": "namespace",
    "-o": "output",
    "-f": "filename",
    "-l": "selector",
    "-p": "patch",
    "-A": "all-namespaces",
}
GLOBAL = {"namespace", "request-timeout", "context", "kubeconfig"}


class UnknownArguments(AssertionError):
    """Arguments that the stand-in does not know: add what the real program does with them."""


class FakeKubectl:
    """Answers the arguments of kubectl. `raw` answers `get --raw PATH`."""

    def __init__(self, api: FakeKubernetes) -> None:
        self.api = api
        self.raw: Callable[[str], Completed] | None = None
        self.verbs: dict[str, Callable[..., str]] = {
            "config": self._config,
            "version": self._version,
            "get": self._get,
            "api-resources": self._api_resources,
            "apply": self._apply,
            "label": self._label,
            "annotate": self._annotate,
            "create": self._create,
            "replace": self._replace,
            "delete": self._delete,
            "patch": self._patch,
            "scale": self._scale,
            "rollout": self._rollout,
        }

    def __call__(self, argv: list[str], stdin: str) -> Completed:
        """The output and exit code of kubectl."""
        words, flags = split(argv)
        if flags.get("context", CONTEXT) != CONTEXT:
            return Completed(1, "", f'error: context "{flags["context"]}" does not exist\n')
        namespace = flags.get("namespace") or "default"
        rest = {flag: value for flag, value in flags.items() if flag not in GLOBAL}
        if words and words[0] == "get" and "raw" in rest:
            return self._raw(rest["raw"])
        verb = self.verbs.get(words[0]) if words else None
        if verb is None:
            raise UnknownArguments(f"kubectl {' '.join(argv)}")
        try:
            stdout = verb(words[1:], rest, namespace, stdin)
        except ApiError as error:
            return Completed(1, error.stdout, "".join(map(_stderr, (error, *error.more))))
        if unread := rest.keys() - {"request-timeout"}:
            raise UnknownArguments(f"kubectl {' '.join(argv)}: {sorted(unread)}")
        return Completed(0, stdout, "")

    def _raw(self, path: str) -> Completed:
        if self.raw is None:
            return Completed(1, "", "Error from server (NotFound): the server could not find the requested resource\n")
        return self.raw(path)

    def _config(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        assert words == ["current-context"], words
        return f"{CONTEXT}\n"

    def _version(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        assert flags.pop("output") == "json"
        return json.dumps({"clientVersion": {"gitVersion": "v1.36.3"}, "serverVersion": {"gitVersion": "v1.36.3"}})

    def _get(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        if not words:
            return self._get_from_stdin(flags, namespace, stdin)
        table = flags.pop("no-headers", None) is not None
        output = "table" if table else flags.pop("output")
        managed = flags.pop("show-managed-fields", None) is not None
        lenient, selector = flags.pop("ignore-not-found", None) is not None, flags.pop("selector", "")
        scope = None if flags.pop("all-namespaces", None) is not None else namespace
        kinds = [self._kind(word) for word in words[0].split(",")]
        missing: list[ApiError] = []
        objects: list[Json] = []
        for kind in kinds:
            try:
                listed = [stored.view(managed) for stored in self.api.list(kind, scope)]
            except ApiError as error:
                missing.append(error)
                continue
            by_name = {item["metadata"]["name"]: item for item in listed}
            for name in words[1:]:
                if name not in by_name and not lenient:
                    missing.append(ApiError("NotFound", f'{kind.full_name} "{name}" not found'))
            chosen = [by_name[name] for name in words[1:] if name in by_name] if words[1:] else listed
            objects += [item for item in chosen if selected(item, selector)]
        text = self._printed(objects, output, one=len(words) == 2 and len(kinds) == 1, named=bool(words[1:]))
        if missing:
            refused = missing[0]
            refused.stdout, refused.more = text if objects else "", missing[1:]
            raise refused
        return text

    def _get_from_stdin(self, flags: dict[str, str], namespace: str, stdin: str) -> str:
        """The objects named on standard input, in any namespace."""
        assert (flags.pop("filename"), flags.pop("output"), flags.pop("ignore-not-found")) == ("-", "json", "")
        managed = flags.pop("show-managed-fields", None) is not None
        objects, unknown = [], []
        items = json.loads(stdin)["items"]
        for body in items:
            try:
                kind, key = self.api.locate(body)
            except ApiError as error:
                unknown.append(f"unable to recognize {error.message.splitlines()[0]}")
                continue
            self.api.check_right("get", kind, key[1])
            if key in self.api.objects:
                objects.append(self.api.objects[key].view(managed))
        text = self._printed(objects, "json", one=len(objects) == 1 and len(items) == 1, named=True)
        if unknown:
            refused = ApiError("Unknown", "\n".join(unknown))
            refused.stdout = text
            raise refused
        return text

    def _printed(self, objects: list[Json], output: str, *, one: bool, named: bool) -> str:
        if output == "name":
            return "".join(f"{self._word(item)}/{item['metadata']['name']}\n" for item in objects)
        if output == "table":
            return "".join(f"{item['metadata']['name']}   2025-10-09T00:00:00Z\n" for item in objects)
        assert output == "json", output
        if named and not objects:
            return ""
        return json.dumps(objects[0] if one else {"apiVersion": "v1", "kind": "List", "items": objects})

    def _api_resources(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        assert flags.pop("output") == "name"
        group, verbs = flags.pop("api-group", None), flags.pop("verbs", "list")
        assert verbs == "list", verbs
        only = flags.pop("namespaced", None)
        kinds = [kind for kind in self.api.kinds.values() if group is None or kind.group == group]
        return "".join(f"{kind.full_name}\n" for kind in kinds if only is None or kind.namespaced)

    def _apply(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        """One object, a list or a kustomization, of which it applies the others if one is refused."""
        on_server = flags.pop("server-side", None) is not None
        bodies = list(self._bodies(flags, stdin))
        manager, force = flags.pop("field-manager", "kubectl"), flags.pop("force-conflicts", None) is not None
        ending = "" if flags.pop("output", "") == "name" else " serverside-applied"
        dry = flags.pop("dry-run", None)
        assert dry is None, dry
        text, refused = "", []
        for body in bodies:
            self._put_into(body, namespace)
            try:
                if not on_server:
                    text += f"{self._word(body)}/{body['metadata']['name']} {apply_on_client(self.api, body)}\n"
                    continue
                if manager == "kubectl":
                    migrate(self.api, body)
                self.api.apply(body, manager, force=force)
            except ApiError as error:
                refused.append(error)
            else:
                text += f"{self._word(body)}/{body['metadata']['name']}{ending}\n"
        if refused:
            refused[0].stdout = text
            raise refused[0]
        return text

    def _bodies(self, flags: dict[str, str], stdin: str) -> Iterator[Json]:
        if "kustomize" in flags:
            yield from kustomized(Path(flags.pop("kustomize")))
            return
        assert flags.pop("filename") == "-"
        document = json.loads(stdin)
        yield from document["items"] if document["kind"] == "List" else [document]

    def _label(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        return self._change_metadata(words, namespace, "labels", "label")

    def _annotate(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        return self._change_metadata(words, namespace, "annotations", "annotate")

    def _change_metadata(self, words: list[str], namespace: str, field: str, verb: str) -> str:
        kind = self._kind(words[0])
        changes = {"metadata": {field: label_changes(words[2:])}}
        self.api.patch(kind.name, namespace, words[1], changes, f"kubectl-{verb}")
        return f"{_singular(kind)}/{words[1]} {verb}d\n".replace("labeld", "labeled")

    def _put_into(self, body: Json, namespace: str) -> None:
        """Name the namespace of an object that names none; one of a kind without namespaces has none."""
        kind = self.api.kinds.get(body["kind"])
        if kind is None or kind.namespaced:
            body["metadata"].setdefault("namespace", namespace)

    def _create(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        if words[:1] in (["namespace"], ["ns"]):
            self.api.create_namespace(words[1])
            return f"namespace/{words[1]} created\n"
        if words[:1] == ["configmap"]:
            literal = flags.pop("from-literal").partition("=")
            body = {"apiVersion": "v1", "kind": "ConfigMap", "data": {literal[0]: literal[2]}}
            stdin, flags["filename"] = json.dumps({**body, "metadata": {"name": words[1]}}), "-"
        assert flags.pop("filename") == "-", words
        body = json.loads(stdin)
        self._put_into(body, namespace)
        self.api.create(body, flags.pop("field-manager", "kubectl-create"))
        return f"{self._word(body)}/{body['metadata']['name']} created\n"

    def _replace(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        assert flags.pop("filename") == "-", words
        body = json.loads(stdin)
        self._put_into(body, namespace)
        self.api.replace(body, flags.pop("field-manager", "kubectl-replace"))
        return f"{self._word(body)}/{body['metadata']['name']} replaced\n"

    def _delete_raw(self, path: str, stdin: str) -> str:
        """`delete --raw PATH -f -`: the only way to a delete with preconditions."""
        words = path.split("/")
        root, parts = words[: 3 if words[1] == "api" else 4], words[3 if words[1] == "api" else 4 :]
        namespace, plural, name = ("", *parts) if len(parts) == 2 else parts[1:]
        kind = self._kind(plural)
        if "/".join(root) != f"/{'apis' if kind.group else 'api'}/{kind.api_version}":
            raise ApiError("NotFound", "the server could not find the requested resource")
        self.api.delete_if(kind.name, namespace, name, json.loads(stdin)["preconditions"])
        return "{}"

    def _delete(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        if "raw" in flags:
            assert flags.pop("filename") == "-"
            return self._delete_raw(flags.pop("raw"), stdin)
        lenient, selector = flags.pop("ignore-not-found", None) is not None, flags.pop("selector", "")
        flags.pop("wait", None)
        kind, names = self._kind(words[0]), words[1:]
        if selector:
            listed = [stored.view(managed=False) for stored in self.api.list(kind, namespace)]
            names = [item["metadata"]["name"] for item in listed if selected(item, selector)]
        elif not names:
            raise UnknownArguments(f"kubectl delete {words}: neither names nor a selector")
        deleted = []
        error = None
        for name in names:
            try:
                self.api.delete(kind.name, namespace, name)
                deleted.append(f'{_singular(kind)} "{name}" deleted\n')
            except ApiError as problem:
                if not (lenient and problem.reason == "NotFound"):
                    error = error or problem
        if error:
            raise error
        return "".join(deleted)

    def _patch(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        assert flags.pop("type", "strategic") in ("merge", "strategic"), words  # the same where there are no lists
        kind = self._kind(words[0])
        manager = flags.pop("field-manager", "kubectl-patch")
        self.api.patch(kind.name, namespace, words[1], json.loads(flags.pop("patch")), manager)
        return f"{_singular(kind)}/{words[1]} patched\n"

    def _scale(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        kind = self._kind(words[0])
        self.api.scale(kind.name, namespace, words[1], int(flags.pop("replicas")))
        return f"{_singular(kind)}/{words[1]} scaled\n"

    def _rollout(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        word, _, name = words[1].partition("/")
        kind = self._kind(word)
        flags.pop("timeout", None)
        item = self.api.get(kind.name, namespace, name)
        if item is None or kind.name not in WORKLOADS:
            raise ApiError("NotFound", f'{kind.full_name} "{name}" not found')
        if words[0] == "restart":
            stamp = {"kubectl.kubernetes.io/restartedAt": self.api.now()}
            changes = {"spec": {"template": {"metadata": {"annotations": stamp}}}}
            self.api.patch(kind.name, namespace, name, changes, "kubectl-rollout")
            return f"{_singular(kind)}/{name} restarted\n"
        assert words[0] == "status", words
        if name in self.api.unready:
            raise ApiError("", "timed out waiting for the condition")
        return f'{_singular(kind)} "{name}" successfully rolled out\n'

    def _kind(self, word: str) -> Kind:
        kind = self.api.kind_of(word)
        if kind is None:
            raise ApiError("", f'the server doesn\'t have a resource type "{word.partition(".")[0]}"')
        return kind

    def _word(self, item: Json) -> str:
        return _singular(self.api.kinds[item["kind"]])


def split(argv: list[str]) -> tuple[list[str], dict[str, str]]:
    """The words of a command line, and its flags by name; a flag without `=` is "" unless a value must follow."""
    words: list[str] = []
    flags: dict[str, str] = {}
    rest = iter(argv)
    for word in rest:
        if word in SHORT or word in ("--selector", "--raw", "--patch"):
            name = SHORT.get(word, word.removeprefix("--"))
            flags[name] = "" if word == "-A" else next(rest)
        elif word.startswith("--"):
            name, _, value = word.removeprefix("--").partition("=")
            flags[name] = value
        else:
            words.append(word)
    return words, flags


def selected(item: Json, selector: str) -> bool:
    """Whether an object's labels match `a=b,c in (d,e),f`."""
    labels: dict[str, Any] = item["metadata"].get("labels") or {}
    for term in _terms(selector):
        key, word, values = term.partition(" in ")
        if word:
            if labels.get(key) not in values.strip("()").split(","):
                return False
        elif "=" not in term:
            if term not in labels:
                return False
        elif labels.get(term.partition("=")[0]) != term.partition("=")[2]:
            return False
    return True


def _terms(selector: str) -> list[str]:
    terms, depth = [""], 0
    for character in selector:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            terms.append("")
        else:
            terms[-1] += character
    return [term for term in terms if term]


def _singular(kind: Kind) -> str:
    return f"{kind.name.lower()}.{kind.group}" if kind.group else kind.name.lower()


def _stderr(error: ApiError) -> str:
    if error.reason == "Modified":
        return f"Error from server (Conflict): {error.message}\n"
    if error.reason == "Unknown":
        return f"{error.message}\n"
    if error.reason == "Conflict":
        return f"error: {error.message}\n{REVIEW}"
    return f"Error from server ({error.reason}): {error.message}\n" if error.reason else f"error: {error.message}\n"
