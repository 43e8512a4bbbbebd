"""impossible-label-value: the query matches a value that the label does not have on this release: it returns nothing.

The rule checks labels whose values are fixed in Cilium's source, and values that only older releases have. A regular
expression is reported if it matches none of the possible values. Case matters: the agent's `direction` is upper case,
Hubble's `traffic_direction` lower case. A query with an alternative (`new or old`) is not reported.
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

MAX_LISTED = 12  # values; longer lists are shortened


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that match none of the possible values."""
    for panel, query in all_queries(board):
        for problem in problems_of_required(query.expr, release, problem_with):
            yield panel, problem


def problem_with(resolved: ReadableSelector, release: Release) -> str:
    """The selector's first matcher that matches no possible value, as a message; "" if there is none."""
    for matcher in resolved.selector.matchers if resolved.metrics else ():
        if requires_label(matcher) and all(is_impossible(metric, matcher, release) for metric in resolved.metrics):
            values = values_text(resolved.metrics[0].values_on(matcher.label, release), matcher.value)
            return f"{resolved.selector.metric}: {matcher} matches none of {values}"
    return ""


def values_text(values: Sequence[str], impossible: str) -> str:
    """The possible values as text; if there are many, those similar to the impossible one, and the number of others."""
    if len(values) <= MAX_LISTED:
        return ", ".join(values)
    by_spelling = {re.sub(r"[^a-z0-9]", "", value.lower()): value for value in values}
    close = get_close_matches(re.sub(r"[^a-z0-9]", "", impossible.lower()), by_spelling, n=3, cutoff=0.6)
    shown = [by_spelling[spelling] for spelling in close] or [*values[:3]]
    return f"{', '.join(shown)} and {len(values) - len(shown)} others"


def is_impossible(metric: Metric, matcher: Matcher, release: Release) -> bool:
    """True if the matcher accepts no value that the label has on this release."""
    values = metric.values_on(matcher.label, release)
    if not values or any(matcher.accepts(value) is not False for value in values):
        return False
    removed = metric.values_removed_by(matcher.label, release)
    return metric.is_closed(matcher.label) or any(matcher.accepts(value) for value in removed)
