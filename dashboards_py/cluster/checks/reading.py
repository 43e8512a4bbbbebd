"""Reading a cluster with limited rights: what may not be read counts as missing, and is reported as denied."""

import re
from collections.abc import Sequence
from dataclasses import replace

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.state import GROUP, State, read_state
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Completed, HelmRelease, LiveConfigMap, Runner

MISSING_RIGHT = re.compile(r'cannot (?:list|get) resource "([^"]+)"')
TAG = re.compile(r"/cilium[\w-]*:v(\d+\.\d+\.\d+[^@]*)")  # charts before 1.17 do not label their objects
EMPTY = '{"items": []}'


class TolerantRunner:
    """A runner that returns an empty result if a right is missing; `denied` holds the plurals of the resources."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.denied: set[str] = set()

    def __call__(self, argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        """Run a program."""
        completed = self.runner(argv, stdin=stdin, seconds=seconds)
        match = MISSING_RIGHT.search(completed.stderr) if completed.code else None
        if match is None:
            return completed
        self.denied.add(match[1])
        return Completed(0, "[]" if argv[0] == "helm" else EMPTY if "--output=json" in argv else "", "")


def read_state_as_allowed(clients: Clients) -> tuple[State, frozenset[str]]:
    """The state, and the plural names of denied resources, such as `secrets`, in which Helm keeps its releases.

    If Cilium's release may not be read, it is taken from Helm's labels and annotations on the DaemonSet, with the
    status `unknown`.
    """
    tolerant = TolerantRunner(clients.helm.runner)
    allowed = replace(clients, helm=clients.helm.with_runner(tolerant), kubectl=clients.kubectl.with_runner(tolerant))
    state = read_state(allowed)
    denied = frozenset(tolerant.denied)
    if "customresourcedefinitions" in denied:  # anyone may list the API resources
        listed = clients.kubectl.run("api-resources", f"--api-group={GROUP}", "--output=name").split()
        state = replace(state, crds=frozenset(listed))
    if "secrets" in denied:
        state = replace(state, helm=_by_daemonset(clients))
    return state, denied


def config_maps_as_allowed(clients: Clients, namespace: str) -> tuple[LiveConfigMap, ...]:
    """The ConfigMaps of a namespace that may be boards; none if they may not be read."""
    try:
        return tuple(clients.at(namespace).config_maps())
    except DashboardsError:
        return ()


def _by_daemonset(clients: Clients) -> tuple[HelmRelease, ...]:
    releases = []
    for item in clients.kubectl.objects("daemonsets", "--all-namespaces"):
        labels, annotations = (item["metadata"].get(part) or {} for part in ("labels", "annotations"))
        name, namespace = (annotations.get(f"meta.helm.sh/release-{part}") for part in ("name", "namespace"))
        images = [container.get("image", "") for container in item["spec"]["template"]["spec"]["containers"]]
        tags = [match[1] for image in images if (match := TAG.search(image))]
        version = str(labels.get("helm.sh/chart", "")).removeprefix("cilium-") or next(iter(tags), "")
        if labels.get("k8s-app") == "cilium" and name and namespace and version:
            releases.append(HelmRelease(name, namespace, "cilium", version, 0, "unknown"))
    return tuple(releases)
