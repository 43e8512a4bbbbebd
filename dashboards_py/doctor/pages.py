"""The pages of all causes: those of queries, and the conditions of a cluster."""

from dashboards_py.doctor.causes._cause import cause_page, query_causes
from dashboards_py.doctor.conditions._condition import condition_ids, condition_page
from dashboards_py.errors import DashboardsError


def cause_ids() -> tuple[str, ...]:
    """The ids of all causes: the chain of those of queries, then the conditions of a cluster."""
    return (*query_causes(), *condition_ids())


def manual_page(cause: str) -> str:
    """The page of a cause; an unknown id raises DashboardsError."""
    if cause in query_causes():
        return cause_page(cause)
    if cause in condition_ids():
        return condition_page(cause)
    raise DashboardsError(f"cause {cause}", cause="no cause has this id", fix=f"known: {', '.join(cause_ids())}")
