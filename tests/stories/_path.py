"""The way through a story: from panel to panel, as the links lead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboards_py.board import Board, Panel
from tests.stories._lines import Line, boards, data_of, lines, panel_of, scene
from tests.stories._links import targets
from tests.stories._story import Look, Story


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
