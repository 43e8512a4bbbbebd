"""Questions about the interval of a panel's points: a range, how many points, and the lowest interval."""

import random

from dashboards_py.panel_data.steps import STEPS
from tests.panel_data.grafana_data import Question

BEGIN = 1_767_227_400  # seconds
LOWEST = ("1s", "15s", "30s", "1m", "5m")
POINTS = (20, 30, 60, 100, 120)  # of our panels and of annotations
SECONDS = (300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000)


def interval_questions(seed: int, count: int) -> list[Question]:
    """So many questions with a few ranges each, of widths at which the interval changes, and of any."""
    draw = random.Random(seed)
    return [{"ask": "intervals", "ranges": [_range(draw) for _ in range(20)]} for _ in range(count)]


def _range(draw: random.Random) -> list[object]:
    points = draw.choice((*POINTS, draw.randrange(1, 3000)))
    between = draw.choice(STEPS) * draw.choice((1, 1.5, 1.75, 2.5))  # roundInterval changes at some of these
    width = draw.choice((round(between * points / 1000), draw.randrange(1, 10 ** draw.randrange(1, 9))))
    return [BEGIN, BEGIN + width, points, draw.choice(LOWEST)]


def table_of_intervals() -> list[Question]:
    """The questions that are recorded: first the usual ranges with the points of our panels."""
    usual = [[BEGIN, BEGIN + width, points, "30s"] for points in POINTS for width in SECONDS]
    return [{"ask": "intervals", "ranges": usual}, *interval_questions(21, 10)]
