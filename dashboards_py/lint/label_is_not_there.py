"""label-is-not-there: the query matches a label that no series of the metric has on this release, so it finds nothing.

Labels of the metric, those that options of its Hubble handler can add, and those that scraping adds are known. A
matcher that also takes an empty value (`!=`, `=~".*"`) is left alone, and so is one with a variable.
"""

import re
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Metric, Release
from dashboards_py.lint.asked import ANYWHERE, asked, queries
from dashboards_py.promql import Matcher


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that no series can satisfy."""
    for panel, query in queries(board):
        for each in asked(query.expr, release):
            for matcher in each.selector.matchers if each.metrics else ():
                if wants_a_value(matcher) and not any(has(metric, matcher.label, release) for metric in each.metrics):
                    yield (
                        panel,
                        f"{each.selector.metric} has no label {matcher.label} on {release}: {matcher} finds nothing",
                    )


def has(metric: Metric, label: str, release: Release) -> bool:
    """Whether series of the metric can carry the label."""
    if label in ("le", "quantile"):
        return metric.type_on(release) == {"le": "histogram", "quantile": "summary"}[label]
    known = {*metric.possible_labels_on(release), *metric.exposed_by.scrape_labels}
    return label in ANYWHERE or label in known


def wants_a_value(matcher: Matcher) -> bool:
    """Whether the matcher refuses series without the label, whatever variables hold."""
    if "$" in matcher.value or matcher.op not in ("=", "=~"):
        return False
    if matcher.op == "=":
        return matcher.value != ""
    try:
        return re.fullmatch(matcher.value, "") is None
    except re.error:
        return False
