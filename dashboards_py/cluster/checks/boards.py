"""Are the boards in the cluster, and does a Grafana load them?"""

from collections.abc import Iterator, Sequence

from dashboards_py.catalog import Release
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.fixes import Fixes, edited_fix
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.our_boards import compiled_boards
from dashboards_py.cluster.state import State
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Json
from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Action, Payload, configmaps, summary


def board_checks(
    clients: Clients, state: State, options: Options, release: Release, workloads: Sequence[Json], fixes: Fixes
) -> Iterator[Check]:
    """The ConfigMaps, compared as by a deployment, and the sidecar."""
    if options.namespace not in state.namespaces:
        create = "" if fixes.creates_namespace else f"kubectl create namespace {options.namespace}, then "
        missing = f"there is no namespace {options.namespace}"
        yield Check("ConfigMaps", False, missing, (create, fixes.boards), cause="missing-boards")
        return
    if (state.namespaces[options.namespace].get("status") or {}).get("phase") == "Terminating":
        wait = f"wait until `kubectl get namespace {options.namespace}` no longer shows it, then "
        ending = f"namespace {options.namespace} is being terminated"
        yield Check("ConfigMaps", False, ending, (wait, fixes.boards), cause="missing-boards")
        return
    boards = compiled_boards(release, options.boards, options.cache)
    where = f"namespace {options.namespace} of context {clients.context}"
    kubectl = clients.at(options.namespace)
    try:
        plan = configmaps.compare(Payload(provisioning_files(release, boards)), kubectl, where, overwrite=False)
    except DashboardsError as error:
        yield Check("ConfigMaps", None, f"{error.what}: {error.cause}", error.suggestion)
        yield _sidecar(options, workloads)
        return
    facts = ", ".join(f"{count} {action}" for action, count in summary(plan.changes).items())
    done = all(change.action == Action.UNCHANGED for change in plan.changes if change.action != Action.LEFT)
    edited = [change for change in plan.changes if change.action in (Action.CONFLICT, Action.FOREIGN)]
    managers = [manager for change in edited for manager in change.editors or ("",)]
    fix = edited_fix(managers, fixes.take_over_boards, fixes.boards) if edited else fixes.boards
    observed = f"{facts} in {options.namespace}, for Cilium {release}"
    yield Check("ConfigMaps", done, observed, fix, cause="missing-boards")
    yield _sidecar(options, workloads)


def _sidecar(options: Options, workloads: Sequence[Json]) -> Check:
    """Whether a Grafana's sidecar watches our label in our namespace."""
    environments = [
        {env["name"]: env.get("value", "") for env in container.get("env") or ()}
        | {"in": workload["metadata"]["namespace"]}
        for workload in workloads
        if workload["kind"] in ("Deployment", "StatefulSet")
        for container in workload["spec"]["template"]["spec"]["containers"]
    ]
    sidecars = [env for env in environments if env.get("LABEL") == "grafana_dashboard"]
    for env in sidecars:
        spaces = env.get("NAMESPACE") or env["in"]
        if spaces != "ALL" and options.namespace not in spaces.split(","):
            continue
        folders = env.get("FOLDER_ANNOTATION") == "grafana_folder"
        fix = "grafana.sidecar.dashboards.folderAnnotation: grafana_folder, or all boards are in one folder"
        observed = f"Grafana's, in {env['in']}, watches {spaces}" + ("" if folders else ", but ignores folders")
        return Check("sidecar", folders, observed, fix, cause="unwatched-boards")
    observed = f"none watches ConfigMaps labelled grafana_dashboard in {options.namespace}"
    fix = "grafana.sidecar.dashboards.searchNamespace: ALL"
    return Check("sidecar", False, observed, fix, cause="unwatched-boards")
