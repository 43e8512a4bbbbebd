"""The pages of all causes: those of queries, and the conditions of a cluster."""

from inspect import cleandoc

from dashboards_py.doctor.causes._cause import chain
from dashboards_py.doctor.conditions._condition import pages
from dashboards_py.errors import DashboardsError


def query_causes() -> tuple[str, ...]:
    """The ids of the causes of queries, in the order of the chain."""
    return tuple(name for name, _ in chain())


def cause_ids() -> tuple[str, ...]:
    """The ids of all causes: the chain of those of queries, then the conditions of a cluster, the deepest first."""
    return (*query_causes(), *pages())


def manual_page(cause: str) -> str:
    """The page of a cause; an unknown id raises DashboardsError."""
    modules = {**dict(chain()), **pages()}
    if cause not in modules:
        raise DashboardsError(f"cause {cause}", cause="no cause has this id", fix=f"known: {', '.join(modules)}")
    return cleandoc(modules[cause].__doc__ or "")
