"""Queries of the operator that several boards share."""

from dashboards_py.release import Release
from dashboards_py.style.shares import share

FAILED_CALLS = "401|403|429|5..|<error>"  # responses: not 404 and 409, which are part of normal work
# Operators; a measured 0 where there were some an hour ago.
OPERATORS_UP = (
    "count(cilium_operator_process_start_time_seconds)"
    " or 0 * count(cilium_operator_process_start_time_seconds offset 1h)"
)
# Identities in use. Where they are written to both stores there are two series of the same identities, with another
# `identity_type` (operator/identitygc/metrics.go), and an operator that has lost its lead keeps its last number.
LIVE_IDENTITIES = 'max(cilium_operator_identity_gc_entries{status="alive"})'


def failed_operator_calls(cilium: Release) -> tuple[str, ...]:
    """Queries for the share of the operator's API calls that were refused or not answered; until 1.18 two metrics."""
    own = _failed("cilium_operator_k8s_client_api_calls_total", "return_code")
    return (own, _failed("rest_client_requests_total", "code")) if (1, 17) <= cilium <= (1, 18) else (own,)


def _failed(metric: str, code: str) -> str:
    calls = f'sum(rate({metric}{{pod=~"cilium-operator.*"}}[$__rate_interval]))'
    failed = f'sum(rate({metric}{{pod=~"cilium-operator.*", {code}=~"{FAILED_CALLS}"}}[$__rate_interval]))'
    return share(failed, calls)
