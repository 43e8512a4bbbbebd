"""One line of what `verify` says."""

from dataclasses import dataclass

from dashboards_py.catalog import Release
from dashboards_py.cluster.choice import Choice
from dashboards_py.kubernetes import HelmRelease
from dashboards_py.kubernetes.helm import REPOSITORIES


@dataclass(frozen=True, slots=True)
class Check:
    """One thing: whether it is right (None: cannot be told), what was seen, and what fixes it."""

    name: str
    ok: bool | None
    said: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """Commands that bring in place what Helm renders, what Helm was given, and the boards."""

    objects: str
    values: str
    boards: str


def ways_with_setup(choice: Choice) -> Ways:
    """All of it by `setup.sh up`."""
    return Ways(*[up_command(choice)] * 3)


def ways_without_operator(choice: Choice, release: Release, helm: HelmRelease) -> Ways:
    """Each by itself, where something else scrapes: `up` would bring a second Prometheus."""
    chart = f"cilium --repo {REPOSITORIES['cilium']} --version {helm.version}"
    upgrade = f"helm upgrade {helm.name} {chart} -n {helm.namespace}"
    values = f"cilium-dashboards values cilium --cilium {release} --merge-with mine.yaml > all.yaml"
    return Ways(
        f"{upgrade} --reuse-values",
        f"{values}; {upgrade} -f all.yaml (mine.yaml: helm get values {helm.name} -n {helm.namespace} -o yaml)",
        f"cilium-dashboards deploy configmaps --namespace {choice.namespace} --cilium {release}",
    )


def up_command(choice: Choice) -> str:
    """`setup.sh up` for the stack and namespace that were verified: as printed, it works."""
    flags = []
    if not choice.stack:
        flags.append("--no-stack")
    if choice.namespace != "prometheus":
        flags.append(f"--namespace {choice.namespace}")
    if choice.stack and choice.release != "prometheus":
        flags.append(f"--release {choice.release}")
    if choice.prometheus:
        flags.append(f"--prometheus {choice.prometheus}")
    if choice.embedded_envoy:
        flags.append("--embedded-envoy")
    return " ".join(["setup.sh up", *flags])
