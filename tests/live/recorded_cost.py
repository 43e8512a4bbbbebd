"""What boards that read recorded series cost Prometheus when they open, and what evaluating the rules costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboards_py.board import Board, read
from dashboards_py.compile import compile_boards
from dashboards_py.compile.rules import compile_rules
from dashboards_py.promql.recording import INTERVAL_SECONDS
from dashboards_py.release import NEWEST
from tests.live.cluster import END
from tests.live.opened import HOUR, LONG, Opened, opened, query_cost
from tests.live.recording import RECORDED, prometheus_with_rules, recordings

EVALUATIONS_A_DAY = 86_400 // INTERVAL_SECONDS


@dataclass(frozen=True, slots=True)
class RecordedCosts:
    """The costs of boards by uid, and the samples that one evaluation of all rules, and of all alerts, reads."""

    own: Mapping[str, Opened]
    evaluation: int
    alerts: int

    @property
    def samples_a_day(self) -> int:
        """The samples that the evaluation reads in a day."""
        return self.evaluation * EVALUATIONS_A_DAY

    @property
    def alerts_a_day(self) -> int:
        """The samples that the alerts, which are evaluated as often, read in a day."""
        return self.alerts * EVALUATIONS_A_DAY


def recorded_boards() -> dict[str, Board]:
    """Our boards, reading recorded series, by uid."""
    return {board.uid: read(board.json) for board in compile_boards(NEWEST, RECORDED)}


def measure_recorded(data: Path, options: Sequence[str]) -> RecordedCosts:
    """The costs over the raw series of a data directory, in a Prometheus with these options."""
    rules = recordings()
    moments = [(END - HOUR - LONG - HOUR // 20, END - HOUR), (END - LONG - HOUR // 20, END)]
    with prometheus_with_rules(data, rules, moments, options) as source:
        costs = {uid: opened(source, board) for uid, board in recorded_boards().items()}
        evaluation, alerts = (
            sum(query_cost(source, "query", query=expr, time=END).samples for expr in exprs)
            for exprs in ([rule.expr for rule in rules], alert_exprs())
        )
    return RecordedCosts(costs, evaluation, alerts)


def alert_exprs() -> list[str]:
    """The queries of our alerts, which read raw series."""
    return [alert.expr for alert in compile_rules(NEWEST, RECORDED).alerts]
