"""What boards that read recorded series cost Prometheus when they open, and what evaluating the rules costs."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboards_py import promql
from dashboards_py.board import Board, read
from dashboards_py.compile import compile_boards
from dashboards_py.compiled import CompiledRecording
from dashboards_py.demo.cluster.topology import CiliumCluster
from dashboards_py.promql.recording import INTERVAL_SECONDS
from dashboards_py.release import NEWEST
from tests.live.cluster import END
from tests.live.opened import HOUR, LONG, Opened, opened, query_cost, write_series
from tests.live.recording import RECORDED, prometheus_with_rules, recordings

EVALUATIONS_A_DAY = 86_400 // INTERVAL_SECONDS


@dataclass(frozen=True, slots=True)
class RecordedCosts:
    """The costs of boards by uid, and the samples that one evaluation of all rules reads."""

    own: Mapping[str, Opened]
    evaluation: int

    @property
    def samples_a_day(self) -> int:
        """The samples that the evaluation reads in a day."""
        return self.evaluation * EVALUATIONS_A_DAY


def recorded_boards() -> dict[str, Board]:
    """Our boards, reading recorded series, by uid."""
    return {board.uid: read(board.json) for board in compile_boards(NEWEST, RECORDED)}


def measure_recorded(raw: Mapping[str, Board], synthetic: CiliumCluster, *, together: bool) -> RecordedCosts:
    """The costs on a cluster; unless `together`, each board has a Prometheus of its own."""
    boards, rules = recorded_boards(), recordings()
    costs: dict[str, Opened] = {}
    evaluation: dict[str, int] = {}
    for uids in [list(boards)] if together else [[uid] for uid in boards]:
        chosen = _needed(rules, [boards[uid] for uid in uids])
        with tempfile.TemporaryDirectory(prefix="recorded-") as directory:
            data = Path(directory) / "data"
            write_series([raw[uid] for uid in uids], synthetic, data)
            moments = [(END - HOUR - LONG - HOUR // 20, END - HOUR), (END - LONG - HOUR // 20, END)]
            with prometheus_with_rules(data, chosen, moments) as source:
                costs |= {uid: opened(source, boards[uid]) for uid in uids}
                for rule in chosen:
                    evaluation[rule.record] = query_cost(source, "query", query=rule.expr, time=END).samples
    return RecordedCosts(costs, sum(evaluation.values()))


def _needed(rules: Sequence[CompiledRecording], boards: Iterable[Board]) -> list[CompiledRecording]:
    """The rules that the boards read, and those that these read."""
    exprs = [query.expr for board in boards for _, query in board.queries()]
    exprs += [mark.expr for board in boards for mark in board.annotations]
    wanted = {selector.metric for expr in exprs if expr for selector in promql.selectors(expr)}
    needed = []
    for rule in reversed(rules):  # each stands behind those that it reads
        if rule.record in wanted:
            needed.append(rule)
            wanted |= {selector.metric for selector in promql.selectors(rule.expr)}
    return needed[::-1]
