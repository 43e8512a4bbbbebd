"""A check of `verify`, and the commands that it suggests."""

from dataclasses import dataclass

from dashboards_py.catalog import Release
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import CRDS
from dashboards_py.kubernetes import HelmRelease
from dashboards_py.kubernetes.helm import REPOSITORIES


@dataclass(frozen=True, slots=True)
class Check:
    """A result: `ok` (None: undetermined), what was observed, and how to fix it."""

    name: str
    ok: bool | None
    observed: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands that restore what Helm renders, the values of the release, and the boards."""

    objects: str
    values: str
    boards: str


def setup_commands(options: Options) -> Commands:
    """`setup.sh up` for all three."""
    return Commands(*[up_command(options)] * 3)


def manual_commands(options: Options, release: Release, helm: HelmRelease, *, has_service_monitors: bool) -> Commands:
    """Separate commands, for clusters with another scraper: `up` would install a second Prometheus.

    Where the cluster has no kind ServiceMonitor, Cilium's chart refuses to render one ("Service Monitor requires
    monitoring.coreos.com/v1 CRDs", templates/validate.yaml), and with trustCRDsExist the API server does: the CRDs come
    first. They run nothing by themselves.
    """
    chart = f"cilium --repo {REPOSITORIES['cilium']} --version {helm.version}"
    upgrade = f"helm upgrade {helm.name} {chart} -n {helm.namespace}"
    values = f"cilium-dashboards values cilium --cilium {release} --merge-with mine.yaml > all.yaml"
    kinds = f"helm install {CRDS} {CRDS} --repo {REPOSITORIES[CRDS]} --version {options.versions.crds} -n default"
    first = "" if has_service_monitors else f"{kinds} (the kind ServiceMonitor, which is missing); "
    return Commands(
        f"{upgrade} --reuse-values",
        f"{first}{values}; {upgrade} -f all.yaml (mine.yaml: helm get values {helm.name} -n {helm.namespace} -o yaml)",
        f"cilium-dashboards deploy configmaps --namespace {options.namespace} --cilium {release}",
    )


def up_command(options: Options) -> str:
    """`setup.sh up` with the options that were verified, ready to run."""
    flags = []
    if not options.stack:
        flags.append("--no-stack")
    if options.namespace != "prometheus":
        flags.append(f"--namespace {options.namespace}")
    if options.stack and options.release != "prometheus":
        flags.append(f"--release {options.release}")
    if options.prometheus:
        flags.append(f"--prometheus {options.prometheus}")
    if options.embedded_envoy:
        flags.append("--embedded-envoy")
    return " ".join(["setup.sh up", *flags])
