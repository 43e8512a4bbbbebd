"""The boards tell each story: what is broken is named in their first rows, two clicks from the overview."""

import pytest

from dashboards_py import demo
from dashboards_py.preview.draw import draw
from dashboards_py.preview.fonts import ELLIPSIS
from dashboards_py.preview.picture import PictureOptions
from tests.preview.svg import texts
from tests.stories._lines import HOUR, boards, data_of, first_row, lines, scene
from tests.stories._page import PAGE, PICTURES, ROOT, page, pictures
from tests.stories._path import steps
from tests.stories._story import CLICKS, START, Story, stories

STORIES = stories()
QUIET = {"healthy", "rolling-upgrade", "empty", "operator-only", "hubble-off"}  # scenes in which nothing is broken
# A reader's window of 1440 by 900, without Grafana's two bars (TOP_BAR_LEVEL_HEIGHT in
# public/app/core/components/AppChrome/types.ts).
SCREEN = (1440, 900 - 2 * 40)
each_story = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
TWO_CLICKS = pytest.mark.fault("from the overview it takes more than two clicks to the name of what is broken")


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


@pytest.mark.fault("namespaces in trouble are below the overview's first row")
@each_story
def test_it_begins_on_the_first_row(story: Story) -> None:
    """What a reader sees first of it is in the overview's first row."""
    step = next(steps(story))
    assert step.panel in first_row(step.board)


@pytest.mark.fault("with a critical alert all that is on the overview's first screen is green")
@each_story
def test_critical_alerts_are_red_above_all_tables(story: Story) -> None:
    """Where a critical alert fires, their number is red on the overview; it stands before all else."""
    board = boards()[START]
    panel = first_row(board)[0]
    counted = lines(panel, data_of(board, panel, scene(story.scene), {}))
    fires = scene(story.scene).instant('count(ALERTS{severity="critical", alertstate="firing"}) > 0', demo.END)
    assert panel.title == "Critical alerts"
    assert any(line.has(("critical",), "red") for line in counted) == bool(fires)


@each_story
def test_nothing_of_it_is_there_when_all_is_well(story: Story) -> None:
    """No panel on the way has that line in the healthy scene: a reader does not learn to overlook it."""
    for step in steps(story):
        assert list(step.seen("healthy")) == [], (step.look.board, step.look.panel)


@each_story
def test_it_is_seen_without_scrolling(story: Story) -> None:
    """The texts are whole on the first screen of each board, in a window of 1440 by 900, in the open rows."""
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


def test_every_outage_has_a_story() -> None:
    """A scene in which something breaks has a story, and no story is of a scene that does not exist."""
    assert {story.scene for story in STORIES.values()} | QUIET == {*demo.scene_names()}


@pytest.mark.fault("the documentation does not show how the boards answer an outage")
def test_the_page_of_outages_is_generated() -> None:
    """docs/outages.md is what the stories say now: `make generate` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.fault("the documentation does not show how the boards answer an outage")
def test_each_look_has_a_picture() -> None:
    """`make pictures` has drawn each look and scene of the page, and nothing is left of others; all are small."""
    assert {path.name for path in PICTURES.glob("*.png")} == {file for file, *_ in pictures()}
    assert sum(path.stat().st_size for path in (ROOT / "docs").rglob("*.png")) < 6_000_000
