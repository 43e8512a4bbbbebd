"""Links out of the boards, where they are configured and lead somewhere."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards, find
from dashboards_py.configuration import Configuration, Labels, Link

FAULT = pytest.mark.fault("no link leads to the logs, to Hubble's UI or to the board of a node or pod")
LOGS = (
    "/explore?schemaVersion=1&panes=%7B%22a%22:%7B%22datasource%22:%22loki%22,%22queries%22:%5B%7B%22refId%22:%22A%22,"
    "%22expr%22:%22%7Bnode_name%3D%5C%22{node}%5C%22%7D%22%7D%5D,"
    "%22range%22:%7B%22from%22:%22{from}%22,%22to%22:%22{to}%22%7D%7D%7D"
)
NODE = Link(title="Logs of the node", url=LOGS)
HUBBLE = Link(title="Hubble UI", url="https://hubble.example.org/?namespace={namespace}")
POD = Link(title="Pod", url="/d/6581e46e4e5c7ba40a07646395ef7b23?var-namespace={namespace}&var-pod={pod}&{range}")
WIKI = Link(title="Wiki", url="https://wiki.example.org/cilium?since={from}")
HOUSE = Configuration(links=(NODE, HUBBLE, POD, WIKI))


def links(value: Any) -> Iterator[dict[str, Any]]:
    """All links in JSON."""
    if isinstance(value, dict):
        if {"title", "url"} <= value.keys():
            yield value
        for inner in value.values():
            yield from links(inner)
    for inner in value if isinstance(value, list) else []:
        yield from links(inner)


def of_panel(uid: str, title: str, configuration: Configuration = HOUSE) -> dict[str, str]:
    """The links of a panel, by title."""
    board = read(find(uid, NEWEST, configuration).json)
    panel = next(panel for panel in board.panels if panel.title == title)
    return {link["title"]: link["url"] for link in links(panel.raw)}


def clicked(url: str, **values: str) -> str:
    """The address as Grafana makes it of a click (sceneInterpolator of @grafana/scenes)."""
    fixed = {"__from": "1000", "__to": "2000", "__url_time_range": "from=now-1h&to=now"}
    url = re.sub(r"\$\{(\w+)\}", lambda match: fixed[match[1]], url)
    macro = r"\$\{__(?:data\.fields|field\.labels)\.(\w+):percentencode\}"
    return re.sub(macro, lambda match: quote(values[match[1]], safe=""), url)


@FAULT
def test_logs_of_a_node() -> None:
    """On a table of nodes the link is in its one column of links; a click gives the node and the range of time."""
    url = clicked(of_panel("cilium-capacity", "Nearly full")["Logs of the node"], node="node-1")
    pane = json.loads(parse_qs(urlsplit(url).query)["panes"][0])["a"]
    assert pane["queries"][0]["expr"] == '{node_name="node-1"}'
    assert pane["range"] == {"from": "1000", "to": "2000"}


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_links_are_where_their_values_are(release: Release) -> None:
    """On every panel: a link if, and only if, all that its address needs are labels of the rows or series."""
    count = 0
    for board in compile_boards(release, HOUSE):
        for panel in read(board.json).panels:
            requested = {link["title"]: link["url"] for link in links(panel.raw)}
            labels = columns(panel.raw) if panel.type == "table" else None
            for side, title in (("source", "Hubble UI (from)"), ("destination", "Hubble UI (to)")):
                if title in requested:
                    count += 1
                    assert f"{side}_namespace:percentencode" in requested[title]
                if labels is not None:
                    assert (title in requested) == (f"{side}_namespace" in labels), (board.uid, panel.title)
            if labels is not None:
                assert (NODE.title in requested) == ("node" in labels), (board.uid, panel.title)
            elif NODE.title in requested:
                assert all(re.search(r"\bnode\b|hive", query.expr) for query in panel.queries), (board.uid, panel.title)
    assert count


def columns(panel: Any) -> set[str]:
    """The label columns of a table."""
    return {name for step in panel["transformations"] for name in step["options"].get("indexByName", {})}


@FAULT
@pytest.mark.parametrize(
    ("uid", "title", "column", "link"),
    [
        ("cilium-capacity", "Nearly full", "node", NODE.title),
        ("cilium-policy", "Denied pairs", "source_namespace", "Hubble UI (to)"),
        ("hubble-relay", "Relays not scraped", "node", NODE.title),
    ],
)
def test_the_column_of_the_links(uid: str, title: str, column: str, link: str) -> None:
    """The one that has links already, or the first of a label that a link needs."""
    panel = next(panel for panel in read(find(uid, NEWEST, HOUSE).json).panels if panel.title == title)
    linked = [
        (override["matcher"]["options"], [item["title"] for item in links(override)])
        for override in panel.raw["fieldConfig"]["overrides"]
    ]
    assert [name for name, titles in linked if link in titles] == [column]


@FAULT
def test_values_are_encoded() -> None:
    """None of their characters ends the parameter or the address."""
    panels = [panel for board in compile_boards(NEWEST, HOUSE) for panel in read(board.json).panels]
    url = next(link["url"] for panel in panels for link in links(panel.raw) if link["title"] == "Hubble UI (from)")
    assert parse_qs(urlsplit(clicked(url, source_namespace="a&b#c=d/e")).query) == {"namespace": ["a&b#c=d/e"]}


@FAULT
def test_the_pod_of_hubble_is_a_pod_only_if_it_is_the_peer_label() -> None:
    """Flows have pods then, and the board of a pod is linked for both ends; with other labels they have none."""
    by_pod = find("hubble-overview", NEWEST, Configuration(links=(POD,), peer_label="pod")).json
    assert "source_pod:percentencode" in by_pod
    assert "destination_pod:percentencode" in by_pod
    assert "_pod:percentencode" not in find("hubble-overview", NEWEST, Configuration(links=(POD,))).json


@FAULT
def test_an_address_without_a_value_is_in_the_menu() -> None:
    """On every board; a link that leaves Grafana opens in a new tab, one within it does not."""
    for board in compile_boards(NEWEST, HOUSE):
        menu = json.loads(board.json)["links"]
        assert [link["title"] for link in menu] == ["Cilium boards", "Wiki"]
        assert menu[1]["url"] == "https://wiki.example.org/cilium?since=${__from}"
        for link in links(json.loads(board.json)):
            assert bool(link.get("targetBlank")) == link["url"].startswith("https://")


@FAULT
def test_without_links_nothing_is_added() -> None:
    """Only the links differ from the board without; and labels of one's own are those of the links."""
    for board in compile_boards(NEWEST, HOUSE):
        before = find(board.uid)
        assert [query.expr for _, query in read(board.json).queries()] == [
            q.expr for _, q in read(before.json).queries()
        ]
        assert "example.org" not in before.json
    renamed = Configuration(links=(NODE,), labels=Labels(node="kubernetes_node"))
    assert "kubernetes_node:percentencode" in of_panel("cilium-capacity", "Nearly full", renamed)[NODE.title]
