"""impossible-label-value: the query matches a value that the label does not have on this release: it returns nothing.

The rule checks labels whose values are fixed in Cilium's source, and values that only older releases have. A regular
expression is reported if it matches none of the possible values. Case matters: the agent's `direction` is upper case,
Hubble's `traffic_direction` lower case. `endpoint` is the name of the scraped port, such as `metrics`. A query with an
alternative (`new or old`) is not reported.
"""

from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._fixable import QueryToFix
from dashboards_py.lint._respelled import respelled
from dashboards_py.lint._selectors import ReadableSelector, all_queries, problems_of_required
from dashboards_py.queries import impossible_value


def check(board: Board, release: Release) -> Iterator[tuple[Panel, str]]:
    """Matchers that match none of the possible values."""
    for panel, query in all_queries(board):
        for problem in problems_of_required(query.expr, release, problem_with):
            yield panel, problem


def problem_with(resolved: ReadableSelector, release: Release) -> str:
    """The selector's first matcher that matches no possible value, as a message; "" if there is none."""
    return str(impossible_value(resolved, release) or "") or wrong_endpoint(resolved)


def wrong_endpoint(resolved: ReadableSelector) -> str:
    """A matcher on `endpoint` that accepts no name of a port, as a message.

    ServiceMonitors of the chart name the port of the Service, PodMonitors that of the container (`prometheus`).
    """
    ports = dict.fromkeys(metric.exposed_by.port_name for metric in resolved.metrics)
    for matcher in resolved.selector.matchers:
        if matcher.label == "endpoint" and not any(
            matcher.accepts(port) is not False for port in ("prometheus", *ports)
        ):
            return f"{resolved.name}: {matcher} is not the name of the port: {', '.join(ports)}" if ports else ""
    return ""


def fixes(item: QueryToFix) -> Iterator[str]:
    """The query with values that are spelled as Cilium writes them: all of them, and each alone."""
    yield from respelled(item, ("=", "=~"))
