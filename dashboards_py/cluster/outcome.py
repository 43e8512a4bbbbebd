"""The outcome of a Helm operation: the history shows which revision is ours, by its values."""

from dashboards_py.cluster.record import Pending, digest
from dashboards_py.kubernetes.helm import Helm, HelmRelease, Revision


def revision_of(helm: Helm, release: HelmRelease | None, pending: Pending) -> Revision | None:
    """The revision that the pending operation created, or None."""
    if release is None:
        return None
    later = (revision for revision in helm.history(release) if revision.number > pending.revision)
    return next(
        (revision for revision in later if digest(helm.values(release, revision.number)) == pending.digest), None
    )
