"""Errors of the evaluation of a query; the engine adds the query to them."""

from dashboards_py.errors import DashboardsError


class EvaluationError(DashboardsError):
    """Prometheus refuses the query as well."""


class NotSupported(EvaluationError):
    """A real Prometheus may answer the query."""

    def __init__(self, feature: str) -> None:
        super().__init__(f"{feature} is not supported by the demo: only a Prometheus can answer it")
