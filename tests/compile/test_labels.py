"""Boards for a Prometheus whose labels of cluster and node have other names show the same."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboards_py import demo, promql
from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards, find
from dashboards_py.compile.label_lookup import label_lookup
from dashboards_py.configuration import DEFAULTS, Configuration, Labels
from dashboards_py.dashboards import uids
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.frame import Frame, Window
from dashboards_py.panel_data.source import Source
from dashboards_py.queries import board_queries

FAULT = pytest.mark.fault("in a Prometheus whose labels are not called cluster and node the boards are empty")
LABELS = Labels(cluster="k8s_cluster", node="kubernetes_node")
HOUSE = Configuration(labels=LABELS)
WINDOW = Window(begin=demo.END - 900, end=demo.END)
HEALTHY = demo.source("healthy")
ELSEWHERE = demo.source("healthy", names=LABELS.renamed)


def shown(uid: str, configuration: Configuration, source: Source) -> Iterator[tuple[str, object]]:
    """What each panel of a board shows, field by field."""
    board = read(find(uid, NEWEST, configuration).json)
    values = opening_values(board, WINDOW, source).values
    for panel in board.panels:
        yield panel.title, [fields(frame) for frame in panel_data(panel, WINDOW, values, source).frames]


def fields(frame: Frame) -> object:
    """The headings, values and labels of a frame, by our names for the labels."""
    return sorted(
        (
            field.config.display_name or field.config.name_from_source or our_name(field.name),
            sorted((our_name(label), value) for label, value in field.labels.items()),
            repr(field.values),
        )
        for field in frame.fields
    )


def our_name(label: str) -> str:
    return {new: old for old, new in LABELS.renamed.items()}.get(label, label)


@FAULT
@pytest.mark.parametrize("uid", uids())
def test_every_panel_shows_the_same(uid: str) -> None:
    """Over the same data with the other labels: the same series, numbers, legends and headings, in every row."""
    assert dict(shown(uid, HOUSE, ELSEWHERE)) == dict(shown(uid, DEFAULTS, HEALTHY))


@FAULT
def test_without_the_setting_nodes_have_no_names_there() -> None:
    """So that the test above compares something."""
    assert dict(shown("cilium-capacity", DEFAULTS, ELSEWHERE)) != dict(shown("cilium-capacity", DEFAULTS, HEALTHY))


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_no_query_and_no_link_has_the_other_names(release: Release) -> None:
    """In selectors, groupings, legends, links, columns, variables and annotations; variables keep their names."""
    for board in compile_boards(release, HOUSE):
        labels = {label for query in board_queries(read(board.json)) for label in query.labels}
        assert not {"cluster", "node"} & labels, board.uid
        assert "k8s_cluster" in labels
        assert not re.search(r"\{\{(cluster|node)\}\}|(fields|labels)\.(cluster|node)\b", board.json), board.uid
        assert '"name": "cluster"' in board.json


def test_only_labels_change() -> None:
    """Ids, positions, titles, variables and all other text stay."""
    for board in compile_boards(NEWEST, HOUSE):
        renamed = re.sub(r"\bk8s_cluster\b", "cluster", re.sub(r"\bkubernetes_node\b", "node", board.json))
        assert without_headings(json.loads(renamed)) == without_headings(json.loads(find(board.uid).json))


def without_headings(value: Any) -> Any:
    """The JSON without headings of the columns of clusters and nodes."""
    if isinstance(value, list):
        items = [without_headings(item) for item in value]
        return [item for item in items if item != {"id": "displayName", "value": "node"}]
    if isinstance(value, dict):
        parts = {key: without_headings(item) for key, item in value.items()}
        parts["overrides"] = [item for item in parts.get("overrides", []) if "properties" in item]
        return {key: item for key, item in parts.items() if item != []}
    return value if value != "cluster" else "node"


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (Labels(node="pod"), r"board cilium-agent, panel '.+': query .+ has a label pod already\n  choose another"),
        (Labels(cluster="reason"), "has a label reason already"),
    ],
)
def test_a_label_that_means_something_else_is_refused(labels: Labels, message: str) -> None:
    """Grouping by it would merge what differs: board and panel are named."""
    with pytest.raises(DashboardsError, match=message):
        compile_boards(NEWEST, Configuration(labels=labels))


@pytest.mark.parametrize(
    ("metric", "has", "lacks"),
    [
        ("cilium_drop_count_total", {"node", "cluster", "reason"}, {"source"}),
        ("cilium_operator_process_start_time_seconds", {"pod", "cluster"}, {"node"}),
        ("hubble_drop_total", {"node", "reason", "source_app"}, {"direction"}),
    ],
)
def test_the_labels_of_series(metric: str, has: set[str], lacks: set[str]) -> None:
    """The operator's series have no node: a link or an alert must not name one. Of unknown metrics nothing is known."""
    (selector, unknown) = promql.selectors(f"{metric} or nobodys_metric")
    labels_of = label_lookup(NEWEST)
    labels = labels_of(selector)
    assert labels is not None
    assert (has <= labels, lacks & labels) == (True, set())
    assert labels_of(unknown) is None
