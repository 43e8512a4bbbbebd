"""Messages of helm 3.17 and 4.3 as errors that name the next step."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError, Denied, ProblemsFound, Refused, Remedy
from dashboards_py.kubernetes import error_from_stderr as kubectl_error
from dashboards_py.kubernetes import process
from dashboards_py.kubernetes.helm import Helm, HelmRelease, chart_and_version
from dashboards_py.kubernetes.helm_errors import error_from_stderr
from dashboards_py.kubernetes.not_ready import NotReady

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
MESSAGES: tuple[tuple[str, type[DashboardsError], str, str | Remedy], ...] = (
    (
        CONFLICT,
        ProblemsFound,
        "ConfigMap kube-system/cilium-config: kubectl-patch changed .data.debug, .data.metrics by hand",
        "let Helm overwrite them",
    ),
    (
        ONE,
        ProblemsFound,
        "ServiceMonitor kube-system/hubble: kubectl-edit changed .spec.endpoints by hand",
        "let Helm overwrite them",
    ),
    (
        'Error: looks like "https://helm.cilium.io" is not a valid chart repository or cannot be reached: Get '
        '"https://helm.cilium.io/index.yaml": dial tcp: lookup helm.cilium.io: no such host\n',
        DashboardsError,
        "the chart repository: looks like",
        Remedy("pull-chart"),
    ),
    (
        'Error: looks like "https://helm.cilium.io" is not a valid chart repository or cannot be reached: failed to '
        "fetch https://helm.cilium.io/index.yaml : 404 Not Found\n",
        DashboardsError,
        "the chart repository: looks like",
        Remedy("pull-chart"),
    ),
    (
        'Error: looks like "https://helm.cilium.io" is not a valid chart repository or cannot be reached: error '
        "unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type repo.IndexFile\n",
        DashboardsError,
        "the chart repository: looks like",
        Remedy("wrong-index"),
    ),
    (
        'Error: looks like "https://helm.cilium.io" is not a valid chart repository or cannot be reached: empty '
        "index.yaml file\n",
        DashboardsError,
        "the chart repository: looks like",
        Remedy("wrong-index"),
    ),
    (
        "Error: file '/c/cilium-1.19.6.tgz' does not appear to be a gzipped archive; got 'text/html; charset=utf-8'\n",
        DashboardsError,
        "the chart: file",
        Remedy("damaged-chart"),
    ),
    ("Error: unable to load chart archive\n", DashboardsError, "the chart: unable", Remedy("damaged-chart")),
    ("Error: unexpected EOF\n", DashboardsError, "the chart: unexpected EOF", Remedy("damaged-chart")),
    (
        'Error: Kubernetes cluster unreachable: Get "https://10.0.0.1:6443/version": unexpected EOF\n',
        DashboardsError,
        "the cluster: Kubernetes",
        "kubectl cluster-info",
    ),
    (
        'Error: chart "cilium" version "1.19.99" not found in https://helm.cilium.io repository\n',
        DashboardsError,
        "the chart: chart",
        Remedy("check-chart-version"),
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
        Remedy("recover-operation"),
    ),
    (
        "Error: execution error at (cilium/templates/validate.yaml:66:13): Service Monitor requires "
        "monitoring.coreos.com/v1 CRDs. Please refer to https://github.com/x\n",
        DashboardsError,
        "the cluster: execution error",
        Remedy("install-kinds"),
    ),
    (
        "Error: values don't meet the specifications of the schema(s) in the following chart(s):\ncilium:\n"
        "- at '/operator/prometheus/enabled': got string, want boolean\n",
        DashboardsError,
        "the values: values don't meet",
        "correct it",
    ),
    (
        'Error: unable to continue with install: CustomResourceDefinition "x" in namespace "" exists and cannot be '
        "imported into the current release: invalid ownership metadata\n",
        ProblemsFound,
        "the cluster: unable",
        "belongs to something else",
    ),
    ("Error: UPGRADE FAILED: context deadline exceeded\n", NotReady, "the cluster: UPGRADE", "kubectl get pods"),
    ("panic: no idea\n", DashboardsError, "helm: panic: no idea", "run the same command again"),
    ("", DashboardsError, "helm: exited with status 1 and no output", "run the same command again"),
)


@pytest.mark.parametrize(("message", "kind", "begins", "fix"), MESSAGES)
def test_errors_of_helm(message: str, kind: type[DashboardsError], begins: str, fix: str | Remedy) -> None:
    """Each complaint names the thing and the cause on one line, then the next step; one of this project is data."""
    error = error_from_stderr(message)
    assert type(error) is kind
    assert str(error).startswith(begins), str(error)
    if isinstance(fix, Remedy):
        assert (error.remedy, len(str(error).splitlines())) == (fix, 1)
    else:
        assert fix in error.fix
        assert len(str(error).splitlines()) == 2


SEVERAL = """\
Error: UPGRADE FAILED: conflict occurred while applying object kube-system/cilium-config /v1, Kind=ConfigMap: Apply \
failed with 3 conflicts: conflicts with "kubectl-patch" using v1:
- .data.debug
- .data.metrics
conflicts with "other" using v1:
- .data.x && conflict occurred while applying object kube-system/hubble-peer /v1, Kind=Service: Apply failed with 1 \
conflict: conflict with "kubectl-label" using v1: .metadata.labels.k8s-app && conflict occurred while applying object \
kube-system/hubble monitoring.coreos.com/v1, Kind=ServiceMonitor: Apply failed with 2 conflicts: conflicts with \
"kubectl-patch" using monitoring.coreos.com/v1:
- .metadata.labels.helm.sh/chart
- .spec.selector
"""
MIXED = """\
Error: UPGRADE FAILED: conflict occurred while applying object a/b /v1, Kind=ConfigMap: Apply failed with 1 conflict: \
conflict with "kubectl-patch" using v1: .data.x && server-side apply failed for object a/c /v1, Kind=Service: Service \
"c" is invalid: spec.ports[1].name: Duplicate value: "metrics"
"""


@pytest.mark.fault("conflict messages join fields of several objects under the first name")
def test_conflicts_of_several_objects() -> None:
    """Each object is listed with its changed fields and their editors; the remedy is data."""
    error = error_from_stderr(SEVERAL)
    assert error.what == "3 objects"
    assert error.cause == (
        "ConfigMap kube-system/cilium-config: kubectl-patch changed .data.debug, .data.metrics by hand; other changed "
        ".data.x; Service kube-system/hubble-peer: kubectl-label changed .metadata.labels.k8s-app by hand; "
        "ServiceMonitor kube-system/hubble: kubectl-patch changed .metadata.labels.helm.sh/chart, .spec.selector by "
        "hand; and Helm leaves them alone"
    )
    assert error.remedy == Remedy("take-over")


@pytest.mark.fault("conflict messages join fields of several objects under the first name")
def test_a_conflict_and_something_else() -> None:
    """If force would not solve everything, it is not advised, and both errors are reported."""
    error = error_from_stderr(MIXED)
    assert (error.what, error.remedy) == ("Service a/c", None)
    assert "ConfigMap a/b: kubectl-patch changed .data.x by hand" in error.cause
    assert "kubectl delete service -n a c" in error.fix


@pytest.mark.fault("a Helm release whose chart version has no dot crashes plan, up, verify and down")
@pytest.mark.parametrize(
    ("text", "chart"),
    [
        ("foo-2", ("foo", "2")),
        ("2", ("2", "")),
        ("weird", ("weird", "")),
        ("", ("", "")),
        ("-", ("-", "")),
        ("-1.0.0", ("-1.0.0", "")),
        ("MISSING", ("MISSING", "")),
        ("foo-v1", ("foo", "v1")),
        ("foo-1.2", ("foo", "1.2")),
        ("cilium-1.20.0", ("cilium", "1.20.0")),
        ("cilium-v1.20.0", ("cilium", "v1.20.0")),
        ("cilium-1.20.0-rc.1", ("cilium", "1.20.0-rc.1")),
        ("cilium-1.20.0+meta.5", ("cilium", "1.20.0+meta.5")),
        ("cilium-1.20.0-rc-1+meta-5", ("cilium", "1.20.0-rc-1+meta-5")),
        ("k8s-2-metrics-3.4.5", ("k8s-2-metrics", "3.4.5")),
        ("foo-2-1.0.0", ("foo-2", "1.0.0")),
        ("foo-2024-7", ("foo", "2024-7")),
        ("foo-1.2.3.4", ("foo-1.2.3.4", "")),
        ("kube-prometheus-stack-88.5.3", ("kube-prometheus-stack", "88.5.3")),
        ("a chart with blanks-1.0.0", ("a chart with blanks", "1.0.0")),
    ],
)
def test_charts_and_their_versions(text: str, chart: tuple[str, str]) -> None:
    """Names of charts may end in numbers, and versions may have fewer than three."""
    assert chart_and_version(text) == chart


DENIED: tuple[tuple[str, type[DashboardsError], str, str], ...] = (
    (
        'configmaps "a" is forbidden: exceeded quota: team, requested: count/configmaps=1, used: count/configmaps=1',
        Denied,
        "ResourceQuota team",
        "kubectl describe resourcequota -n q team",
    ),
    (
        'pods "a" is forbidden: failed quota: team: must specify limits.cpu for: x',
        Denied,
        "ResourceQuota team",
        "kubectl describe resourcequota -n q team",
    ),
    (
        'pods "a" is forbidden: violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true)',
        Denied,
        "Pod Security restricted:latest",
        "pod-security.kubernetes.io/enforce",
    ),
    (
        'pods "a" is forbidden: maximum cpu usage per Container is 10m, but limit is 1',
        Denied,
        "LimitRange",
        "kubectl describe limitrange -n q",
    ),
    (
        'configmaps "a" is forbidden: unable to create new content in namespace q because it is being terminated',
        DashboardsError,
        "namespace q",
        "wait until",
    ),
    (
        'admission webhook "deny.example.org" denied the request: no boards on Fridays',
        Denied,
        "admission webhook deny.example.org",
        "ask whoever runs the policy",
    ),
    (
        "The configmaps \"a\" is invalid: : ValidatingAdmissionPolicy 'vap' with binding 'b' denied request: no",
        Denied,
        "ValidatingAdmissionPolicy vap",
        "kubectl get validatingadmissionpolicy vap",
    ),
    (
        'Internal error occurred: failed calling webhook "x.example.org": failed to call webhook: connection refused',
        DashboardsError,
        "admission webhook x.example.org",
        "validatingwebhookconfigurations",
    ),
    (
        'configmaps "a" is forbidden: User "nobody" cannot patch resource "configmaps" in API group "" in the ...',
        Refused,
        "the cluster",
        "kubectl auth can-i --list -n q",
    ),
    ('things "a" is forbidden: the moon is full', DashboardsError, "the cluster", "other than RBAC"),
    ('Get "https://h:6443/version": Forbidden', DashboardsError, "the proxy", "ask whoever runs the proxy"),
    ('Get "https://h:6443/version": Bad Gateway', DashboardsError, "the proxy", "add the host to no_proxy"),
    ('Get "https://h:6443/version": Proxy Authentication Required', Refused, "the proxy", "put user and password into"),
    (
        'Get "https://h:6443/version": proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused',
        DashboardsError,
        "the proxy",
        "correct https_proxy",
    ),
)


@pytest.mark.fault('any "forbidden" is reported as missing rights')
@pytest.mark.parametrize("program", ["kubectl", "helm"])
@pytest.mark.parametrize(
    ("message", "kind", "what", "fix"), DENIED, ids=[f"{case[2]}-{case[3][:20]}" for case in DENIED]
)
def test_each_refusal_has_its_own_fix(
    message: str, kind: type[DashboardsError], what: str, fix: str, program: str
) -> None:
    """Of quotas, policies, webhooks and rights only a missing right is Refused, for kubectl and helm alike."""
    if program == "kubectl":
        error: DashboardsError = kubectl_error(f"Error from server (Forbidden): {message}\n", "q")
    else:
        error = error_from_stderr(
            f"Error: UPGRADE FAILED: server-side apply failed for object q/a /v1, Kind=ConfigMap: {message}\n",
            namespace="q",
        )
    assert (type(error), error.what) == (kind, what)
    assert fix in error.fix
    assert error.cause


def test_a_chart_repository_behind_a_dead_proxy() -> None:
    """The cause names the proxy; charts in a directory need none."""
    reached = 'looks like "https://helm.cilium.io" is not a valid chart repository or cannot be reached'
    why = 'Get "https://helm.cilium.io/index.yaml": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused'
    error = error_from_stderr(f"Error: {reached}: {why}\n")
    assert (error.what, error.remedy) == ("the chart repository", Remedy("pull-chart"))
    assert "proxyconnect tcp" in error.cause


DENIED_DELETE = r"""configmaps \"x\" is forbidden: ValidatingAdmissionPolicy 'no' with binding 'b' denied request: no"""
UNINSTALL_4 = f"""\
level=DEBUG msg="starting delete resource" namespace=t1 name=x kind=ConfigMap
level=DEBUG msg="uninstall: Failed to delete release" error="[{DENIED_DELETE}]"
Error: failed to delete release: tiny
"""
UNINSTALL_3 = """\
client.go:486: 2026-11-27 11:47:55.45 +0000 UTC m=+0.059851974 [debug] Starting delete for "x" ConfigMap
uninstall.go:124: 2026-11-27 11:47:55.46 +0000 UTC m=+0 [debug] uninstall: Failed to delete release: [configmaps "x" \
is forbidden: ValidatingAdmissionPolicy 'no' with binding 'b' denied request: no]
Error: failed to delete release: tiny
helm.go:86: 2026-11-27 11:47:55.46 +0000 UTC m=+0.07 [debug] failed to delete release: tiny
helm.sh/helm/v3/pkg/action.(*Uninstall).Run
	helm.sh/helm/v3/pkg/action/uninstall.go:125
"""


