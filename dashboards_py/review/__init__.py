"""Two versions of boards, rules and values: what a reviewer wants to know."""

from dashboards_py.review.boards import board_reviewed, same_boards
from dashboards_py.review.compare import reviewed
from dashboards_py.review.difference import Difference, Reviewed, Section
from dashboards_py.review.json import as_json
from dashboards_py.review.markdown import markdown
from dashboards_py.review.read import ENDINGS, Side, side_of

__all__ = [
    "ENDINGS",
    "Difference",
    "Reviewed",
    "Section",
    "Side",
    "as_json",
    "board_reviewed",
    "markdown",
    "reviewed",
    "same_boards",
    "side_of",
]
