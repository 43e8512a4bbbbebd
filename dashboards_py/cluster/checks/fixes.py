"""The fixes for this cluster: `up` with the options that were verified, or separate commands."""

from collections.abc import Collection
from dataclasses import dataclass

from dashboards_py import remedies
from dashboards_py.catalog import Release
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import CRDS
from dashboards_py.errors import Fix, Remedy
from dashboards_py.kubernetes.gitops import has_others, source_fix
from dashboards_py.kubernetes.helm import REPOSITORIES, HelmRelease

USER_FILE, MERGED_FILE = "mine.yaml", "all.yaml"  # the user's values, and those merged with what the boards need


@dataclass(frozen=True, slots=True)
class Fixes:
    """How to restore the objects that Helm rendered, the values of the release, the boards, and the alerts (`rules`).

    Those that begin with `take_over` overwrite manual edits as well. `restart` restarts pods that run with an
    old configuration; None if only kubectl can. `creates_namespace`: `boards` creates the namespace of the boards.
    """

    objects: Fix
    values: Fix
    boards: Fix
    take_over_objects: Fix
    take_over_boards: Fix
    rules: Fix
    take_over_rules: Fix
    restart: Fix | None
    creates_namespace: bool


def setup_fixes(options: Options) -> Fixes:
    """`up` for everything; it creates a namespace only for its own stack."""
    up, take_over = up_remedy(options), up_remedy(options, "take_over")
    return Fixes(
        objects=up,
        values=up,
        boards=up,
        take_over_objects=take_over,
        take_over_boards=take_over,
        rules=up_remedy(options, "rules"),
        take_over_rules=up_remedy(options, "rules", "take_over"),
        restart=up_remedy(options, "restart"),
        creates_namespace=options.stack,
    )


def manual_fixes(options: Options, release: Release, helm: HelmRelease, *, has_service_monitors: bool) -> Fixes:
    """Separate commands, for clusters with another scraper: `up` would install a second Prometheus.

    If the cluster has no kind ServiceMonitor, Cilium's chart refuses to render one ("Service Monitor requires
    monitoring.coreos.com/v1 CRDs", templates/validate.yaml), and with trustCRDsExist the API server does: the CRDs are
    installed first; they run nothing by themselves.
    """
    chart = f"cilium --repo {REPOSITORIES['cilium']} --version {helm.version}"
    upgrade = f"helm upgrade {helm.name} {chart} -n {helm.namespace}"
    kinds = f"helm install {CRDS} {CRDS} --repo {REPOSITORIES[CRDS]} --version {options.versions.crds} -n default"
    first = "" if has_service_monitors else f"{kinds} (the kind ServiceMonitor, which is missing); "
    merge = Remedy(remedies.MERGE_VALUES, {"cilium": str(release), "file": USER_FILE, "merged": MERGED_FILE})
    about = {"namespace": options.namespace, "cilium": str(release)}
    return Fixes(
        objects=f"{upgrade} --reuse-values",
        values=(
            first,
            merge,
            f"; {upgrade} -f {MERGED_FILE} ({USER_FILE}: helm get values {helm.name} -n {helm.namespace} -o yaml)",
        ),
        boards=Remedy(remedies.DEPLOY_BOARDS, about),
        take_over_objects=f"{upgrade} --reuse-values --force-conflicts",
        take_over_boards=Remedy(remedies.OVERWRITE_BOARDS, about),
        rules=Remedy(remedies.DEPLOY_RULES, about),
        take_over_rules=Remedy(remedies.OVERWRITE_RULES, about),
        restart=None,
        creates_namespace=False,
    )


def edited_fix(managers: Collection[str], take_over: Fix, usual: Fix) -> Fix:
    """How to restore what these managers edited: `take_over`, but `usual` for what one of them would set again."""
    source = source_fix(managers)
    if source and not has_others(managers):
        return source, "; for the rest ", usual
    return f"{source}; " if source else "", "keep a copy of what was edited, then ", take_over


def up_remedy(options: Options, *more: str) -> Remedy:
    """`up` with those of the verified options that differ from their defaults, and with the options in `more`."""
    about: dict[str, str] = {}
    if not options.stack:
        about["no_stack"] = ""
    if options.namespace != "prometheus":
        about["namespace"] = options.namespace
    if options.stack and options.release != "prometheus":
        about["release"] = options.release
    if options.prometheus:
        about["prometheus"] = options.prometheus
    if options.embedded_envoy:
        about["embedded_envoy"] = ""
    return Remedy(remedies.UP, about | dict.fromkeys(more, ""))
