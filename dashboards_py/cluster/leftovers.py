"""The contents of the namespaces that `up` created, and all objects of the operator's kinds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.record_store import NAME, NAMESPACE
from dashboards_py.cluster.refuse import CRDS, STACK
from dashboards_py.cluster.state import GROUP, State
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.kubernetes import Json, Kubectl
from dashboards_py.kubernetes.helm import HelmRelease
from dashboards_py.plural import some_of

# The annotation that CreateNamespace gives a namespace: it is ours from the moment it exists, whatever happens next.
CREATED_BY = ("cilium-dashboards/created-by", "setup.sh up")
HELM_NAME, HELM_NAMESPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
HELM_STORAGE = "helm.sh/release.v1"
NAME_OF_CREATED = "--secret-name="  # how jobs of kube-prometheus-stack get the name of the Secret that they create


@dataclass(frozen=True, slots=True)
class Leftovers:
    """The `contents` of each namespace of ours, the volumes that each stack `claims`, and the operator's objects.

    `chart_secrets`: by stack, the record's entries for Secrets in namespaces of ours that its hooks created.
    """

    contents: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    claims: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    custom_objects: tuple[Json, ...] = ()
    chart_secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def inspect_leftovers(clients: Clients, state: State) -> Leftovers:
    """Read what only `down` needs to know."""
    created = state.record.created
    stacks = [release for release in state.release(STACK) if f"release {release.qualified_name}" in created]
    crds = [release for release in state.release(CRDS) if f"release {release.qualified_name}" in created]
    contents = {name: clients.at(name).contents() for name in our_namespaces(state)}
    return Leftovers(
        contents,
        {release.qualified_name: volume_claims(clients.at(release.namespace), release) for release in stacks},
        custom_objects(clients.kubectl) if crds else (),
        {
            release.qualified_name: created_secrets(clients.helm.hooks(release), contents[release.namespace])
            for release in stacks
            if release.namespace in contents
        },
    )


def our_namespaces(state: State) -> tuple[str, ...]:
    """The namespaces that `up` created and that nobody has recreated since."""
    return tuple(sorted(name for name, body in state.namespaces.items() if _is_ours(name, body, state)))


def is_still_ours(state: State, release: HelmRelease) -> bool:
    """Whether `up` installed the release, and it was not replaced by another of the same name."""
    identity = state.record.created.get(f"release {release.qualified_name}")  # "" in a record of version 0.1
    return identity is not None and identity in ("", state.installed.get(release.qualified_name))


def record_notice(state: State, *, problem: bool) -> tuple[Notice, ...]:
    """A notice if the record was deleted although a namespace that `up` created holds a release or boards."""
    namespaces = our_namespaces(state)
    used = {release.namespace for release in state.helm}
    used |= {body["metadata"]["namespace"] for body in state.config_maps}
    if state.record or not used.intersection(namespaces):
        return ()
    text = (
        f"ConfigMap {NAMESPACE}/{NAME}, the record of setup.sh, is missing though up created namespace {namespaces[0]}"
    )
    details = (
        "which Helm releases and values belong to `up` is no longer known: down leaves all of them",
        f"restore it from a backup (kubectl create -f), or remove by hand what `helm list -n {namespaces[0]}` shows",
    )
    return (Notice(text=text, details=details, problem=problem),)


def _is_ours(name: str, body: Json, state: State) -> bool:
    if body.get("status", {}).get("phase") == "Terminating":
        return False
    if (body["metadata"].get("annotations") or {}).get(CREATED_BY[0]) == CREATED_BY[1]:
        return True
    identity = state.record.created.get(f"namespace {name}")  # "" in a record of version 0.1
    return identity is not None and identity in ("", body["metadata"]["uid"])


def volume_claims(kubectl: Kubectl, release: HelmRelease) -> tuple[Json, ...]:
    """The volumes that the operator claimed for a stack, without those of other Prometheuses."""
    kinds = f"prometheuses.{GROUP},alertmanagers.{GROUP}"
    names = [body["metadata"]["name"] for body in kubectl.objects(kinds, f"--selector=release={release.name}")]
    if not names:
        return ()
    selector = f"app.kubernetes.io/managed-by=prometheus-operator,app.kubernetes.io/instance in ({','.join(names)})"
    return tuple(kubectl.objects("persistentvolumeclaims", f"--selector={selector}"))


def custom_objects(kubectl: Kubectl) -> tuple[Json, ...]:
    """All objects of the operator's kinds, whoever owns them: they are deleted with their kinds."""
    kinds = kubectl.run("api-resources", f"--api-group={GROUP}", "--output=name").split()
    return tuple(kubectl.objects(",".join(kinds), "--all-namespaces")) if kinds else ()


def foreign(contents: Sequence[Json], secrets: Collection[str] = ()) -> tuple[Json, ...]:
    """The contents of a namespace without what is being deleted and `secrets` (uids) of our charts' jobs."""
    return tuple(
        body
        for body in contents
        if "deletionTimestamp" not in body["metadata"] and body["metadata"]["uid"] not in secrets
    )


def belongs_to(body: Json, releases: Sequence[HelmRelease]) -> bool:
    """Whether an object belongs to one of the Helm releases, or stores one of their revisions."""
    annotations = body["metadata"].get("annotations") or {}
    owner = annotations.get(HELM_NAME), annotations.get(HELM_NAMESPACE)
    if any(owner == (release.name, release.namespace) for release in releases):
        return True
    return body.get("type") == HELM_STORAGE and any(
        body["metadata"]["name"].startswith(f"sh.helm.release.v1.{release.name}.v") for release in releases
    )


def created_secrets(hooks: Sequence[Json], contents: Sequence[Json]) -> dict[str, str]:
    """Secrets of a namespace that jobs among a chart's hooks create, and no template: the record's entries."""
    containers = [
        container
        for body in hooks
        if body["kind"] == "Job"
        for container in body["spec"]["template"]["spec"]["containers"]
    ]
    args = [arg for container in containers for arg in container.get("args") or ()]
    names = {arg.removeprefix(NAME_OF_CREATED) for arg in args if arg.startswith(NAME_OF_CREATED)}
    return {
        secret_entry(body): body["metadata"]["uid"]
        for body in contents
        if body["kind"] == "Secret" and body["metadata"]["name"] in names
    }


def secret_entry(body: Json) -> str:
    """What the record calls a Secret."""
    return f"secret {body['metadata']['namespace']}/{body['metadata']['name']}"


def names_of(objects: Sequence[Json]) -> Iterator[str]:
    """Kind and name of each object, or the name of the Helm release that it stores."""
    for body in objects:
        name = body["metadata"]["name"]
        if body.get("type") == HELM_STORAGE:
            yield f"Helm release {name.removeprefix('sh.helm.release.v1.').rpartition('.v')[0]}"
        else:
            yield f"{body['kind'].lower()}/{name}"


def listed(objects: Sequence[Json]) -> str:
    """The objects on one line, each once."""
    names = list(dict.fromkeys(names_of(objects)))
    return f"{some_of(names, 20)} {'is' if len(names) == 1 else 'are'} still there"
