"""Ask the queries of boards as Grafana would, each once, at the moment of the server."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.house_labels import our_names
from dashboards_py.doctor.look_up import with_facts
from dashboards_py.doctor.narrowed import attempts
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import DashboardsError
from dashboards_py.findings import Location
from dashboards_py.panel_data import interpolate, opening_values, over
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import Variables, range_macros, step_macros
from dashboards_py.panel_data.requests import requests
from dashboards_py.panel_data.steps import SCRAPE_INTERVAL, Resolution
from dashboards_py.promql.sent import sent_selectors
from dashboards_py.queries import ResolvedSelector, board_queries, legend_labels, variable_query
from dashboards_py.queries.resolve import statuses

RANGE = 900.0  # seconds: a quarter of an hour tells whether there is data, and costs less than an hour


@dataclass(frozen=True, slots=True)
class BoardToExamine:
    """A board, its file ("" for one of ours), and the values that were chosen for its variables."""

    board: Board
    file: str = ""
    chosen: Mapping[str, Sequence[str]] | None = None


def names_read(boards: Iterable[Board]) -> frozenset[str]:
    """The names of the series that the queries of the boards read."""
    return frozenset(
        selector.metric
        for board in boards
        for query in board_queries(board)
        for selector in _selectors(query.expr)
        if selector.metric and not promql.has_variable(selector.metric)
    )


def _selectors(expr: str) -> Iterable[promql.Selector]:
    try:
        return promql.selectors(expr)
    except promql.QueryError:
        return promql.lenient_selectors(expr)


def execute_boards(
    client: Client, boards: Iterable[BoardToExamine], seen: Observation, scrape_interval: float = SCRAPE_INTERVAL
) -> tuple[ExecutedQuery, ...]:
    """The queries of the boards with their answers, in reading order; `scrape_interval` is that of the data source."""
    queries = [query for board in boards for query in _queries(client, board, seen, scrape_interval)]
    if seen.server.failure:
        return tuple(queries)
    return with_facts(client, client.map(lambda query: _executed(client, query, seen), queries), seen)


def _executed(client: Client, query: ExecutedQuery, seen: Observation) -> ExecutedQuery:
    """The query with its answer: that of a few targets, or of all if these have none."""
    for attempt in attempts(query, seen):
        try:
            rows = client.query(attempt.sent, seen.server.now)
        except DashboardsError as error:
            if attempt.is_unfiltered:  # a comparison may have kept a join unambiguous
                continue
            return replace(query, error=error)
        if rows:
            labels = tuple(labels for labels, _ in rows)
            return replace(query, rows=labels, is_unfiltered=attempt.is_unfiltered)
    try:
        rows = client.query(promql.without_idle_matchers(query.sent), seen.server.now)
    except DashboardsError as error:
        return replace(query, error=error)
    return replace(query, rows=tuple(labels for labels, _ in rows))


def _queries(
    client: Client, item: BoardToExamine, seen: Observation, scrape_interval: float
) -> Iterator[ExecutedQuery]:
    """The queries of a board before they are asked: those of panels, variables and annotations."""
    now = seen.server.now or 0.0
    window = Window(begin=now - RANGE, end=now, now=now)
    values: Variables = {}
    if not seen.server.failure:
        values = opening_values(item.board, window, over(client.get), item.chosen).values
    name = item.board.uid or item.board.title
    for panel in item.board.panels:
        legends = {query.ref: query.legend for query in panel.queries}
        written = {query.ref: query.expr for query in panel.queries}
        for request in requests(panel, window, values, scrape_interval):
            ref = request.ref.removesuffix("-Instant")
            location = Location(name, panel.title, ref, item.file)
            yield _query(location, written.get(ref, ""), request.expr, legends.get(ref, ""), seen)
    step = round(scrape_interval * 1000)
    macros = {**values, **range_macros(window), **step_macros(Resolution(step, 4 * step))}
    own = {variable.name: variable for variable in item.board.variables}
    for query in board_queries(item.board):
        if query.panel is None:
            variable = own.get(query.where.removeprefix("variable "))
            label = variable_query(variable.query).label if variable else ""
            sent = interpolate(query.expr, macros, "promql")
            yield _query(Location(name, query.where, "", item.file), query.expr, sent, f"{{{{{label}}}}}", seen)


def _query(location: Location, expr: str, sent: str, legend: str, seen: Observation) -> ExecutedQuery:
    try:
        of_text = sent_selectors(sent)
    except promql.QueryError:
        return ExecutedQuery(location, expr, sent)
    written = tuple(_selectors(expr))
    same = written if len(written) == len(of_text) else (None,) * len(of_text)
    in_context = promql.selectors(sent)
    selectors = tuple(
        ExecutedSelector(
            one,
            ResolvedSelector(context, statuses(context, seen.release)),
            _variables(original) if original else {},
        )
        for one, context, original in zip(of_text, in_context, same, strict=True)
    )
    try:
        labels = promql.labels(sent)
    except promql.QueryError:
        labels = frozenset()
    own = our_names(labels | frozenset(legend_labels(legend)), seen.label_names)
    return ExecutedQuery(location, expr, sent, selectors, labels=own)


def _variables(selector: promql.Selector) -> Mapping[str, str]:
    """The variable in the matcher of each label that has one."""
    return {
        matcher.label: match[1]
        for matcher in selector.matchers
        if (match := re.search(r"\$\{?(\w+)|\[\[(\w+)", matcher.value)) and match[1]
    }
