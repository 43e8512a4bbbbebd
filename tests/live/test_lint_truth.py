"""lint reports exactly the queries that return nothing: Cilium's own boards in a real Prometheus.

The cluster has every feature, every metric and every Hubble handler with all labels that these boards use. Handlers
`http` and `httpV2` are both on, which a real Hubble refuses, because one board needs the one and another the other.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards_py import promql
from dashboards_py.board import Board, Panel, Query, Row, read
from dashboards_py.catalog import Release, entries
from dashboards_py.lint import Finding, Settings, fixed_query, lint
from tests.components import path_of, require
from tests.live.browser import open_board
from tests.live.cluster import END, HUBBLE, full_cluster, history, metrics
from tests.live.opened import chosen
from tests.live.panel_queries import Series, instant_query, interpolated, run_query
from tests.live.picture_grafana import provision
from tests.live.processes import grafana, prometheus, wait_until_ok

if TYPE_CHECKING:  # importing it takes half a second, in each worker
    from playwright.sync_api import Browser

CHARTS = {"1.17": "cilium-1.17.18", "1.20": "cilium-1.20.0"}
NAMES = ("sourceContext=workload", "destinationContext=workload")
CONTEXTS = {
    handler: (*(option.replace("_app", "_workload") for option in options), *NAMES)
    for handler, options in HUBBLE.items()
} | {"http": NAMES}
# Rules whose findings mean that a query returns nothing.
RULES_OF_EMPTY_QUERIES = {"unknown-metric", "unknown-label", "impossible-label-value", "short-window"}
UNKNOWN_GROUPING = re.compile(
    r"(?:never|none of the series|neither side) has ([\w, ]+) on "
)  # labels to group by or join on
# Correct queries that return nothing: board and panel, and the reason.
EXPECTED_EMPTY = {
    ("hubble-l7-http-metrics-by-workload", "CPU Usage by Source"): "recorded by rules of kube-prometheus-stack",
    ("hubble-l7-http-metrics-by-workload", "CPU Usage by Destination"): "recorded by rules of kube-prometheus-stack",
}


@dataclass(frozen=True, slots=True)
class SentQuery:
    """A query of a board, the values of its variables, Prometheus' answer, and lint's findings on this query."""

    board: str
    panel: str
    query: Query
    values: Mapping[str, str]
    answer: tuple[Series, ...]
    findings: tuple[Finding, ...]

    @property
    def unknown_grouping(self) -> frozenset[str]:
        """The labels that it groups by or joins on and that no series has, according to lint."""
        matches = [
            UNKNOWN_GROUPING.search(finding.what) for finding in self.findings if finding.rule == "unknown-label"
        ]
        return frozenset(label for match in matches if match for label in match[1].split(", "))

    @property
    def is_expected_empty(self) -> bool:
        """Whether it is correct and still empty."""
        return (self.board, self.panel) in EXPECTED_EMPTY

    def __str__(self) -> str:
        return f"{self.board} / {self.panel}: {' '.join(self.query.expr.split())}"


@dataclass(frozen=True, slots=True)
class Truth:
    """A Prometheus with an hour of data of a Cilium release, the boards by name, and their queries sent to it."""

    source: str
    release: Release
    boards: Mapping[str, Board]
    queries: tuple[SentQuery, ...]

    def answers(self, expr: str, values: Mapping[str, str]) -> bool:
        """Whether the expression has an answer at the end of the hour."""
        return bool(instant_query(self.source, interpolated(expr, values, seconds=30, hour=(END - 3600, END)), END))


@pytest.fixture(scope="module", params=CHARTS)
def truth(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Truth]:
    """Every query of the boards in a chart, sent as Grafana would."""
    require("prometheus")
    directory = path_of("upstream-boards") / CHARTS[request.param]
    boards = {path.stem: read(path.read_bytes(), path.name) for path in sorted(directory.glob("*.json"))}
    release = Release.parse(request.param)
    data = tmp_path_factory.mktemp("truth") / "data"
    cluster = full_cluster(release, nodes=3, clusters=("east",), contexts=CONTEXTS)
    hour = history(cluster, metrics(list(boards.values())), data, end=END)
    with prometheus(data) as source:
        sent_queries = tuple(
            SentQuery(
                name,
                panel.title,
                query,
                values,
                run_query(source, panel, query, values, hour),
                findings_of(query, release),
            )
            for name, board in boards.items()
            for values in [chosen(source, board)]
            for panel, query in board.queries()
            if query.expr
        )
        yield Truth(source, release, boards, sent_queries)


def findings_of(query: Query, release: Release) -> tuple[Finding, ...]:
    """The findings of lint on a board with only this query."""
    only = Panel(1, "P", "timeseries", queries=(query,))
    return tuple(lint(Board("b", "B", rows=(Row("", False, (only,)),)), release, house_rules=False)[0])


def returns_nothing(findings: Iterable[Finding]) -> bool:
    """Whether one of the findings means that the query returns nothing."""
    return any(
        finding.rule in RULES_OF_EMPTY_QUERIES and not UNKNOWN_GROUPING.search(finding.what) for finding in findings
    )


def test_empty_queries_are_reported(truth: Truth) -> None:
    """Each query without an answer has a finding that means so, or is listed with the reason."""
    assert len(truth.queries) > 150
    empty = [query for query in truth.queries if not query.answer]
    assert {
        str(query) for query in empty if not returns_nothing(query.findings) and not query.is_expected_empty
    } == set()
    assert {(query.board, query.panel) for query in empty if query.is_expected_empty} == EXPECTED_EMPTY.keys()


def test_queries_reported_as_empty_are_empty(truth: Truth) -> None:
    """No query that lint reports as empty has an answer."""
    reported = [query for query in truth.queries if returns_nothing(query.findings)]
    assert len(reported) > 10
    assert {str(query) for query in reported if query.answer} == set()


def test_labels_reported_as_unknown_do_not_exist(truth: Truth) -> None:
    """The grouping labels that answers lack are exactly those that lint names."""
    missing, named = {}, {}
    for query in truth.queries:
        grouped = promql.output_labels(promql.parse(query.query.expr), lambda _: None)
        if query.answer and grouped is not None:
            missing[str(query)] = grouped - {label for series in query.answer for label, _ in series.labels}
            named[str(query)] = query.unknown_grouping
    assert missing == named
    assert {"subnetId", "status"} in named.values()


@pytest.mark.fault("findings with a certain fix have to be fixed by hand, panel by panel")
def test_fixed_queries_have_data(truth: Truth) -> None:
    """Each query that `lint --fix` changes has an answer, unless lint still reports why it has none."""
    settings, values = Settings(), {sent.board: sent.values for sent in truth.queries}
    changed = {
        (name, query): replace(query, expr=expr)
        for name, board in truth.boards.items()
        for panel, query in board.queries()
        if query.expr
        for expr in [fixed_query(board, panel, query, truth.release, settings, habits=True)]
        if expr != query.expr
    }
    assert len(changed) > len(truth.queries) / 10
    without = [(name, query) for (name, _), query in changed.items() if not truth.answers(query.expr, values[name])]
    assert [query.expr for _, query in without if not returns_nothing(findings_of(query, truth.release))] == []


def faulty(expr: str) -> Iterator[str]:
    """Variants of the query with one fault each: a metric, a label or a value that does not exist."""
    for selector in promql.selectors(expr):
        if entries(selector.metric):
            yield re.sub(rf"\b{selector.metric}\b", f"{selector.metric}x", expr)
        for matcher in selector.matchers if entries(selector.metric) else ():
            if "$" not in matcher.value and matcher.op == "=":
                yield expr.replace(str(matcher), str(replace(matcher, label=f"{matcher.label}x")))
                if all(metric.is_closed(matcher.label) for metric in entries(selector.metric)):
                    yield expr.replace(str(matcher), str(replace(matcher, value=f"{matcher.value}x")))


def test_seeded_faults_are_empty_and_reported(truth: Truth) -> None:
    """Faulty variants of queries with an answer have no answer, and lint reports every one."""
    answered = [query for query in truth.queries if query.answer]
    faults = {
        fault: query.values for query in answered for fault in faulty(query.query.expr) if fault != query.query.expr
    }
    assert len(faults) > 200
    assert {fault for fault, values in faults.items() if truth.answers(fault, values)} == set()
    assert {fault for fault in faults if not returns_nothing(findings_of(Query("A", fault), truth.release))} == set()


def test_a_variable_replaces_an_input(tmp_path: Path, chromium: "Browser") -> None:
    """A board with `__inputs` from a file has data only if a variable has the input's name; lint agrees."""
    require("prometheus", "grafana-home")
    directory = path_of("upstream-boards") / CHARTS["1.20"]
    document = json.loads((directory / "cilium-operator-dashboard.json").read_text())
    boards = {
        "with": {**document, "uid": "with"},
        "without": {**document, "uid": "without", "templating": {"list": []}},
    }
    provision(tmp_path / "grafana", tmp_path / "boards")
    for name, board in boards.items():
        (tmp_path / "boards" / "dashboards" / f"{name}.json").write_text(json.dumps({**board, "title": name}))
    parsed = read(document)
    hour = history(full_cluster(nodes=2), metrics([parsed]), tmp_path / "data")
    with prometheus(tmp_path / "data") as source, grafana(tmp_path / "grafana", source=source) as url:
        for name in boards:
            wait_until_ok(f"{url}/api/dashboards/uid/{name}")
        values = {name: sum(open_board(chromium, url, name, hour, height=3000).values.values()) for name in boards}
    rules = {
        name: {finding.rule for finding in lint(read(board), Release(1, 20))[0]} & {"unresolved-inputs"}
        for name, board in boards.items()
    }
    assert {name: count > 0 for name, count in values.items()} == {"with": True, "without": False}
    assert rules == {"with": set(), "without": {"unresolved-inputs"}}
