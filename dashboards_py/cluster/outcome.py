"""The outcome of a Helm operation: the history shows which revision is ours, by its values."""

from collections.abc import Mapping
from typing import Any

from dashboards_py.cluster.record import Pending, digest
from dashboards_py.kubernetes.helm import Helm, HelmRelease, Revision


def revision_of(helm: Helm, release: HelmRelease | None, pending: Pending) -> Revision | None:
    """The revision that the pending operation created, or None."""
    created = revision_with_values(helm, release, pending)
    return created[0] if created else None


def revision_with_values(
    helm: Helm, release: HelmRelease | None, pending: Pending
) -> tuple[Revision, Mapping[str, Any]] | None:
    """The revision that the pending operation created, with its values, or None."""
    if release is None:
        return None
    later = (revision for revision in helm.history(release) if revision.number > pending.revision)
    read = ((revision, helm.values(release, revision.number)) for revision in later)
    return next(((revision, values) for revision, values in read if digest(values) == pending.digest), None)
