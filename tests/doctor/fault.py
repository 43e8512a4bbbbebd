"""Faults from the files of data in `faults`: what is wrong with a cluster, and the cause that must be named first."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from dashboards_py.board import Board, read
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.topology import CiliumCluster, from_values
from dashboards_py.doctor import BoardToExamine
from tests.doctor.worlds import World
from tests.values.test_values import required_values_tree

FILES = sorted((Path(__file__).parent / "faults").glob("*.toml"))
NODES = 2
KNOWN = {"summary", "cause", "what", "boards", "queries", "variables", "options", "interval", "cluster", "features"} | {
    "changes",
    "scrape",
    "drop",
    "drop_after",
    "versions",
}


@dataclass(frozen=True)
class Fault:
    """A fault: `summary` in a user's words, and the id of the `cause`, whose line contains `what`.

    `boards` are the uids of the boards that are examined (none: all), unless it brings a board with `queries`.
    """

    name: str
    summary: str
    cause: str
    what: str
    data: Mapping[str, Any] = field(repr=False)

    @property
    def world(self) -> World:
        """The cluster with the fault in it."""
        data = self.data
        cluster = with_changes(data.get("cluster", {}), frozenset(data.get("features", ())))
        names = ("drop", "scrape", "changes", "versions")
        world = World(self.name, cluster, **{name: data[name] for name in names if name in data})
        after = data.get("drop_after")
        return replace(world, drop_after=(after[0], after[1])) if after else world

    def boards(self, release: Release) -> tuple[BoardToExamine, ...]:
        """The boards to examine on a release."""
        chosen = self.data.get("variables")
        if queries := self.data.get("queries"):
            return (BoardToExamine(foreign(queries), "foreign.json", chosen),)
        uids = self.data.get("boards", ())
        return tuple(BoardToExamine(board, "", chosen) for board in boards_of(release) if not uids or board.uid in uids)


def faults() -> Iterator[Fault]:
    """The faults of all files."""
    for file in FILES:
        for name, data in tomllib.loads(file.read_text(encoding="utf-8")).items():
            assert data.keys() <= KNOWN, (name, data.keys() - KNOWN)
            yield Fault(name, data["summary"], data["cause"], data.get("what", ""), data)


@cache
def boards_of(release: Release) -> tuple[Board, ...]:
    """Our boards for a release."""
    return tuple(read(board.json) for board in compile_boards(release))


@cache
def healthy_cluster(release: Release = NEWEST) -> CiliumCluster:
    """A cluster with the values that our boards need."""
    return from_values(release, required_values_tree(release), nodes=NODES)


def with_changes(changes: Mapping[str, Any], features: frozenset[str]) -> CiliumCluster:
    """The healthy cluster with other values and more features."""
    cluster = healthy_cluster(Release.parse(changes["release"]) if "release" in changes else NEWEST)
    contexts = {**cluster.contexts, **{name: tuple(options) for name, options in changes.get("handlers", {}).items()}}
    for handler in changes.get("handlers_without", ()):
        del contexts[handler]
    return replace(
        cluster,
        contexts=contexts,
        without=cluster.without | frozenset(changes.get("without", ())),
        extra=(cluster.extra or frozenset()) - frozenset(changes.get("extra_without", ())),
        features=(cluster.features or frozenset()) | features,
    )


def foreign(queries: list[str]) -> Board:
    """A board that somebody else wrote, with a panel for each query."""
    panels = [
        {
            "id": number,
            "title": f"Panel {number}",
            "type": "timeseries",
            "gridPos": {"x": 0, "y": 8 * number, "w": 12, "h": 8},
            "targets": [{"refId": "A", "expr": query}],
        }
        for number, query in enumerate(queries, start=1)
    ]
    return read({"uid": "foreign", "title": "Foreign", "panels": panels})
