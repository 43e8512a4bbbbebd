"""kubectl's stderr as an error that names the object, the cause and the fix."""

import re
from collections.abc import Sequence

from dashboards_py.errors import DashboardsError, ProblemsFound, Refused
from dashboards_py.kubernetes.denied import denied
from dashboards_py.kubernetes.not_ready import NotReady
from dashboards_py.web.address import without_secrets


class Moved(ProblemsFound):
    """An object that someone changed, created or removed since it was read."""


class FieldConflict(ProblemsFound):
    """An object with a field that another manager owns."""


class NotFound(DashboardsError):
    """An object that does not exist, or no longer."""


class Unknown(DashboardsError):
    """A kind of object that the cluster does not have."""


def error_from_stderr(stderr: str, namespace: str, code: int = 1) -> DashboardsError:
    """The error for kubectl's stderr, by the first rule whose pattern matches."""
    shown = _short(without_secrets(stderr).strip().splitlines())
    if error := denied(stderr, shown, namespace):
        return error
    for pattern, kind, what, cause, fix in RULES:
        if re.search(pattern, stderr, re.IGNORECASE):
            return kind(what.format(namespace), cause=cause or shown, fix=fix.format(namespace))
    cause = shown or f"exited with status {code} and no output"
    return DashboardsError("kubectl", cause=cause, fix="fix this, then run the same command again")


def _short(lines: Sequence[str]) -> str:
    """The relevant part of kubectl's message: from the line that begins with `error`, or else the last line.

    kubectl repeats an error for each object that it was to read: the first says it.
    """
    start = next((index for index, line in enumerate(lines) if _is_error(line)), len(lines) - 1)
    if len(lines) - start > 1 and all(map(_is_error, lines[start:])):
        return f"{lines[start].strip()[:450]} (and {len(lines) - start - 1} more)"
    kept: list[str] = []
    for line in lines[max(start, 0) :]:
        if line.startswith("Please review"):
            break
        kept.append(line.strip())
    return " ".join(kept)[:500]


def _is_error(line: str) -> bool:
    return line.lower().startswith("error")


Rule = tuple[str, type[DashboardsError], str, str, str]  # pattern, kind of error, what, cause ("": as printed), fix
RULES: tuple[Rule, ...] = (
    (
        r"Operation cannot be fulfilled|\(AlreadyExists\)",
        Moved,
        "the cluster",
        "",
        "someone else is changing it: find out who, then run the same command again",
    ),
    ("the server doesn't have a resource type", Unknown, "the cluster", "", "install what defines it first"),
    (
        "unauthorized|must be logged in|please enter|^error: EOF|getting credentials",
        Refused,
        "the cluster",
        "",
        "log in, or choose another --context (`kubectl auth whoami` must answer)",
    ),
    (
        r'namespaces "[^"]*" not found',
        NotFound,
        "namespace {}",
        "does not exist",
        "`kubectl create namespace {}`, or choose another with --namespace",
    ),
    (r"\(NotFound\)", NotFound, "the cluster", "", "someone else is changing it: run the same command again"),
    (
        "timed out waiting for the condition|exceeded its progress deadline",
        NotReady,
        "the cluster",
        "",
        "pods do not become ready: `kubectl get pods -n {}` and `kubectl describe` say why",
    ),
    (
        "apply failed with|conflict with",
        FieldConflict,
        "a ConfigMap",
        "",
        "someone else owns a field: keep a copy of it",
    ),
    (
        "current-context is not set",
        DashboardsError,
        "the kubectl context",
        "",
        "choose a cluster: --context NAME (`kubectl config get-contexts` lists them), or KUBECONFIG",
    ),
    (
        "context .*(not exist|not found)|no context exists",
        DashboardsError,
        "the kubectl context",
        "",
        "`kubectl config get-contexts` lists the contexts",
    ),
    (
        "kubeconfig|loading config file|no such file|localhost:8080",
        DashboardsError,
        "the kubeconfig",
        "",
        "set KUBECONFIG, or give --kubeconfig: `kubectl cluster-info` must answer",
    ),
    (
        "refused|unable to connect|timeout|timed out|no such host|x509|TLS",
        DashboardsError,
        "the cluster",
        "",
        "`kubectl cluster-info` must answer: check that it runs, or choose another --context",
    ),
    (
        "too long|too large|may not be more than",
        DashboardsError,
        "a ConfigMap",
        "",
        "it is over a limit of Kubernetes: split the board",
    ),
)
