"""always-true-matcher: a matcher excludes a label or a value that no series has on this release: it excludes nothing.

A series without the label has an empty value, which `!=` and `!~` accept: what was to be left out is counted. Use a
label that the metric has. Labels of your own relabelling rules are named with `--label`. Before:
`cilium_policy_change_total{status!="success"}`. After: `cilium_policy_change_total{outcome!="success"}`. The same for a
value that the label never has: `outcome!="Success"`, if all values of the label are known.
"""

from collections.abc import Iterator, Sequence

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Metric, Release
from dashboards_py.findings import Severity
from dashboards_py.lint._fixable import QueryToFix
from dashboards_py.lint._respelled import respelled
from dashboards_py.lint._selectors import all_queries, known_labels, resolve_selectors
from dashboards_py.lint._settings import Settings
from dashboards_py.promql import Matcher
from dashboards_py.queries import values_text

SEVERITY = Severity.WARNING

WITH_SETTINGS = True


def check(board: Board, release: Release, settings: Settings) -> Iterator[tuple[Panel, str]]:
    """Matchers that every series satisfies."""
    others = known_labels(board, settings)
    for panel, query in all_queries(board):
        for resolved in resolve_selectors(query.expr, release):
            excluding = [matcher for matcher in resolved.selector.matchers if matcher.op in ("!=", "!~")]
            possible = resolved.labels(release) if excluding else None
            if possible is None:
                continue
            for matcher in excluding:
                if matcher.accepts("") and matcher.label not in possible | others:
                    yield panel, f"{resolved.name}: no series has {matcher.label}, so {matcher} excludes nothing"
                elif excludes_no_value(matcher, resolved.metrics, release):
                    values = values_text(resolved.metrics[0].values_on(matcher.label, release), matcher.value)
                    yield panel, f"{resolved.name}: {matcher} excludes none of {values}"


def fixes(item: QueryToFix) -> Iterator[str]:
    """The query with values that are spelled as Cilium writes them."""
    yield from respelled(item, ("!=", "!~"))


def excludes_no_value(matcher: Matcher, metrics: Sequence[Metric], release: Release) -> bool:
    """True if a matcher means to exclude values, and accepts each that its label can have."""
    if matcher.op not in ("!=", "!~") or not matcher.accepts(""):
        return False
    values = [metric.values_on(matcher.label, release) for metric in metrics]
    closed = all(metric.is_closed(matcher.label) and values for metric, values in zip(metrics, values, strict=True))
    return bool(metrics) and closed and all(matcher.accepts(value) for listed in values for value in listed)
