"""Doing the steps that Helm does: read the release again, write down what is begun, do it, see what came of it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.edits import HandEdit, hand_edits, refuse_hand_edits
from dashboards_py.cluster.leftovers import custom_objects, listed
from dashboards_py.cluster.outcome import revision_of
from dashboards_py.cluster.record import Pending, Record, digest
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.steps import HelmInstall, HelmUninstall, HelmUpgrade, RevertValues
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.kubernetes import HelmRelease, Revision
from dashboards_py.values import explicit

AGAIN = "run the same command again: it is planned anew, on what is there now"


def install(step: HelmInstall, clients: Clients) -> Sequence[str]:
    """Install a release, unless somebody did."""
    place = f"{step.namespace}/{step.name}"
    now = clients.helm.release(step.namespace, step.name)
    if now:
        raise _moved(place, f"was installed by somebody else since (chart {now.chart} {now.version})", clients, now)
    ours = {key: (None, value) for key, value in step.given.items()}
    pending = Pending(place, 0, digest(step.values), ours)
    _begin(clients, pending)
    try:
        clients.helm.install(
            step.chart,
            step.version,
            step.name,
            step.namespace,
            step.values,
            timeout=step.timeout,
            skip_crds=step.skip_crds,
        )
    except DashboardsError:
        with suppress(DashboardsError):  # what Helm said is what matters; the next run asks again what came of it
            _conclude(clients, pending)
        raise
    _conclude(clients, pending)
    return ()


def upgrade(step: HelmUpgrade | RevertValues, clients: Clients) -> Sequence[str]:
    """Upgrade a release that is still as it was planned on."""
    release = step.release
    ensure_unmoved(release, step.expected_values, clients)
    _ensure_no_new_edits(step, clients)
    if isinstance(step, HelmUpgrade):
        ours = {key: (explicit(step.expected_values, key), value) for key, value in step.given.items()}
        pending = Pending(release.place, release.revision, digest(step.values), ours)
        skip_crds = step.skip_crds
    else:
        pending = Pending(release.place, release.revision, digest(step.values), reverted=step.keys)
        skip_crds = False
    _begin(clients, pending)
    try:
        clients.helm.upgrade(
            release.chart,
            release.version,
            release.name,
            release.namespace,
            step.values,
            force=step.force,
            timeout=step.timeout,
            skip_crds=skip_crds,
        )
    except DashboardsError:
        with suppress(DashboardsError):
            _conclude(clients, pending)
        raise
    revision = _conclude(clients, pending)
    if revision and revision.number > release.revision + 1:
        _give_back(release, revision.number, step.timeout, clients)
    return ()


def uninstall(step: HelmUninstall, clients: Clients) -> Sequence[str]:
    """Uninstall a release that is still as it was planned on, and forget it."""
    release = step.release
    ensure_unmoved(release, step.expected_values, clients)
    if step.unless_used and (left := custom_objects(clients.kubectl)):
        return (f"kept: {listed(left)}",)
    clients.helm.uninstall(release, timeout=step.timeout)
    update_record(
        clients.record_client,
        lambda record: record.without_created(f"release {release.place}").without_values(release.place),
    )
    return ()


def ensure_unmoved(release: HelmRelease, values: Mapping[str, Any], clients: Clients) -> None:
    """Raise ProblemsFound where a release is no longer the one that was planned on: who moved it, and when."""
    now = clients.helm.release(release.namespace, release.name)
    if now is None:
        raise _moved(release.place, "was uninstalled since", clients, None)
    planned = f"was planned on revision {release.revision} (chart {release.chart} {release.version})"
    if (now.revision, now.chart, now.version) != (release.revision, release.chart, release.version):
        cause = f"{planned}, and is at revision {now.revision} (chart {now.chart} {now.version}) now"
        raise _moved(release.place, cause, clients, now)
    if now.updated != release.updated:
        raise _moved(release.place, f"{planned}, and was installed anew since, or rolled back", clients, now)
    if now.status != release.status:
        raise _moved(release.place, f"{planned} as {release.status}, and is {now.status} now", clients, now)
    if digest(clients.helm.values(now)) != digest(values):
        raise _moved(release.place, f"{planned} with other values than it has now", clients, now)


def _ensure_no_new_edits(step: HelmUpgrade | RevertValues, clients: Clients) -> None:
    """Helm 4 refuses what was edited by hand, unless it is forced; Helm 3 never does: look again before both."""
    if not step.force and clients.helm.version() >= (4, 0):
        return
    release = step.release
    manifest = clients.helm.manifest(release)
    live = clients.at(release.namespace).read_again(manifest)
    known: set[HandEdit] = set(step.edits)
    refuse_hand_edits([edit for edit in hand_edits(manifest, live) if edit not in known])


def _begin(clients: Clients, pending: Pending) -> None:
    def begun(record: Record) -> Record:
        if record.pending is not None:
            raise ProblemsFound(
                "the record of setup.sh",
                cause=f"says that another run is at {record.pending.release} now",
                fix="wait until it has ended, then run the same command again",
            )
        return record.with_pending(pending)

    update_record(clients.record_client, begun)


def _conclude(clients: Clients, pending: Pending) -> Revision | None:
    """Write down what came of the operation that was begun, and return its revision.

    Another run, which saw no revision of it yet, may have taken it for one that was killed and struck it out: it is
    written down all the same, and what that run has begun since stays pending.
    """
    namespace, _, name = pending.release.partition("/")
    release = clients.helm.release(namespace, name)
    revision = revision_of(clients.helm, release, pending)
    done = release is not None and revision is not None and revision.number == pending.revision + 1
    identity = clients.helm.first_deployed(release) if release and done and pending.revision == 0 else ""
    now = clients.helm.values(release) if release and done else {}

    def concluded(record: Record) -> Record:
        others = None if record.pending is None or _is_same(record.pending, pending) else record.pending
        if release is None or not done:
            return record if others else record.abandoned()
        written = record.with_pending(pending).concluded(now, release.status, identity)
        return written.with_pending(others) if others else written

    update_record(clients.record_client, concluded)
    return revision


def _is_same(one: Pending, other: Pending) -> bool:
    """Whether both are of one operation: what was read again may have other types."""
    return (one.release, one.revision, one.digest) == (other.release, other.revision, other.digest)


def _give_back(release: HelmRelease, ours: int, timeout: str, clients: Clients) -> None:
    """Somebody upgraded the release in the moment between our look and Helm's: theirs is brought back."""
    now = clients.helm.release(release.namespace, release.name)
    if now and now.revision == ours:
        clients.helm.rollback(release, ours - 1, timeout=timeout)
    cause = f"was upgraded by somebody else at the same moment (revision {ours - 1}): that is in effect again"
    raise ProblemsFound(f"Helm release {release.place}", cause=cause, fix=AGAIN)


def _moved(place: str, cause: str, clients: Clients, now: HelmRelease | None) -> ProblemsFound:
    last = clients.helm.history(now)[-1:] if now else ()
    when = "".join(f": {revision.description}, {revision.updated}" for revision in last)
    return ProblemsFound(f"Helm release {place}", cause=f"{cause}{when}", fix=AGAIN)
