"""Are the boards in the cluster, and does a Grafana look for them?"""

from collections.abc import Iterator, Sequence

from dashboards_py.catalog import Release
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.choice import Choice
from dashboards_py.cluster.state import State, Tools
from dashboards_py.compile import compile_boards
from dashboards_py.kubernetes import Json
from dashboards_py.provisioning import tree
from dashboards_py.targets import configmaps
from dashboards_py.targets.plan import Action, Payload, summary


def board_checks(
    use: Tools, state: State, choice: Choice, release: Release, workloads: Sequence[Json], up: str
) -> Iterator[Check]:
    """The ConfigMaps, compared as a deployment would, and the sidecar."""
    if choice.namespace not in state.namespaces:
        yield Check("ConfigMaps", False, f"there is no namespace {choice.namespace}", up)
        return
    boards = compile_boards(release)
    where = f"namespace {choice.namespace} of context {use.context}"
    plan = configmaps.compare(Payload(tree(release, boards)), use.at(choice.namespace), where, overwrite=False)
    facts = ", ".join(f"{count} {action}" for action, count in summary(plan.changes).items())
    done = all(change.action == Action.UNCHANGED for change in plan.changes if change.action != Action.LEFT)
    edited = any(change.action in (Action.CONFLICT, Action.FOREIGN) for change in plan.changes)
    way = f"keep a copy of what was edited, then {up} --take-over" if edited else up
    yield Check("ConfigMaps", done, f"{facts} in {choice.namespace}, for Cilium {release}", way)
    yield _sidecar(choice, workloads)


def _sidecar(choice: Choice, workloads: Sequence[Json]) -> Check:
    """A Grafana whose sidecar looks for our label where our ConfigMaps are."""
    found = [
        {env["name"]: env.get("value", "") for env in container.get("env") or ()}
        | {"in": each["metadata"]["namespace"]}
        for each in workloads
        if each["kind"] in ("Deployment", "StatefulSet")
        for container in each["spec"]["template"]["spec"]["containers"]
    ]
    mine = [env for env in found if env.get("LABEL") == "grafana_dashboard"]
    for env in mine:
        spaces = env.get("NAMESPACE") or env["in"]
        if spaces != "ALL" and choice.namespace not in spaces.split(","):
            continue
        folders = env.get("FOLDER_ANNOTATION") == "grafana_folder"
        way = "grafana.sidecar.dashboards.folderAnnotation: grafana_folder, or all boards stand in one folder"
        said = f"Grafana's, in {env['in']}, watches {spaces}" + ("" if folders else ", but knows no folders")
        return Check("sidecar", folders, said, way)
    said = f"none looks for ConfigMaps labelled grafana_dashboard in {choice.namespace}"
    return Check("sidecar", False, said, "grafana.sidecar.dashboards.searchNamespace: ALL")
