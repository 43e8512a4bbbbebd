"""What `keep` saves, and that nothing which is read is lost: a Prometheus that stores recorded output twice.

Each recording is scraped as it is and through the rules that `keep --format prometheus` prints; the label `cluster`
says which. `python -m tests.live.kept [NODES]` prints its part of `make bench`, on 50 nodes.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner

from dashboards_py.board import Board, read
from dashboards_py.board.rules import board_of_alerts
from dashboards_py.cli import cli
from dashboards_py.compile import compile_boards
from dashboards_py.compile.rules import compile_rules
from dashboards_py.demo.cluster.topology import CiliumCluster, targets
from dashboards_py.promql import Selector, selectors
from dashboards_py.queries import board_queries
from dashboards_py.values.keys import core_components
from tests.live.panel_queries import instant_query, moment_all_up, wait_for
from tests.live.processes import prometheus

ALL, KEPT = "all", "kept"
NODES = 50
# The recordings of components; the others of a component are scenes of the same names.
RECORDING = {"hubble-relay": "hubble-relay-one-peer-dead"}


@dataclass(frozen=True, slots=True)
class Stored:
    """The numbers of series without and with the rules: of components, and of selectors that find any."""

    by_component: Mapping[str, tuple[int, int]]
    by_selector: Mapping[str, tuple[int, int]]

    @property
    def dropped(self) -> float:
        """The share of series that the rules drop."""
        before = sum(number for number, _ in self.by_component.values())
        return 1 - sum(number for _, number in self.by_component.values()) / before

    @property
    def lost(self) -> list[str]:
        """The selectors that find less."""
        return [text for text, (before, after) in self.by_selector.items() if before != after]


def jobs(port: int, nodes: int) -> Iterator[dict[str, Any]]:
    """The jobs that scrape the recordings from a port, each as the targets of as many nodes."""
    for component, rules in printed_rules().items():
        for cluster, relabeling in ((ALL, []), (KEPT, rules)):
            every_target = targets(CiliumCluster(nodes=nodes, clusters=(cluster,)))
            labels = [dict(target.labels) for target in every_target if target.component == component]
            yield {
                "job_name": f"{component}-{cluster}",
                "metrics_path": f"/{RECORDING.get(component, component)}",
                "metric_relabel_configs": relabeling,
                "static_configs": [{"targets": [f"127.0.0.1:{port}"], "labels": own} for own in labels],
            }


def printed_rules() -> dict[str, list[dict[str, Any]]]:
    """The rules that `keep` prints for Prometheus, by component."""
    printed = CliRunner().invoke(cli, ["keep", "--format", "prometheus"], catch_exceptions=False).stdout
    documents = [document["metric_relabel_configs"] for document in yaml.safe_load_all(printed)]
    return {component.name: rules for component, rules in zip(core_components(), documents, strict=True)}


def readers() -> list[Board]:
    """Our boards, our alerts as one, and upstream's boards (UPSTREAM_BOARDS): `keep` keeps what any of these reads."""
    upstream = sorted(Path(os.environ.get("UPSTREAM_BOARDS") or "/nonexistent").rglob("*.json"))
    return [
        *(read(board.json) for board in compile_boards()),
        board_of_alerts(compile_rules(), with_panel=False),
        *(read(path.read_bytes(), path.name) for path in upstream),
    ]


def stored(source: str, moment: float, boards: Iterable[Board]) -> Stored:
    """Count the series that are stored, and those that each selector of the boards finds."""
    by_component: dict[str, dict[str, int]] = {}
    for labels, count in _counted(
        source, 'count by (job, cluster) ({cluster=~".+", __name__!~"up|scrape_.*"})', moment
    ):
        by_component.setdefault(labels["job"], {})[labels["cluster"]] = count
    selected = {_text(selector) for board in boards for query in board_queries(board) for selector in _read(query.expr)}
    by_selector = {}
    for text in sorted(selected):
        numbers = {labels["cluster"]: count for labels, count in _counted(source, _count(text), moment)}
        if numbers:
            by_selector[text] = (numbers.get(ALL, 0), numbers.get(KEPT, 0))
    return Stored({job: (numbers[ALL], numbers[KEPT]) for job, numbers in by_component.items()}, by_selector)


def _read(expr: str) -> Iterator[Selector]:
    """The selectors of a query, or of a variable's text."""
    yield from (selector for selector in selectors(expr) if selector.metric)


def _text(selector: Selector) -> str:
    """The selector without its window, and without what a reader chooses."""
    matchers = (str(matcher) for matcher in selector.matchers if not matcher.is_open and matcher.label != "__name__")
    return selector.metric + "{" + ", ".join((*matchers, 'cluster=~".+"')) + "}"


def _count(selector: str) -> str:
    return f"count by (cluster) ({selector})"


def _counted(source: str, expr: str, moment: float) -> Iterator[tuple[dict[str, str], int]]:
    for series in instant_query(source, expr, moment):
        yield dict(series.labels), int(series.values[-1][1])


def main(arguments: list[str]) -> int:
    """Print what is stored by component; 1 if a selector finds less."""
    from tests.live.test_recorded_scrape import served

    if not shutil.which("prometheus"):
        print("What keep saves is not measured: prometheus is not on PATH")
        return 0
    nodes = next((int(argument) for argument in arguments if argument.isdigit()), NODES)
    with tempfile.TemporaryDirectory(prefix="kept-") as directory, served() as port:
        data = Path(directory) / "data"
        data.mkdir()
        scraped = [*jobs(port, nodes)]
        config = {"global": {"scrape_interval": "15s"}, "scrape_configs": scraped}
        with prometheus(data, config=yaml.safe_dump(config)) as source:
            wait_for(source, f"count(up) == {sum(len(job['static_configs']) for job in scraped)}")
            result = stored(source, moment_all_up(source, 15, samples=1), readers())
    for component, (before, after) in result.by_component.items():
        print(f"{component:18}{before:>10,} series, {after:>10,} kept")
    losing = f"{len(result.lost)} of {len(result.by_selector)} selectors, of our boards and upstream's, lose data"
    print(f"{nodes} nodes: keep drops {result.dropped:.1%} of the series, and {losing}")
    print(*(f"LOST: {text}" for text in result.lost), sep="\n")
    return 1 if result.lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