@pytest.mark.fault('any "forbidden" is reported as missing rights')
@pytest.mark.parametrize("stderr", [UNINSTALL_4, UNINSTALL_3], ids=["helm 4", "helm 3"])
def test_why_an_object_is_not_deleted(stderr: str) -> None:
    """`helm uninstall` says it to nobody but its log, which is read for this alone."""
    error = error_from_stderr(stderr)
    assert (type(error), error.what) == (Denied, "ValidatingAdmissionPolicy no")
    reason = DENIED_DELETE.replace("\\", "")
    assert error.cause == f"failed to delete release: tiny: [{reason}]"
    only_logged = "\n".join(line for line in stderr.splitlines() if "uninstall: Failed" not in line)
    assert error_from_stderr(only_logged).cause == "failed to delete release: tiny"


@pytest.mark.fault('any "forbidden" is reported as missing rights')
@pytest.mark.parametrize(
    "message",
    [
        'Error: looks like "http://h/x" is not a valid chart repository or cannot be reached: failed to fetch '
        "http://h/x/index.yaml : 403 Forbidden\n",
        "Error: failed to fetch http://h/x/cilium-1.20.0.tgz : 403 Forbidden\n",
        "Error: failed to fetch http://h/x/cilium-1.20.0.tgz : 401 Unauthorized\n",
    ],
)
def test_a_repository_that_refuses(message: str) -> None:
    """The error names the repository, not the cluster."""
    error = error_from_stderr(message)
    assert (type(error), error.what.split("//")[0]) == (Refused, "the chart repository http:")
    assert error.remedy == Remedy("log-in-to-repository")


