"""What a board costs does not depend on what else Prometheus scrapes."""

import json
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards_py.style import not_scraped, not_scraped_on_nodes, relays_not_scraped
from tests.components import require
from tests.live.processes import prometheus

END = 1_764_000_000  # Unix time
MATCHERS = 'cluster=~".*"'
QUERIES = {
    "all": not_scraped(MATCHERS).expr,
    "of nodes": not_scraped_on_nodes(MATCHERS).expr,
    "relays": relays_not_scraped(MATCHERS).expr,
}
FOREIGN, AGENTS = 2000, 20


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A Prometheus that scrapes Cilium only, and one that scrapes a hundred times as many targets of others."""
    require("prometheus")
    directories = [tmp_path_factory.mktemp("targets") for _ in range(2)]
    for directory, foreign in zip(directories, (0, FOREIGN), strict=True):
        _backfill(directory, foreign)
    with prometheus(directories[0] / "data") as alone, prometheus(directories[1] / "data") as among_others:
        yield alone, among_others


@pytest.mark.fault("the table Not scraped reads every target in the cluster")
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_targets_of_others_cost_nothing(sources: tuple[str, str], query: str) -> None:
    """The table of what is not scraped reads as many samples among the targets of others, by Prometheus' own count."""
    (alone, rows), (among_others, same_rows) = (_answer(source, query) for source in sources)
    assert (among_others, same_rows) == (alone, rows)
    assert (alone and rows) or query == QUERIES["relays"]


def _answer(source: str, query: str) -> tuple[int, list[object]]:
    """The samples that a query reads, and what it answers."""
    parameters = urllib.parse.urlencode({"query": query, "time": END, "stats": "all"})
    with urllib.request.urlopen(f"{source}/api/v1/query?{parameters}") as response:
        data = json.load(response)["data"]
    return data["stats"]["samples"]["totalQueryableSamples"], data["result"]


def _backfill(directory: Path, foreign: int) -> None:
    """Write a scrape of an hour ago and one of now; the last agent, and some of the others, do not answer."""
    (directory / "in").write_text("\n".join(["# TYPE up gauge", *_lines(foreign), "# EOF\n"]))
    (directory / "data").mkdir()
    create = ("promtool", "tsdb", "create-blocks-from", "openmetrics", directory / "in", directory / "data")
    subprocess.run(create, check=True, stdout=subprocess.DEVNULL)


def _lines(foreign: int) -> Iterator[str]:
    for number in range(foreign):
        job = f"team-{number % 20}/web-{number % 40}"
        yield from _target(f"web-{number:05d}-x7k2p", "web", job, number, number % 50)
    for number in range(AGENTS):
        yield from _target(f"cilium-{number:05d}", "cilium-agent", "cilium-agent", number, AGENTS - 1 - number)


def _target(pod: str, service: str, job: str, number: int, value: int) -> Iterator[str]:
    labels = f'pod="{pod}",service="{service}",job="{job}",node="node-{number}",cluster="one"'
    for moment, is_up in ((END - 3610, 1), (END - 10, min(value, 1))):
        yield f"up{{{labels}}} {is_up} {moment}"
