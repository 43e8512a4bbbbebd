"""The steps that install or complete prometheus-operator's CRDs and kube-prometheus-stack."""

from collections.abc import Iterator

from dashboards_py import remedies
from dashboards_py.cluster.charts import Charts
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import CRDS, STACK, undefined_kinds
from dashboards_py.cluster.state import GROUP, KINDS, State
from dashboards_py.cluster.steps.create_namespace import CreateNamespace
from dashboards_py.cluster.steps.helm_install import HelmInstall
from dashboards_py.cluster.steps.helm_upgrade import HelmUpgrade
from dashboards_py.cluster.steps.step import Step
from dashboards_py.cluster.upgrade import change_lines, edited_but_left, lost_parts, overwritten, prepare_upgrade
from dashboards_py.errors import DashboardsError, ProblemsFound, Remedy
from dashboards_py.kubernetes.helm import REPOSITORIES, HelmRelease
from dashboards_py.values.keys import get_value, merge_values
from dashboards_py.values.render import as_tree
from dashboards_py.values.required import RequiredValues
from dashboards_py.values.stack import SELECTOR, stack


def namespace_steps(state: State, options: Options) -> Iterator[Step]:
    """The namespace of the stack and the boards."""
    if options.namespace in state.namespaces:
        return
    if not options.stack:
        about = {"namespace": options.namespace}
        raise DashboardsError(
            f"namespace {options.namespace}",
            cause="does not exist",
            remedy=Remedy(remedies.CHOOSE_NAMESPACE, about),
        )
    yield CreateNamespace(name=options.namespace)


def crd_steps(state: State, options: Options, charts: Charts) -> Iterator[Step]:
    """Install the kinds of prometheus-operator if they are missing, or restore those that were deleted."""
    for release in state.release(CRDS):
        if lost_parts(state, release):
            yield _upgrade(state, options, charts, release, {}, skip_crds=False)
            return
    if state.crds & KINDS:
        _refuse_missing_kinds(state, options)
        return
    yield HelmInstall(
        name=CRDS,
        namespace=options.namespace,
        chart=CRDS,
        version=options.versions.crds,
        values={},
        required_values={},
        timeout=options.timeout,
        details=("the kinds of prometheus-operator, ServiceMonitor among them: Cilium's chart fails without them",),
    )


def stack_steps(state: State, options: Options, charts: Charts) -> Iterator[Step]:
    """Install the stack, or complete an existing one, whose selector is kept: what else it selects is not ours."""
    release = next((item for item in state.release(STACK) if item.qualified_name == options.qualified_release), None)
    # If the kinds are installed by a chart of their own, before this step or by us, the stack leaves them alone.
    skip_crds = state.crds >= KINDS or f"servicemonitors.{GROUP}" not in state.crds
    required = stack(selected_by=options.release, interval=options.interval)
    if release is None:
        tree = as_tree(required)
        yield HelmInstall(
            name=options.release,
            namespace=options.namespace,
            chart=STACK,
            version=options.versions.stack,
            values=tree,
            required_values={key: get_value(tree, key) for key in required},
            timeout=options.timeout,
            skip_crds=skip_crds,
            details=(
                *(f"set {key} = {get_value(tree, key)}" for key in required),
                "Prometheus, Grafana, Alertmanager and their operator are new; Grafana's password is random",
            ),
        )
        return
    yield from _completed(state, options, charts, release, skip_crds)


def _refuse_missing_kinds(state: State, options: Options) -> None:
    """Raise ProblemsFound if a kind of the operator is used and not defined, and others are, by no chart of them."""
    needed = {f"servicemonitors.{GROUP}"} - state.crds
    if missing := sorted(needed.union(undefined_kinds(state, state.manifests.keys()))):
        where = f"--repo {REPOSITORIES[STACK]} --version {options.versions.stack}"
        raise ProblemsFound(
            f"the kinds of {GROUP}",
            cause=f"missing: {', '.join(missing)}, though others are defined",
            fix=f"helm show crds {STACK} {where} | kubectl apply --server-side -f -, then run the command again",
        )


def _completed(state: State, options: Options, charts: Charts, release: HelmRelease, skip_crds: bool) -> Iterator[Step]:
    """The upgrade of a stack that lacks something, or a notice of what was edited."""
    user_values = state.values.get(release.qualified_name, {})
    required = stack(selected_by=options.release, interval=options.interval)
    missing = {key: item for key, item in required.items() if key != SELECTOR and get_value(user_values, key) is None}
    lost, edited = lost_parts(state, release), edited_but_left(state, release)
    if not missing and not lost and release.status == "deployed" and not (edited and options.take_over):
        yield from edited
        return
    yield _upgrade(state, options, charts, release, missing, skip_crds=skip_crds)


def _upgrade(
    state: State,
    options: Options,
    charts: Charts,
    release: HelmRelease,
    missing: RequiredValues,
    *,
    skip_crds: bool,
) -> HelmUpgrade:
    """The upgrade that gives a release the values that are `missing`, and restores what it lost."""
    user_values, lost = state.values.get(release.qualified_name, {}), lost_parts(state, release)
    tree = as_tree(missing)
    values = merge_values(user_values, tree)
    rendered = prepare_upgrade(state, options, charts, release, values)
    failed = [f"its last upgrade is {release.status}: it is repeated, and pods may restart"]
    return HelmUpgrade(
        release=release,
        expected_values=user_values,
        values=values,
        required_values={key: get_value(tree, key) for key in missing},
        timeout=options.timeout,
        force=options.take_over,
        edits=rendered.seen,
        rendered=rendered.after,
        skip_crds=skip_crds,
        details=(
            *(f"set {key} = {get_value(tree, key)}" for key in missing),
            *map(str, lost),
            *overwritten(rendered.edits),
            *(failed if release.status != "deployed" else ()),
            *change_lines(rendered, lost),
        ),
    )