def helm(directory: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Helm:
    """A helm that is a shell script."""
    (directory / "helm").write_text(f"#!/bin/sh\n{text}\n")
    (directory / "helm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{directory}:/usr/bin:/bin")
    return Helm("here", None, None)


@pytest.mark.parametrize(
    ("message", "version"), [("v3.12.0", (3, 12)), ("v4.3", (4, 3)), ("v3.17.2+gcc0bbbd", (3, 17)), ("3.15.1", (3, 15))]
)
def test_its_version(message: str, version: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is parsed from helm's output."""
    assert helm(tmp_path, f"echo {message}", monkeypatch).version() == version


@pytest.mark.parametrize("message", ["v3.11.3", "v2.17.0", "nonsense"])
def test_a_helm_that_is_too_old(message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the version found and the one that is needed."""
    with pytest.raises(DashboardsError, match=f"helm: {message} is too old: 3.12 is needed"):
        helm(tmp_path, f"echo {message}", monkeypatch).version()


def test_no_helm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DashboardsError, match="helm: is not on PATH\n  install Helm"):
        Helm("here", None).version()


def test_releases_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Helm prints name and version of a chart as one word; both may contain dashes."""
    rows = """[{"name":"c","namespace":"kube-system","revision":"3","status":"deployed","chart":"cilium-1.20.0-rc.1"},
    {"name":"p","namespace":"m","revision":"1","status":"failed","chart":"kube-prometheus-stack-88.5.3"}]"""
    releases = helm(tmp_path, f"cat <<'X'\n{rows}\nX", monkeypatch).releases()
    assert releases == (
        HelmRelease("c", "kube-system", "cilium", "1.20.0-rc.1", 3, "deployed"),
        HelmRelease("p", "m", "kube-prometheus-stack", "88.5.3", 1, "failed"),
    )
    assert releases[1].qualified_name == "m/p"


def test_a_program_that_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is terminated, and the error has the timeout."""
    monkeypatch.setitem(process.MISSING, "sleep", "")
    begun = time.monotonic()
    with pytest.raises(DashboardsError, match="gave no answer in 1 s"):
        process.run(["sleep", "60"], seconds=1)
    assert time.monotonic() - begun < 30


def test_a_program_may_finish_after_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C reaches helm too: we wait for it, since a killed helm could not record that it was stopped."""
    (tmp_path / "helm").write_text(
        f"#!/bin/sh\ntrap 'sleep 2; echo stopped > {tmp_path}/end; exit 1' INT\necho > {tmp_path}/begun\n"
        "while :; do sleep 0.1; done\n"
    )
    (tmp_path / "helm").chmod(0o755)
    code = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored in background jobs
        f"from dashboards_py.kubernetes.process import run\nrun(['{tmp_path}/helm'], seconds=None)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    subprocess.run(["kill", "-INT", "--", f"-{process.pid}"], check=True)
    assert process.wait(30) != 0
    assert (tmp_path / "end").read_text() == "stopped\n"


@pytest.mark.fault("Ctrl-C while kubectl or helm writes much hangs for a minute, then TimeoutExpired")
def test_ctrl_c_while_it_writes_much(tmp_path: Path) -> None:
    """Its output is read until it ends: with a full pipe neither it nor we would end."""
    (tmp_path / "helm").write_text(
        f"#!/bin/sh\ntrap 'yes last | head -c 400000; echo stopped > {tmp_path}/end; exit 1' INT\n"
        f"yes first | head -c 10000\necho > {tmp_path}/begun\nwhile :; do sleep 0.1; done\n"
    )
    (tmp_path / "helm").chmod(0o755)
    code = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"from dashboards_py.kubernetes.process import run\nrun(['{tmp_path}/helm'], seconds=None)"
    )
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "begun").exists() and time.monotonic() < begun + 20:
        time.sleep(0.05)
    subprocess.run(["kill", "-INT", "--", f"-{process.pid}"], check=True)
    _, stderr = process.communicate(timeout=45)
    assert "KeyboardInterrupt" in stderr
    assert "TimeoutExpired" not in stderr
    assert (tmp_path / "end").read_text() == "stopped\n"


@pytest.mark.fault("Ctrl-C while helm is being started leaves it running, with empty values")
@pytest.mark.parametrize("is_started", [False, True], ids=["before it is started", "before the first input"])
def test_ctrl_c_while_a_program_is_started(monkeypatch: pytest.MonkeyPatch, *, is_started: bool) -> None:
    """It is killed before it has read anything, and the next Ctrl-C comes as it always does."""
    started: list[subprocess.Popen[str]] = []
    start = subprocess.Popen

    def interrupted(*args: Any, **options: Any) -> "subprocess.Popen[str]":
        if not is_started:
            signal.raise_signal(signal.SIGINT)
        started.append(start(*args, **options))
        if is_started:
            signal.raise_signal(signal.SIGINT)
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in background jobs
    try:
        with pytest.raises(KeyboardInterrupt):
            process.run(["cat"], stdin="values", seconds=None)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, handler)
    assert [program.returncode for program in started] == [-signal.SIGKILL]


