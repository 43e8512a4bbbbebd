"""Helm's stderr as an error that names the object, the cause and the fix."""

import re

from dashboards_py.errors import DashboardsError, ProblemsFound, Refused, Remedy
from dashboards_py.kubernetes.conflict import conflict_error, conflicts_in, parts_of
from dashboards_py.kubernetes.denied import denied
from dashboards_py.kubernetes.not_ready import NotReady
from dashboards_py.remedies import (
    CHECK_CHART_VERSION,
    DAMAGED_CHART,
    INSTALL_KINDS,
    PULL_CHART,
    RECOVER_OPERATION,
    WRONG_INDEX,
)
from dashboards_py.web.address import without_secrets


def error_from_stderr(stderr: str, code: int = 1, namespace: str = "") -> DashboardsError:
    """The error for helm's stderr; `namespace` is that of the release."""
    stderr = _with_reason(stderr)
    parts = parts_of(stderr)
    conflicts = [conflict for part in parts for conflict in conflicts_in(part)]
    others = [part for part in parts if not list(conflicts_in(part))]
    if not others:
        return conflict_error(conflicts)
    error = _error("\n".join(others), code, namespace)
    if conflicts:  # these could be forced, the rest could not
        cause = f"{error.cause}; {conflict_error(conflicts)}"
        error = type(error)(error.what, cause=cause, fix=error.fix, remedy=error.remedy)
    return error


def _with_reason(stderr: str) -> str:
    """The message without logged lines, but with the reason that `uninstall --debug` only logs.

    Helm 3 logs the error again, last, with its stack.
    """
    message = STACK.split(stderr, maxsplit=1)[0]
    text = "\n".join(line for line in message.splitlines() if not LOGGED.match(line))
    if not (reason := NOT_DELETED.search(message)):
        return text
    quoted = (reason["text"] or "").replace('\\"', '"')
    return f"{text}: {quoted or reason['plain']}"


def _error(stderr: str, code: int, namespace: str) -> DashboardsError:
    cause = _short(stderr)
    if error := _first_match(BEFORE_DENIALS, stderr, cause) or denied(stderr, cause, namespace):
        return error
    if match := DUPLICATE.search(stderr):
        delete = f"kubectl delete {match[3].lower()} -n {match[1]} {match[2]}"
        fix = f"note what it is for, `{delete}`, then run the same command again"
        return ProblemsFound(f"{match[3]} {match[1]}/{match[2]}", cause=f"{cause}: someone edited it by hand", fix=fix)
    return _first_match(RULES, stderr, cause) or DashboardsError(
        "helm", cause=cause or f"exited with status {code} and no output", fix="fix this and run the same command again"
    )


def _first_match(rules: "Rules", stderr: str, cause: str) -> DashboardsError | None:
    for pattern, kind, what, fix in rules:
        if re.search(pattern, stderr, re.IGNORECASE | re.MULTILINE):
            return kind(what, cause=cause, remedy=fix) if isinstance(fix, Remedy) else kind(what, cause=cause, fix=fix)
    return None


def _short(stderr: str) -> str:
    """The message on one line, from the line that begins with `Error`."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    start = next((index for index, line in enumerate(lines) if line.startswith("Error")), max(len(lines) - 1, 0))
    return without_secrets(" ".join(lines[start:])).removeprefix("Error: ")[:600]


# An entry of a list whose key was edited remains next to the chart's own, under one name.
DUPLICATE = re.compile(r"object (\S+)/(\S+) \S+, Kind=(\w+): .* is invalid: .*Duplicate value")
LOGGED = re.compile(r"level=|\w+\.go:\d+: .*\[debug\]")  # of Helm 4, of Helm 3
STACK = re.compile(r"^helm\.go:\d+: .*\[debug\]", re.MULTILINE)
NOT_DELETED = re.compile(r'Failed to delete release(?:" error="(?P<text>(?:[^"\\]|\\.)*)"|: (?P<plain>.*))')
Rules = tuple[tuple[str, type[DashboardsError], str, str | Remedy], ...]  # pattern, kind of error, what, fix
BEFORE_DENIALS: Rules = (
    # A proxy that cannot be used is named in the cause; charts in a directory need none.
    (
        "chart repository or cannot be reached.*proxyconnect",
        DashboardsError,
        "the chart repository",
        Remedy(PULL_CHART),
    ),
    (
        "cannot re-?use a name that is still in use",
        ProblemsFound,
        "the Helm release",
        "someone else installed it at the same time: run the same command again, which makes a new plan",
    ),
    (
        "exists and cannot be imported",
        ProblemsFound,
        "the cluster",
        "the object belongs to something else: remove it, or annotate and label it as the message says",
    ),
    (
        "another operation .* is in progress",
        ProblemsFound,
        "helm",
        Remedy(RECOVER_OPERATION),
    ),
)
RULES: Rules = (
    ("unauthorized|must be logged in", Refused, "the cluster", "log in: `kubectl auth whoami` must answer"),
    (
        "ensure CRDs are installed first|requires monitoring.coreos.com|no matches for kind",
        DashboardsError,
        "the cluster",
        Remedy(INSTALL_KINDS),
    ),
    (
        "not a valid chart repository.*(unmarshal|yaml:|empty index)",
        DashboardsError,
        "the chart repository",
        Remedy(WRONG_INDEX),
    ),
    (
        "not a valid chart repository|failed to fetch",
        DashboardsError,
        "the chart repository",
        Remedy(PULL_CHART),
    ),
    (
        "does not appear to be a (gzipped|valid) archive|unable to load chart archive|not a gzipped archive|"
        "^Error: (unexpected EOF|gzip: .*)$|Chart.yaml file is missing|no Chart.yaml found",
        DashboardsError,
        "the chart",
        Remedy(DAMAGED_CHART),
    ),
    (
        "no such host|cannot be reached|dial tcp|i/o timeout|Client.Timeout|connection refused",
        DashboardsError,
        "the chart or the cluster",
        Remedy(PULL_CHART),
    ),
    (
        "chart .* not found|no chart version found|failed to download",
        DashboardsError,
        "the chart",
        Remedy(CHECK_CHART_VERSION),
    ),
    (
        "values don't meet the specifications of the schema",
        DashboardsError,
        "the values",
        "a value of yours does not fit the chart's schema: correct it with helm upgrade, then run this again",
    ),
    (
        "context .*deadline exceeded|timed out|not ready",
        NotReady,
        "the cluster",
        "pods do not become ready: `kubectl get pods -A` and `kubectl describe` say why; then run the same command "
        "again",
    ),
    (
        "context .* does not exist|kubernetes cluster unreachable",
        DashboardsError,
        "the cluster",
        "`kubectl cluster-info` must answer; `kubectl config get-contexts` lists the contexts",
    ),
)
