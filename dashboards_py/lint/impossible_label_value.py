"""impossible-label-value: the query matches a value that the label does not have on this release: it returns nothing.

The rule checks labels whose values are fixed in Cilium's source, and values that only older releases have. A regular
expression is reported if it matches none of the possible values. Case matters: the agent's `direction` is upper case,
Hubble's `traffic_direction` lower case. `endpoint` is the name of the scraped port, such as `metrics`. A query with an
alternative (`new or old`) is not reported.
"""

import re
from collections.abc import Iterator

from dashboards_py.board import Board, Panel
from dashboards_py.catalog import Release
from dashboards_py.lint._fixable import QueryToFix, with_matcher
from dashboards_py.lint._selectors import ReadableSelector, all_queries, problems_of_required, resolve_selectors
from dashboards_py.queries import impossible_value

SHORTEST = 4  # letters of a value that is the beginning of another


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
    """The query with the only value of the label that differs in case and punctuation, or else in its ending, alone."""
    for resolved in resolve_selectors(item.expr, item.release):
        for matcher in resolved.selector.matchers if resolved.metrics else ():
            values = {value for metric in resolved.metrics for value in metric.values_on(matcher.label, item.release)}
            alike = [value for value in values if _spelling(value) == _spelling(matcher.value)]
            alike = alike or [value for value in values if _begin_alike(value, matcher.value)]
            if matcher.op == "=" and matcher.value not in values and len(alike) == 1:
                yield with_matcher(item.expr, matcher, f'{matcher.label}="{alike[0]}"')


def _begin_alike(one: str, other: str) -> bool:
    """True if one is the beginning of the other, as `fail` is of `failure`."""
    shorter, longer = sorted((_spelling(one), _spelling(other)), key=len)
    return len(shorter) >= SHORTEST and longer.startswith(shorter)


def _spelling(value: str) -> str:
    return re.sub(r"[^a-z0-9]", "", value.lower())
