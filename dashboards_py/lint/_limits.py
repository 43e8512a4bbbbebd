"""Gauges of what is used on a target, each with that of its limit there."""

from typing import Any

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.lint._nodes import SELECTORS, kind_of, moment, operator_of, selector_of, without_brackets
from dashboards_py.lint._selectors import statuses_on

# The metric of what is used, and that of its limit: never more is used than there is.
LIMITS = {
    "cilium_ip_addresses": "cilium_ipam_capacity",
    "cilium_operator_process_open_fds": "cilium_operator_process_max_fds",
    "cilium_process_open_fds": "cilium_process_max_fds",
    "process_open_fds": "process_max_fds",
}
# Of series with the same labels each is within its own limit, so that these of both are.
KEEP_ORDER = frozenset(("sum", "max", "min", "avg"))


def is_within(used: Any, limit: Any, release: Release) -> bool:
    """True if `used` is never more than `limit`, which is that of the same targets."""
    used, limit = without_brackets(used), without_brackets(limit)
    operator = operator_of(used)
    if operator != operator_of(limit) or kind_of(used) != kind_of(limit):
        return False
    if kind_of(used) == "AggregateExpr":
        groups = [(promql.dropped_by(node), set(promql.grouped_by(node))) for node in (used, limit)]
        is_summed = operator == "sum"  # over all parts of a limit, whatever names them
        return (
            operator in KEEP_ORDER and groups[0] == groups[1] and _is_limit(used.expr, limit.expr, release, is_summed)
        )
    return _is_limit(used, limit, release, is_summed=False)


def _is_limit(used: Any, limit: Any, release: Release, is_summed: bool) -> bool:
    """True for a selector of what is used and one of its limit, which selects no less."""
    used, limit = without_brackets(used), without_brackets(limit)
    if kind_of(used) not in SELECTORS or kind_of(limit) not in SELECTORS or moment(used) != moment(limit):
        return False
    one, other = selector_of(used), selector_of(limit)
    if LIMITS.get(one.metric) != other.metric or not set(map(str, other.matchers)) <= set(map(str, one.matchers)):
        return False
    labels = [
        {label for metric in statuses_on(side, release) for label in metric.labels_on(release)} for side in (one, other)
    ]
    return is_summed or labels[0] == labels[1]
