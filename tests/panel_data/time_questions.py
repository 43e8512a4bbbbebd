"""Questions about times such as now-6h/h."""

import random

from tests.panel_data.grafana_data import Question

NOW = 1_795_700_730_000  # 2026-11-26T13:45:30Z, in milliseconds
UNITS = "smhdwMyQ"


def time_questions(seed: int, count: int) -> list[Question]:
    """So many questions with a few times each: sums and roundings, some of which Grafana refuses."""
    draw = random.Random(seed)
    return [
        {
            "ask": "times",
            "texts": [_time(draw) for _ in range(12)],
            "roundUp": draw.random() < 0.5,
            "fiscalMonth": draw.randrange(12),
            "now": NOW,
        }
        for _ in range(count)
    ]


def _time(draw: random.Random) -> str:
    amounts = ("", "1", "2", "10", "0", "012", "36", ".5", "0.5")
    parts = [
        draw.choice("+-/-/") + draw.choice(amounts) + draw.choice(("", "", "", "f")) + draw.choice(UNITS * 4 + "x")
        for _ in range(draw.randrange(1, 4))
    ]
    return "now" + "".join(parts)


def table_of_times() -> list[Question]:
    """The questions that are recorded."""
    return time_questions(17, 20)
