"""The boards tell each story: what is broken is named in their first rows, two clicks from the overview."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from dashboards_py.board import Board, Panel
from dashboards_py.preview.draw import draw
from dashboards_py.preview.fonts import ELLIPSIS
from dashboards_py.preview.picture import PictureOptions
from tests.preview.svg import texts
from tests.stories._lines import HOUR, Line, boards, data_of, first_row, lines, panel_of, scene
from tests.stories._links import targets
from tests.stories._story import CLICKS, START, Look, Story, stories

STORIES = stories()
SCREEN = (1440, 900)  # the width and height of a reader's window
each_story = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
TWO_CLICKS = pytest.mark.fault("from the overview it takes more than two clicks to the name of what is broken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A look, with the board and its panel, and the values of variables that the link to the board has set."""

    look: Look
    board: Board
    panel: Panel
    chosen: Mapping[str, list[str]]

    def seen(self, source: str) -> Iterator[Line]:
        """The lines of the panel with what the look shows, in a scene."""
        data = data_of(self.board, self.panel, scene(source), self.chosen)
        return (line for line in lines(self.panel, data) if line.has(self.look.shows, self.look.color))


def steps(story: Story) -> Iterator[Step]:
    """The looks one after another, as links lead from one to the next; fails where no line or no link does."""
    chosen: dict[str, list[str]] = {}
    for number, look in enumerate(story.looks):
        board = boards()[look.board]
        step = Step(look=look, board=board, panel=panel_of(board, look.panel), chosen=chosen)
        yield step
        line = next(step.seen(story.scene), None)
        assert line is not None, f"{look.board} / {look.panel} has no line with {look.shows} {look.color}"
        following = story.looks[number + 1 : number + 2]
        if not following:
            return
        reached = [target for target in targets(step.panel, line) if target.board == following[0].board]
        assert reached, f"no visible link leads from {look.board} / {look.panel} to {following[0].board}"
        names = {variable.name for variable in boards()[following[0].board].variables}
        kept = {name: values for name, values in chosen.items() if name in names}
        chosen = kept | {name: [value] for name, value in reached[0].variables.items() if name in names}


@TWO_CLICKS
@each_story
def test_links_lead_to_the_name(story: Story) -> None:
    """From the overview, link by link, to a first row that names what is broken, with what to do; two clicks at most.

    Each panel on the way has the line of the story, and each link is one that a reader sees.
    """
    path = list(steps(story))
    assert path[0].look.board == START
    assert len(path) <= CLICKS + 1
    assert path[-1].panel in first_row(path[-1].board)
    assert any(story.broken in shown for shown in path[-1].look.shows)
    assert story.advice in path[-1].panel.description


@each_story
def test_nothing_of_it_is_there_when_all_is_well(story: Story) -> None:
    """No panel on the way has that line in the healthy scene: a reader does not learn to overlook it."""
    for step in steps(story):
        assert list(step.seen("healthy")) == [], (step.look.board, step.look.panel)


@each_story
def test_it_is_seen_without_scrolling(story: Story) -> None:
    """The texts are whole on the first screen of each board, at 1440 by 900, in the open rows."""
    width, height = SCREEN
    for step in steps(story):
        options = PictureOptions(window=HOUR, width=width)
        picture = draw(step.board, scene(story.scene), options, step.chosen)
        drawn = [text for of_class in texts(picture.svg, above=height).values() for text in of_class]
        for shown in step.look.shows:
            assert any(shown in text and not text.endswith(ELLIPSIS) for text in drawn), (step.look, shown)


def test_first_rows_are_open() -> None:
    """What a story calls the first row is not folded on any board."""
    for board in boards().values():
        assert first_row(board)
        assert not next(row for row in board.rows if row.title).collapsed
