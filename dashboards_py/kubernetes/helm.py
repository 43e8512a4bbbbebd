"""helm for one context; its failures become errors that name the object, the cause and the fix."""

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes.answers import objects_of, read_json
from dashboards_py.kubernetes.helm_errors import error_from_stderr
from dashboards_py.kubernetes.helm_input import values_text
from dashboards_py.kubernetes.process import Runner, run
from dashboards_py.kubernetes.shapes import ListedRelease, ListedRevision

OLDEST = (3, 12)
REPOSITORIES = {
    "cilium": "https://helm.cilium.io",
    "kube-prometheus-stack": "https://prometheus-community.github.io/helm-charts",
    "prometheus-operator-crds": "https://prometheus-community.github.io/helm-charts",
}
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HelmRelease:
    """A Helm release: its name, namespace, chart, the chart's version, revision and status (`deployed`).

    `updated` is when that revision was created, as `helm list` prints it: the numbers start again if a release is
    uninstalled and reinstalled.
    """

    name: str
    namespace: str
    chart: str
    version: str
    revision: int
    status: str
    updated: str = field(default="", compare=False)

    @property
    def qualified_name(self) -> str:
        """Namespace and name, as one word."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a release: number, status (`superseded`, `failed`), description, time, chart with version."""

    number: int
    status: str
    description: str
    updated: str = ""
    chart: str = ""