@pytest.mark.fault("Ctrl-C waits for the children of a helm that was killed")
def test_ctrl_c_before_all_input_is_sent(tmp_path: Path) -> None:
    """Truncated values could be valid too: the program is killed and never uses them; its child is not waited for."""
    (tmp_path / "helm").write_text(
        f"#!/bin/sh\ntrap '' INT\nhead -c 1 > /dev/null\n"  # its input is being sent
        f"echo $$ > {tmp_path}/begun\nsleep 90\ncat > /dev/null\necho > {tmp_path}/acted\n"
    )
    (tmp_path / "helm").chmod(0o755)
    code = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from dashboards_py.kubernetes.process import run\n"
        f"run(['{tmp_path}/helm'], stdin='x' * 1000000, seconds=None)"
    )
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stderr=subprocess.DEVNULL)
    while not ((tmp_path / "begun").exists() and (tmp_path / "begun").read_text()) and time.monotonic() < begun + 20:
        time.sleep(0.05)
    script = (tmp_path / "begun").read_text().strip()
    subprocess.run(["kill", "-INT", "--", f"-{process.pid}"], check=True)
    assert process.wait(30) != 0
    state = subprocess.run(["ps", "-o", "stat=", "-p", script], capture_output=True, text=True, check=False).stdout
    assert state.strip()[:1] in ("", "Z"), "it was not killed"
    assert not (tmp_path / "acted").exists()
