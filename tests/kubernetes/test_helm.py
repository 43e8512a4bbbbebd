"""What helm 3.17 and 4.3 were seen to say, as errors with the way out."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboards_py.errors import DashboardsError, ProblemsFound, Refused
from dashboards_py.kubernetes import Helm, HelmRelease, process
from dashboards_py.kubernetes.helm import complaint

CONFLICT = """\
level=WARN msg="upgrade failed" name=cilium error="conflict occurred while applying object kube-system/cilium-config"
Error: UPGRADE FAILED: conflict occurred while applying object kube-system/cilium-config /v1, Kind=ConfigMap: \
Apply failed with 2 conflicts: conflicts with "kubectl-patch" using v1:
- .data.debug
- .data.metrics
"""
ONE = """\
Error: UPGRADE FAILED: conflict occurred while applying object kube-system/hubble monitoring.coreos.com/v1, \
Kind=ServiceMonitor: Apply failed with 1 conflict: conflict with "kubectl-edit" using monitoring.coreos.com/v1: \
.spec.endpoints
"""
SAID: tuple[tuple[str, type[DashboardsError], str, str], ...] = (
    (
        CONFLICT,
        ProblemsFound,
        "ConfigMap kube-system/cilium-config: kubectl-patch changed .data.debug, .data.metrics by hand",
        "--take-over",
    ),
    (
        ONE,
        ProblemsFound,
        "ServiceMonitor kube-system/hubble: kubectl-edit changed .spec.endpoints by hand",
        "--take-over",
    ),
    (
        'Error: looks like "https://helm.cilium.io" is not a valid chart repository or cannot be reached: Get '
        '"https://helm.cilium.io/index.yaml": dial tcp: lookup helm.cilium.io: no such host\n',
        DashboardsError,
        "the chart or the cluster: looks like",
        "--charts",
    ),
    (
        'Error: chart "cilium" version "1.19.99" not found in https://helm.cilium.io repository\n',
        DashboardsError,
        "the chart: chart",
        "--charts",
    ),
    (
        'Error: list: failed to list: secrets is forbidden: User "nobody" cannot list resource "secrets"\n',
        Refused,
        "the cluster: list",
        "kubectl auth can-i",
    ),
    (
        'Error: kubernetes cluster unreachable: context "nope" does not exist\n',
        DashboardsError,
        "the cluster: kubernetes cluster unreachable",
        "kubectl config get-contexts",
    ),
    (
        "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n",
        ProblemsFound,
        "helm: UPGRADE FAILED",
        "setup.sh plan",
    ),
    (
        "Error: execution error at (cilium/templates/validate.yaml:66:13): Service Monitor requires "
        "monitoring.coreos.com/v1 CRDs. Please refer to https://github.com/x\n",
        DashboardsError,
        "the cluster: execution error",
        "setup.sh up",
    ),
    (
        "Error: values don't meet the specifications of the schema(s) in the following chart(s):\ncilium:\n"
        "- at '/operator/prometheus/enabled': got string, want boolean\n",
        DashboardsError,
        "the values: values don't meet",
        "mend it",
    ),
    (
        'Error: unable to continue with install: CustomResourceDefinition "x" in namespace "" exists and cannot be '
        "imported into the current release: invalid ownership metadata\n",
        ProblemsFound,
        "the cluster: unable",
        "belongs to somebody else",
    ),
    ("Error: UPGRADE FAILED: context deadline exceeded\n", DashboardsError, "the cluster: UPGRADE", "kubectl get pods"),
    ("panic: no idea\n", DashboardsError, "helm: panic: no idea", "run it again"),
    ("", DashboardsError, "helm: failed and said nothing", "run it again"),
)


@pytest.mark.parametrize(("said", "kind", "begins", "fix"), SAID)
def test_what_helm_says(said: str, kind: type[DashboardsError], begins: str, fix: str) -> None:
    """Each complaint names the thing and the cause on one line, then the next step."""
    found = complaint(said)
    assert type(found) is kind
    assert str(found).startswith(begins), str(found)
    assert fix in found.fix
    assert len(str(found).splitlines()) == 2


def helm(directory: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Helm:
    """A helm that is a shell script."""
    (directory / "helm").write_text(f"#!/bin/sh\n{text}\n")
    (directory / "helm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{directory}:/usr/bin:/bin")
    return Helm("here", None, None)


@pytest.mark.parametrize(
    ("said", "found"), [("v3.12.0", (3, 12)), ("v4.3", (4, 3)), ("v3.17.2+gcc0bbbd", (3, 17)), ("3.15.1", (3, 15))]
)
def test_its_version(said: str, found: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As helm prints it."""
    assert helm(tmp_path, f"echo {said}", monkeypatch).version() == found


@pytest.mark.parametrize("said", ["v3.11.3", "v2.17.0", "nonsense"])
def test_a_helm_that_is_too_old(said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is said, and the one that is needed."""
    with pytest.raises(DashboardsError, match=f"helm: {said} is too old: 3.12 is needed"):
        helm(tmp_path, f"echo {said}", monkeypatch).version()


def test_no_helm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way to get it is said."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DashboardsError, match="helm: is not on PATH\n  install Helm"):
        Helm("here", None).version()


def test_releases_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart's name and version come as one word; both may hold dashes."""
    rows = """[{"name":"c","namespace":"kube-system","revision":"3","status":"deployed","chart":"cilium-1.20.0-rc.1"},
    {"name":"p","namespace":"m","revision":"1","status":"failed","chart":"kube-prometheus-stack-88.5.3"}]"""
    found = helm(tmp_path, f"cat <<'X'\n{rows}\nX", monkeypatch).releases()
    assert found == (
        HelmRelease("c", "kube-system", "cilium", "1.20.0-rc.1", 3, "deployed"),
        HelmRelease("p", "m", "kube-prometheus-stack", "88.5.3", 1, "failed"),
    )
    assert found[1].place == "m/p"


def test_a_program_that_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended, and the error says how long it was waited for."""
    monkeypatch.setitem(process.MISSING, "sleep", "")
    begun = time.monotonic()
    with pytest.raises(DashboardsError, match="gave no answer in 1 s"):
        process.run(["sleep", "60"], seconds=1)
    assert time.monotonic() - begun < 30


def test_a_program_ends_well_after_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C reaches helm too: it is waited for, because killed it could not say that it was stopped."""
    (tmp_path / "helm").write_text(
        f"#!/bin/sh\ntrap 'sleep 2; echo stopped > {tmp_path}/end; exit 1' INT\necho > {tmp_path}/begun\n"
        "while :; do sleep 0.1; done\n"
    )
    (tmp_path / "helm").chmod(0o755)
    code = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored behind an `&` of a shell
        f"from dashboards_py.kubernetes.process import run\nrun(['{tmp_path}/helm'], seconds=None)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    subprocess.run(["kill", "-INT", "--", f"-{process.pid}"], check=True)
    assert process.wait(30) != 0
    assert (tmp_path / "end").read_text() == "stopped\n"