class Helm:
    """helm for one context. `charts` is a directory of packed charts to use instead of the repositories."""

    def __init__(self, context: str, kubeconfig: str | None, charts: Path | None = None, runner: Runner = run) -> None:
        self.runner = runner
        self.where = [f"--kube-context={context}", *([f"--kubeconfig={kubeconfig}"] if kubeconfig else [])]
        self.charts = charts
        self._version: tuple[int, int] | None = None

    def with_runner(self, runner: Runner) -> "Helm":
        """The same cluster and charts with another runner."""
        changed = copy.copy(self)
        changed.runner = runner
        return changed

    def version(self) -> tuple[int, int]:
        """Major and minor version, which is read once; one that is too old raises DashboardsError."""
        if self._version:
            return self._version
        stdout = self._run("version", "--template={{.Version}}", connect=False)
        numbers = re.match(r"v?(\d+)\.(\d+)", stdout.strip())
        version = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
        if version < OLDEST:
            fix = "install a newer one: https://helm.sh/docs/intro/install"
            raise DashboardsError("helm", cause=f"{stdout.strip()} is too old: 3.12 is needed", fix=fix)
        self._version = version
        return version

    def releases(self) -> tuple[HelmRelease, ...]:
        """All releases in all namespaces, incomplete ones too."""
        return self._list("--all-namespaces")

    def release(self, namespace: str, name: str) -> HelmRelease | None:
        """One release as it is now; its revision tells whether someone has changed it since it was read."""
        listed = self._list(f"--namespace={namespace}", f"--filter=^{re.escape(name)}$")
        return next((release for release in listed if release.name == name), None)

    def values(self, release: HelmRelease, revision: int | None = None) -> dict[str, Any]:
        """The user-supplied values of the release, now or at a revision."""
        at = [f"--revision={revision}"] if revision is not None else []
        stdout = self._run("get", "values", release.name, f"--namespace={release.namespace}", *at, "--output=json")
        return dict(read_json(stdout, "helm") or {})

    def manifest(self, release: HelmRelease, revision: int | None = None) -> list[dict[str, Any]]:
        """The objects that Helm rendered for the release, in its last or another revision."""
        at = [f"--revision={revision}"] if revision is not None else []
        return objects_of(self._run("get", "manifest", release.name, f"--namespace={release.namespace}", *at))

    def hooks(self, release: HelmRelease) -> list[dict[str, Any]]:
        """The objects of the release's hooks, which are not in its manifest."""
        return objects_of(self._run("get", "hooks", release.name, f"--namespace={release.namespace}"))

    def history(self, release: HelmRelease) -> tuple[Revision, ...]:
        """The revisions that Helm still keeps (ten by default), oldest first."""
        rows: list[ListedRevision] = read_json(
            self._run("history", release.name, f"--namespace={release.namespace}", "--output=json"), "helm"
        )
        return tuple(
            Revision(
                int(row["revision"]),
                row["status"],
                row.get("description", ""),
                row.get("updated", ""),
                row.get("chart", ""),
            )
            for row in rows
        )

    def rendered(
        self,
        chart: str,
        version: str,
        name: str,
        namespace: str,
        values: Values,
        kubernetes: str,
        api_versions: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        """The objects of a chart with the values, rendered as if the operator's CRDs were installed.

        `api_versions` are further ones of the cluster that the chart may check for.
        """
        args = ["template", name, *self.chart(chart, version), f"--namespace={namespace}", "--values=-"]
        args += ["--is-upgrade", f"--kube-version={kubernetes}", "--api-versions=monitoring.coreos.com/v1"]
        args += [f"--api-versions={version}" for version in api_versions]
        stdout = self._run(*args, stdin=values_text(values), connect=False)
        return objects_of(stdout)

    def install(
        self,
        chart: str,
        version: str,
        name: str,
        namespace: str,
        values: Values,
        *,
        timeout: str,
        skip_crds: bool = False,
    ) -> None:
        """Install a chart, and wait until it is ready; an existing release of that name raises ProblemsFound.

        `skip_crds` leaves existing CRDs alone: Helm 4 would take them over, and their own release could then neither
        upgrade nor remove them.
        """
        skip = ["--skip-crds"] if skip_crds else []
        self._with_values("install", chart, version, name, namespace, values, timeout, *skip)

    def upgrade(
        self,
        chart: str,
        version: str,
        name: str,
        namespace: str,
        values: Values,
        *,
        force: bool,
        timeout: str,
        skip_crds: bool = False,
    ) -> None:
        """Upgrade to exactly these values, and wait until it is ready.

        An object that someone edited by hand raises ProblemsFound unless `force` (Helm 4; Helm 3 never refuses).
        """
        flags = ["--reset-values", *(["--skip-crds"] if skip_crds else [])]
        flags += ["--force-conflicts"] if force and self.version() >= (4, 0) else []
        self._with_values("upgrade", chart, version, name, namespace, values, timeout, *flags)

    def _with_values(
        self, verb: str, chart: str, version: str, name: str, namespace: str, values: Values, timeout: str, *flags: str
    ) -> None:
        args = [verb, name, *self.chart(chart, version), f"--namespace={namespace}", "--values=-", "--wait"]
        args += [f"--timeout={timeout}", *flags]
        self._run(*args, stdin=values_text(values), seconds=None)

    def rollback(self, release: HelmRelease, revision: int, *, timeout: str) -> None:
        """Restore chart and values of a revision, as a new one, and wait until it is ready."""
        args = [
            "rollback",
            release.name,
            str(revision),
            f"--namespace={release.namespace}",
            "--wait",
            f"--timeout={timeout}",
        ]
        self._run(*args, seconds=None)

    def first_deployed(self, release: HelmRelease) -> str:
        """When the release was first installed, which distinguishes it from a later one of the same name.

        Helm 4's `helm status` has it as well, but fails if the cluster lacks a kind of the release's objects.
        """
        where = f"--namespace={release.namespace}"
        stdout = self._run("get", "all", release.name, where, f"--template={FIRST_DEPLOYED}")
        return str(read_json(stdout, "helm"))

    def uninstall(self, release: HelmRelease, *, timeout: str) -> None:
        """Remove a release and wait until its objects are deleted; volumes that it claimed are kept."""
        self._run(
            "uninstall",
            release.name,
            f"--namespace={release.namespace}",
            "--wait",
            f"--timeout={timeout}",
            "--debug",  # else it does not say why an object was not deleted
            seconds=None,
        )

    def chart(self, name: str, version: str) -> list[str]:
        """The arguments for a chart: a packed one of `charts`, or its repository and version."""
        if self.charts is None:
            return [name, f"--repo={REPOSITORIES[name]}", f"--version={version}"]
        packed = self.charts / f"{name}-{version}.tgz"
        if not packed.is_file():
            fix = f"helm pull {name} --repo {REPOSITORIES[name]} --version {version} -d {self.charts}"
            raise DashboardsError(f"chart {name} {version}", cause=f"{packed} does not exist", fix=fix)
        return [str(packed)]

    def source(self, name: str, version: str) -> str:
        """Where the chart comes from, for messages."""
        return REPOSITORIES[name] if self.charts is None else str(self.charts / f"{name}-{version}.tgz")

    def _list(self, *where: str) -> tuple[HelmRelease, ...]:
        states = ("--deployed", "--failed", "--pending", "--uninstalling")
        rows: list[ListedRelease] = read_json(self._run("list", *where, "--max=0", *states, "--output=json"), "helm")
        return tuple(map(_release, rows))

    def _run(self, *args: str, stdin: str = "", connect: bool = True, seconds: int | None = 120) -> str:
        completed = self.runner(["helm", *args, *(self.where if connect else [])], stdin=stdin, seconds=seconds)
        if completed.code:
            namespaces = [arg.removeprefix("--namespace=") for arg in args if arg.startswith("--namespace=")]
            raise error_from_stderr(completed.stderr, completed.code, "".join(namespaces))
        return completed.stdout


# As JSON, and the time as Go's encoding/json writes it: the record has identities that were read so.
FIRST_DEPLOYED = '"{{.Release.Info.FirstDeployed.Format "2006-01-02T15:04:05.999999999Z07:00"}}"'
# A chart's name may end in a number, and a version need not have three: the longest form is tried first.
VERSION_END = r"(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"
CHARTS = tuple(
    re.compile(rf"(?P<name>.+?)-(?P<version>v?{numbers}{VERSION_END})")
    for numbers in (r"\d+\.\d+\.\d+", r"\d+\.\d+", r"\d+")
)


def _release(row: ListedRelease) -> HelmRelease:
    chart, version = chart_and_version(row["chart"])
    revision, updated = int(row["revision"]), str(row.get("updated", ""))
    return HelmRelease(row["name"], row["namespace"], chart, version, revision, row["status"], updated)


def chart_and_version(text: str) -> tuple[str, str]:
    """A chart and its version, which `helm list` joins by a dash; without a version, all of it is the name."""
    for pattern in CHARTS:
        if match := pattern.fullmatch(text):
            return match["name"], match["version"]
    return text, ""
