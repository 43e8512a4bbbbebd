"""Waiting for pods: if none become ready because something refuses them, that is the error."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Kubectl
from dashboards_py.kubernetes.not_ready import KINDS, NotReady, refused_pods


@contextmanager
def explaining_refused_pods(kubectl: Kubectl) -> Iterator[None]:
    """Raise the refusal of pods in kubectl's namespace instead of NotReady, if there is one."""
    try:
        yield
    except NotReady as error:
        refusal = None
        with suppress(DashboardsError):  # events may not be read: what was waited for remains
            refusal = refused_pods(kubectl.objects(KINDS), kubectl.namespace)
        if refusal is None:
            raise
        raise refusal from error
