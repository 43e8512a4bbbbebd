"""Common parts of Helm steps: check that the release is as planned, record the operation and its outcome."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.outcome import revision_with_values
from dashboards_py.cluster.record import Pending, Record, digest
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps.explain import explaining_refused_pods
from dashboards_py.cluster.steps.objects import REPLAN
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes.helm import HelmRelease, Revision


def ensure_unmoved(release: HelmRelease, values: Mapping[str, Any], clients: Clients) -> None:
    """Raise ProblemsFound if a release is no longer as it was when it was planned, with who changed it and when."""
    current = clients.helm.release(release.namespace, release.name)
    if current is None:
        raise moved(release.qualified_name, "was uninstalled since", clients, None)
    planned = f"was planned on revision {release.revision} (chart {release.chart} {release.version})"
    if (current.revision, current.chart, current.version) != (release.revision, release.chart, release.version):
        cause = f"{planned}, and is at revision {current.revision} (chart {current.chart} {current.version}) now"
    elif current.updated != release.updated:
        cause = f"{planned}, and was installed anew since, or rolled back"
    elif current.status != release.status:
        cause = f"{planned} as {release.status}, and is {current.status} now"
    elif digest(clients.helm.values(current)) != digest(values):
        cause = f"{planned} with other values than it has now"
    else:
        return
    raise moved(release.qualified_name, cause, clients, current)


def moved(release: str, cause: str, clients: Clients, current: HelmRelease | None) -> ProblemsFound:
    """The error for a release (`namespace/name`) that is not as planned, with Helm's words on its last revision."""
    last = clients.helm.history(current)[-1:] if current else ()
    when = "".join(f": {revision.description}, {revision.updated}" for revision in last)
    return ProblemsFound(f"Helm release {release}", cause=f"{cause}{when}", fix=REPLAN)


def run_recorded(operation: Callable[[], None], pending: Pending, clients: Clients) -> Revision | None:
    """Record that a Helm operation begins, run it, record its outcome, and return its revision."""
    _begin(clients, pending)
    namespace = pending.release.partition("/")[0]
    try:
        with explaining_refused_pods(clients.at(namespace)):
            operation()
    except DashboardsError:
        with suppress(DashboardsError):  # Helm's error is what matters; the next run asks for the outcome again
            _conclude(clients, pending)
        raise
    return _conclude(clients, pending)


def _begin(clients: Clients, pending: Pending) -> None:
    def begun(record: Record) -> Record:
        if record.pending is not None:
            raise ProblemsFound(
                "the record of setup.sh",
                cause=f"another run is working on {record.pending.release}",
                fix="wait until it has ended, then run the same command again",
            )
        return record.with_pending(pending)

    update_record(clients.record_client, begun)


def _conclude(clients: Clients, pending: Pending) -> Revision | None:
    """Record the outcome of the pending operation, and return its revision.

    Another run, which saw no revision of it yet, may have taken it for one that was killed, and removed it: it is
    recorded all the same, and an operation that that run has begun since remains pending.
    """
    namespace, _, name = pending.release.partition("/")
    release = clients.helm.release(namespace, name)
    revision, own_values = revision_with_values(clients.helm, release, pending) or (None, {})
    done = release is not None and revision is not None and revision.number == pending.revision + 1
    identity = clients.helm.first_deployed(release) if release and done and pending.revision == 0 else ""
    values = own_values
    if release and done and release.revision != pending.revision + 1:  # someone has changed it since
        values = clients.helm.values(release)

    def concluded(record: Record) -> Record:
        others = None if record.pending is None or _is_same(record.pending, pending) else record.pending
        if release is not None and revision is not None and not done:
            return record  # someone else's revision is overwritten: pending until that is undone or accepted
        if release is None or not done:
            return record if others else record.abandoned()
        written = record.with_pending(pending).concluded(values, release.status, identity)
        return written.with_pending(others) if others else written

    update_record(clients.record_client, concluded)
    return revision


def abandon(clients: Clients, pending: Pending) -> None:
    """Record that nothing of the operation is left; one that another run has begun since remains pending."""

    def abandoned(record: Record) -> Record:
        return record.abandoned() if record.pending and _is_same(record.pending, pending) else record

    update_record(clients.record_client, abandoned)


def _is_same(first: Pending, second: Pending) -> bool:
    """Whether both are the same operation; values that were read back may differ in type."""
    return (first.release, first.revision, first.digest) == (second.release, second.revision, second.digest)
