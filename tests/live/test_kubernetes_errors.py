"""Refusals of a real API server and a real Helm: each has its own error."""

import base64
import http.server
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError, Denied, Refused
from dashboards_py.kubernetes import Kubectl
from dashboards_py.kubernetes.helm import Helm
from dashboards_py.kubernetes.helm_errors import error_from_stderr
from tests.components import require

FORBIDDEN = 'any "forbidden" is reported as missing rights'
SPACE = "errors"
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "1"}}
CONTAINER = {"name": "x", "image": "x"}


@pytest.fixture(scope="module")
def kubectl(kubeconfig: str) -> Iterator[Kubectl]:
    """kubectl with a new namespace."""
    client = Kubectl(SPACE, None, kubeconfig)
    client.run("create", "namespace", SPACE)
    yield client
    client.run("delete", "namespace", SPACE, "--wait=false")


def create(kubectl: Kubectl, body: dict[str, Any]) -> None:
    kubectl.run("create", "--filename=-", stdin=json.dumps(body))


def refusal(action: Callable[[], object]) -> DashboardsError:
    """The error of an action, retried until the objects that cause it are in effect."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            action()
        except DashboardsError as error:
            return error
        time.sleep(0.3)
    raise AssertionError("nothing was refused")


@contextmanager
def existing(kubectl: Kubectl, *bodies: dict[str, Any]) -> Iterator[None]:
    """Objects that exist while the block runs."""
    for body in bodies:
        create(kubectl, body)
    try:
        yield
    finally:
        for body in bodies:
            kubectl.run("delete", body["kind"].lower(), body["metadata"]["name"], "--wait=false")


def new_object(kind: str, api: str, name: str, **rest: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, **rest}


def write(kubectl: Kubectl, body: dict[str, Any]) -> Callable[[], str]:
    """An action that creates an object as a dry run."""
    text = json.dumps(body)
    return lambda: kubectl.run("create", "--dry-run=server", "--filename=-", stdin=text)


@pytest.mark.fault(FORBIDDEN)
def test_quota(kubectl: Kubectl) -> None:
    """The error names the ResourceQuota and its limit."""
    with existing(kubectl, new_object("ResourceQuota", "v1", "team", spec={"hard": {"count/configmaps": "0"}})):
        error = refusal(write(kubectl, MAP))
    assert (type(error), error.what) == (Denied, "ResourceQuota team")
    assert "requested: count/configmaps=1" in error.cause


@pytest.mark.fault(FORBIDDEN)
def test_pod_security_and_limits(kubectl: Kubectl) -> None:
    """The error names the Pod Security Standard or the LimitRange."""
    limit = new_object("LimitRange", "v1", "small", spec={"limits": [{"type": "Container", "max": {"cpu": "10m"}}]})
    with existing(kubectl, limit):
        container = {**CONTAINER, "resources": {"limits": {"cpu": "1"}}}
        error = refusal(write(kubectl, {**POD, "spec": {"containers": [container]}}))
    assert (type(error), error.what) == (Denied, "LimitRange")
    assert f"-n {SPACE}" in error.fix
    kubectl.run("label", "namespace", SPACE, "pod-security.kubernetes.io/enforce=baseline")
    error = refusal(write(kubectl, {**POD, "spec": {"hostNetwork": True, "containers": [CONTAINER]}}))
    kubectl.run("label", "namespace", SPACE, "pod-security.kubernetes.io/enforce-")
    assert (type(error), error.what) == (Denied, "Pod Security baseline:latest")


@pytest.mark.fault(FORBIDDEN)
def test_policies_and_webhooks(kubectl: Kubectl, tmp_path: Path) -> None:
    """The error names an admission policy, a webhook that denies, or one that does not answer."""
    group = "admissionregistration.k8s.io/v1"
    rules = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
    own_namespace = {"matchLabels": {"kubernetes.io/metadata.name": SPACE}}
    spec = {
        "matchConstraints": {"resourceRules": [rules], "namespaceSelector": own_namespace},
        "validations": [{"expression": "!has(object.metadata.labels) || 1 > 2", "message": "no labels && more"}],
    }
    policy = new_object("ValidatingAdmissionPolicy", group, "plain", spec=spec)
    binding = {"policyName": "plain", "validationActions": ["Deny"]}
    labelled = {**MAP, "metadata": {"name": "a", "labels": {"x": "y"}}}
    with existing(kubectl, policy, new_object("ValidatingAdmissionPolicyBinding", group, "plain", spec=binding)):
        error = refusal(write(kubectl, labelled))
    assert (type(error), error.what) == (Denied, "ValidatingAdmissionPolicy plain")
    with webhook(tmp_path) as (url, ca):
        hook = {
            "name": "deny.example.org",
            "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
            "namespaceSelector": own_namespace,
            "clientConfig": {"url": url, "caBundle": ca},
            "rules": [rules],
        }
        with existing(kubectl, new_object("ValidatingWebhookConfiguration", group, "deny", webhooks=[hook])):
            error = refusal(write(kubectl, MAP))
            assert (type(error), error.what) == (Denied, "admission webhook deny.example.org"), error.cause
            assert "not on Fridays" in error.cause
        silent = {**hook, "name": "silent.example.org", "clientConfig": {"url": "https://127.0.0.1:1/", "caBundle": ca}}
        with existing(kubectl, new_object("ValidatingWebhookConfiguration", group, "silent", webhooks=[silent])):
            error = refusal(write(kubectl, MAP))
    assert (type(error), error.what) == (DashboardsError, "admission webhook silent.example.org")


@pytest.mark.fault(FORBIDDEN)
def test_missing_rights_and_terminating_namespaces(kubectl: Kubectl) -> None:
    """A missing permission counts as refused credentials; a terminating namespace does not."""
    error = refusal(lambda: kubectl.run("get", "secrets", "--as=nobody"))
    assert (type(error), error.what) == (Refused, "the cluster")
    kubectl.run("create", "namespace", "errors-going")
    slow = json.dumps({"metadata": {"finalizers": ["example.org/slow"]}})
    kubectl.run("patch", "namespace", "errors-going", "--type=merge", "--patch", slow)
    kubectl.run("delete", "namespace", "errors-going", "--wait=false")
    error = refusal(write(kubectl.at("errors-going"), MAP))
    kubectl.run(
        "patch", "namespace", "errors-going", "--type=merge", "--patch", slow.replace('["example.org/slow"]', "[]")
    )
    assert (type(error), error.what) == (DashboardsError, "namespace errors-going")


@pytest.mark.fault(FORBIDDEN)
def test_helm(kubectl: Kubectl, kubeconfig: str, tmp_path: Path) -> None:
    """Helm's errors for a quota on its Secrets and for a repository that answers 403."""
    require("helm")
    chart = tmp_path / "tiny"
    chart.mkdir()
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: tiny\nversion: 1.0.0\n")
    subprocess.run(["helm", "package", str(chart), "-d", str(tmp_path)], check=True, capture_output=True)
    helm = Helm("simulated", kubeconfig, tmp_path)
    with existing(kubectl, new_object("ResourceQuota", "v1", "secrets", spec={"hard": {"count/secrets": "0"}})):
        names = (
            f"tiny-{number}" for number in count()
        )  # an installation from before the quota took effect is left pending
        error = refusal(
            lambda: helm.install("tiny", "1.0.0", next(names), SPACE, {}, timeout="5s"),
        )
    assert (type(error), error.what) == (Denied, "ResourceQuota secrets"), error.cause
    with web_server(403) as url:
        command = ["helm", "show", "chart", "cilium", f"--repo={url}", "--version=1.20.0"]
        stderr = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stderr

    error = error_from_stderr(stderr)
    assert (type(error), error.what) == (Refused, f"the chart repository {url}/index.yaml")


@contextmanager
def web_server(status: int, answer: Any = None, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A web server on loopback that answers every request alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = answer(self.rfile.read(size)) if answer else b""
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  required by http.server

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the signature of http.server
            """Log nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


@contextmanager
def webhook(directory: Path) -> Iterator[tuple[str, str]]:
    """An admission webhook that denies everything: its address, and its certificate in base64."""
    certificate, key = directory / "cert.pem", directory / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def deny(body: bytes) -> bytes:
        uid = json.loads(body)["request"]["uid"]
        response = {"uid": uid, "allowed": False, "status": {"message": "not on Fridays"}}
        return json.dumps(
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}
        ).encode()

    with web_server(200, deny, context) as url:
        yield url, base64.b64encode(certificate.read_bytes()).decode()
