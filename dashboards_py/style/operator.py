"""Queries of the operator that several boards share."""

from dashboards_py.catalog.release import Release

FAILED_CALLS = "401|403|429|5..|<error>"  # responses: not 404 and 409, which are part of normal work


def failed_operator_calls(cilium: Release) -> tuple[str, ...]:
    """Queries for the share of the operator's API calls that were refused or not answered; until 1.18 two metrics."""
    own = _share("cilium_operator_k8s_client_api_calls_total", "return_code")
    return (own, _share("rest_client_requests_total", "code")) if (1, 17) <= cilium <= (1, 18) else (own,)


def _share(metric: str, code: str) -> str:
    calls = f'sum(rate({metric}{{pod=~"cilium-operator.*"}}[$__rate_interval]))'
    failed = f'sum(rate({metric}{{pod=~"cilium-operator.*", {code}=~"{FAILED_CALLS}"}}[$__rate_interval]))'
    return f"({failed} or 0 * {calls}) / ({calls} > 0)"
