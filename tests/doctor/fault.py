"""Faults from the files of data in `faults`: what is wrong with a cluster, and the cause that must be named first."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from dashboards_py.board import Board, read
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.compile import compile_boards
from dashboards_py.demo.cluster.topology import CiliumCluster, from_values
from dashboards_py.doctor import BoardToExamine
from tests.doctor.worlds import World
from tests.values.test_values import required_values_tree

OTHERS = ("kube", "server")  # faults of other things than scraping, which have readers of their own
FILES = [file for file in sorted((Path(__file__).parent / "faults").glob("*.toml")) if file.stem not in OTHERS]
NODES = 2
# Boards that are examined if a fault names none: some of each component, to save time.
BOARDS = ("cilium-overview", "cilium-agent", "cilium-operator", "cilium-envoy", "hubble-overview", "hubble-dns")
# The boards of two faults at once, by the components that they are about.
BOARDS_OF = {
    "cilium-agent": ("cilium-agent",),
    "cilium-operator": ("cilium-operator",),
    "cilium-envoy": ("cilium-envoy",),
    "hubble": ("hubble-overview", "hubble-dns", "hubble-network"),
    "hubble-relay": ("hubble-relay",),
}
OF_ONE = frozenset({"summary", "also", "handlers", "cause", "what"})
KNOWN = {
    "summary",
    "also",
    "handlers",
    "cause",
    "what",
    "boards",
    "queries",
    "variables",
    "options",
    "interval",
    "cluster",
    "features",
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
        uids = self.data.get("boards", (*BOARDS, "hubble-network", "hubble-relay"))
        return tuple(BoardToExamine(board, "", chosen) for board in boards_of(release) if board.uid in uids)

    def with_other(self, other: "Fault") -> "Fault | None":
        """Both faults at once; None if they change the same thing, or one hides the other."""
        totals = [one.hidden_components for one in (self, other)]
        touched = [one.components for one in (self, other)]
        handlers = set(self.data.get("handlers", ())) & set(other.data.get("handlers", ()))
        if totals[0] & touched[1] or totals[1] & touched[0] or handlers:
            return None
        data = merged(self.data, other.data)
        if data is None or is_indistinct(data):
            return None
        boards = [uid for name in sorted(touched[0] | touched[1]) for uid in BOARDS_OF[name]]
        return Fault(f"{self.name}-and-{other.name}", "", "", "", {**data, "boards": boards})

    @property
    def components(self) -> frozenset[str]:
        """The components that it is about."""
        names = {*self.data.get("changes", {}), *self.data.get("scrape", {})}
        texts = f"{self.data.get('cluster', {})} {self.data.get('drop_after', '')}"
        if "handlers" in texts or "hubble_" in texts:
            names.add("hubble")
        if "cilium_" in texts or "versions" in self.data:
            names.add("cilium-agent")
        return frozenset(names)

    @property
    def hidden_components(self) -> frozenset[str]:
        """The components of which it leaves nothing to be seen."""
        hides = self.cause in ("missing-target", "scrape-limit", "scrape-timeout", "target-down")
        return self.components if hides and self.name != "agent-down" else frozenset()


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


SILENT = ("down", "forbidden", "slow", "remove")


def is_indistinct(data: Mapping[str, Any]) -> bool:
    """Whether nothing outside of a component shows one of its faults because of another.

    A Service's address is one target: where it does not answer, nothing tells how many pods are behind it. A label that
    is on no target is not seen to be lost by one of them. An agent that never answered has told no version, and lacks
    no metric; of one that answers nothing tells that a label is a constant.
    """
    for component, changes in data.get("changes", {}).items():
        silent = {str(number) for key in SILENT for number in changes.get(key, ())}
        lost_by_one = {name for labels in changes.get("labels_of", {}).values() for name in labels}
        has_versions = component == "cilium-agent" and silent & data.get("versions", {}).keys()
        rules = data.get("scrape", {}).get(component, {}).get("metric_relabel_configs", ())
        compares = "drop_of" in changes or any("source_labels" not in rule for rule in rules)
        is_one = compares and (silent or "shared" in changes)
        if (silent and "shared" in changes) or is_one or has_versions or lost_by_one & changes.get("labels", {}).keys():
            return True
    return False


def merged(one: Mapping[str, Any], other: Mapping[str, Any], of_one: frozenset[str] = OF_ONE) -> dict[str, Any] | None:
    """Both tables with what is in either; None if they have different values of one key.

    `of_one` are keys that describe one fault, which are not merged.
    """
    result = dict(one)
    for key, value in other.items():
        if key in of_one:
            continue
        if key not in result:
            result[key] = value
        elif isinstance(value, dict) and isinstance(result[key], dict):
            inner = merged(result[key], value, frozenset())
            if inner is None:
                return None
            result[key] = inner
        else:
            return None
    return result


def pairs(count: int, seed: int) -> list[tuple[Fault, Fault, Fault]]:
    """Random pairs of faults of a cluster, each with both at once; an empty page hides what else is wrong there."""
    random = Random(seed)
    alone = {"boards", "queries", "variables", "options"}
    candidates = [fault for fault in faults() if not alone & fault.data.keys() and "*" not in fault.components]
    chosen: dict[str, tuple[Fault, Fault, Fault]] = {}
    while len(chosen) < count:
        one, other = random.sample(candidates, 2)
        if "empty-page" in (one.cause, other.cause):
            continue
        if (one.cause, one.what) != (other.cause, other.what) and (both := one.with_other(other)):
            chosen[both.name] = (one, other, both)
    return list(chosen.values())


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
