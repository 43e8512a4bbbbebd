"""Reading a cluster with limited rights: what may not be read counts as missing, and is reported as denied."""

import re
from collections.abc import Sequence
from dataclasses import replace

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.state import GROUP, State, read_state
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Completed, Json, LiveConfigMap, Runner
from dashboards_py.kubernetes.helm import HelmRelease

MISSING_RIGHT = re.compile(r'cannot (?:list|get) resource "([^"]+)"')
TAG = re.compile(r"/cilium[\w-]*:v(\d+\.\d+\.\d+[^@]*)")  # charts before 1.17 do not label their objects
EMPTY = '{"items": []}'
UNKNOWN = "unknown"  # the status of a release whose Secrets may not be read, or that is not Helm's


class TolerantRunner:
    """A runner that returns the rest of a result, or an empty one, if a right is missing.

    `denied` holds the plurals of the resources. Of several kinds kubectl prints those that may be read.
    """

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.denied: set[str] = set()

    def __call__(self, argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        """Run a program."""
        completed = self.runner(argv, stdin=stdin, seconds=seconds)
        denied = MISSING_RIGHT.findall(completed.stderr) if completed.code else ()
        if not denied:
            return completed
        self.denied.update(denied)
        empty = "[]" if argv[0] == "helm" else EMPTY if "--output=json" in argv else ""
        return Completed(0, completed.stdout or empty, "")


def read_state_as_allowed(clients: Clients) -> tuple[State, frozenset[str]]:
    """The state, and the plural names of denied resources, such as `secrets`, in which Helm keeps its releases.

    If Cilium's release may not be read, it is taken from Helm's labels and annotations on the DaemonSet, with the
    status `unknown`.
    """
    tolerant = TolerantRunner(clients.helm.runner)
    allowed = replace(clients, helm=clients.helm.with_runner(tolerant), kubectl=clients.kubectl.with_runner(tolerant))
    state = read_state(allowed, tolerant.denied)
    denied = frozenset(tolerant.denied)
    if "customresourcedefinitions" in denied:  # anyone may list the API resources
        listed = clients.kubectl.run("api-resources", f"--api-group={GROUP}", "--output=name").split()
        state = replace(state, crds=frozenset(listed))
    if "secrets" in denied:
        daemonsets = clients.kubectl.objects("daemonsets", "--all-namespaces")
        state = replace(state, helm=tuple(filter(None, [cilium_by_daemonset(daemonsets, of_helm=True)])))
    return state, denied


def config_maps_as_allowed(clients: Clients, namespace: str) -> tuple[LiveConfigMap, ...]:
    """The ConfigMaps of a namespace that may be boards; none if they may not be read."""
    try:
        return tuple(clients.at(namespace).config_maps())
    except DashboardsError:
        return ()


def cilium_by_daemonset(workloads: Sequence[Json], *, of_helm: bool = False) -> HelmRelease | None:
    """Cilium by the labels and annotations of its DaemonSet, with the status `unknown`; None if there is none.

    `of_helm`: only as a release of Helm. Otherwise something else may have applied it, which keeps the chart's labels.
    """
    for item in workloads:
        labels, annotations = (item["metadata"].get(part) or {} for part in ("labels", "annotations"))
        name, namespace = (annotations.get(f"meta.helm.sh/release-{part}") for part in ("name", "namespace"))
        if item["kind"] != "DaemonSet" or labels.get("k8s-app") != "cilium" or (of_helm and not (name and namespace)):
            continue
        images = [container.get("image", "") for container in item["spec"]["template"]["spec"]["containers"]]
        tags = [match[1] for image in images if (match := TAG.search(image))]
        version = str(labels.get("helm.sh/chart", "")).removeprefix("cilium-") or next(iter(tags), "")
        if version or not of_helm:
            return HelmRelease(
                name or "cilium", namespace or item["metadata"]["namespace"], "cilium", version, 0, UNKNOWN
            )
    return None
