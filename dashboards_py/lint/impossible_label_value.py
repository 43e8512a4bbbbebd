"""impossible-label-value: the query matches a value that the label never has on this release, so it returns nothing.

Checked are labels whose values are fixed in Cilium's source, and values that older releases used and this one does not.
A regular expression is reported where it matches none of the possible values. Case matters: `direction` of the agent is
upper case, `traffic_direction` of Hubble lower case. A query with an alternative (`new or old`) is not reported.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Metric, Release
from dashboards_py.lint._selectors import (
    ReadableSelector,
    all_queries,
    problems_of_required,
    requires_label,
)
from dashboards_py.promql import Matcher

MOST = 12  # values that are listed whole


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that match none of the known values."""
    for panel, query in all_queries(board):
        for problem in problems_of_required(query.expr, release, problem_with):
            yield panel, problem


def problem_with(resolved: ReadableSelector, release: Release) -> str:
    """The selector's first matcher that matches no possible value, as a message; "" if there is none."""
    for matcher in resolved.selector.matchers if resolved.metrics else ():
        if requires_label(matcher) and all(is_impossible(metric, matcher, release) for metric in resolved.metrics):
            values = listed(resolved.metrics[0].values_on(matcher.label, release), matcher.value)
            return f"{resolved.selector.metric}: {matcher} matches none of {values}"
    return ""


def listed(values: Sequence[str], wanted: str) -> str:
    """The possible values as text; of many, those that look like the one wanted, and how many others there are."""
    if len(values) <= MOST:
        return ", ".join(values)
    by_spelling = {re.sub(r"[^a-z0-9]", "", value.lower()): value for value in values}
    close = get_close_matches(re.sub(r"[^a-z0-9]", "", wanted.lower()), by_spelling, n=3, cutoff=0.6)
    shown = [by_spelling[spelling] for spelling in close] or [*values[:3]]
    return f"{', '.join(shown)} and {len(values) - len(shown)} others"


def is_impossible(metric: Metric, matcher: Matcher, release: Release) -> bool:
    """True if the matcher accepts no value of the label on this release, though it may on older ones."""
    values = metric.values_on(matcher.label, release)
    if not values or any(matcher.accepts(value) is not False for value in values):
        return False
    removed = metric.values_removed_by(matcher.label, release)
    return metric.is_closed(matcher.label) or any(matcher.accepts(value) for value in removed)
