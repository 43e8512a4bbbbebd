"""docs/outages.md: the stories in words and pictures, click by click."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from dashboards_py.board import Board
from dashboards_py.compile.rules import compile_rules
from dashboards_py.panel_data.variables import Chosen
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import PictureOptions
from dashboards_py.preview.png import to_png
from tests.live.drawn_pictures import HEIGHT, save
from tests.stories._lines import HOUR, boards, scene
from tests.stories._path import steps
from tests.stories._story import Story, stories

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/outages.md"
PICTURES = ROOT / "docs/pictures/outages"
HEAD = """# Outages, click by click

What a reader sees on these boards when something breaks, from the overview to the name of what is broken. Each story
happens in the synthetic cluster of `cilium-dashboards preview --demo SCENE`, whose scenes move the metrics that
Cilium's code moves. `make generate` writes this page, and `make pictures` its pictures; tests follow the links, and
find each line in the data of the scene, on the first screen of its board, and nothing of it in the healthy cluster.
"""
# Scenes in which nothing broke and something is not scraped: the board that tells it best, and the case.
UNSCRAPED = {
    "empty": ("cilium-overview", "Prometheus scrapes nothing of Cilium."),
    "operator-only": ("cilium-overview", "Only the operators are scraped, as the chart has it by default."),
    "hubble-off": ("hubble-dns", "Hubble is off."),
}
UNSCRAPED_HEAD = """## What is not scraped

Where a component is not scraped, the heading of a board's first row about it names it, and the command that prints
what it needs. What was not measured is gray: only what was measured is green, and red only what is bad.
"""


def page() -> str:
    """The text of docs/outages.md."""
    chapters = (line for name, story in stories().items() for line in _chapter(name, story))
    return "\n".join([HEAD, *chapters, UNSCRAPED_HEAD, *_unscraped()])


def _unscraped() -> Iterator[str]:
    for name, (uid, what) in UNSCRAPED.items():
        title = boards()[uid].title
        yield f"**{what}** (`--demo {name} {uid}`)\n"
        yield f"![{title}: {what}](pictures/outages/{unscraped_picture(name)})\n"


def _chapter(name: str, story: Story) -> Iterator[str]:
    path = list(steps(story))
    uids = dict.fromkeys(step.board.uid for step in path)
    yield f"## {story.title}\n"
    yield f"{story.happened} (`--demo {story.scene} {' '.join(uids)}`)\n"
    for number, step in enumerate(path, start=1):
        texts = ", ".join(f"`{text}`" for text in step.look.shows)
        color = f" in {step.look.color}" if step.look.color else ""
        yield f"{number}. **{step.board.title}**, panel *{step.look.panel}*: {texts}{color}.\n"
        yield f"   ![{step.board.title}: {step.look.panel}](pictures/outages/{picture(name, number)})\n"
    yield f"What to do: {' '.join(path[-1].panel.description.split())}\n"
    yield f"Alerts within the hour: {', '.join(_alerts(story.scene))}\n"


def _alerts(name: str) -> Iterator[str]:
    """The alerts that fire in a scene with their pages, the critical ones first."""
    pages = {alert.alert: Path(alert.annotations["runbook_url"]).name for alert in compile_rules().alerts}
    expr = 'count by (severity, alertname) (count_over_time(ALERTS{alertstate="firing"}[1h]))'
    for one in sorted(scene(name).instant(expr, HOUR.end), key=lambda one: sorted(one.labels.items(), reverse=True)):
        yield f"[{one.labels['alertname']}](runbooks/{pages[one.labels['alertname']]}) ({one.labels['severity']})"


def picture(name: str, number: int) -> str:
    """The file of the picture of a look."""
    return f"{name}-{number}.png"


def unscraped_picture(name: str) -> str:
    """The file of the picture of a scene in which something is not scraped."""
    return f"unscraped-{name}.png"


def pictures() -> Iterator[tuple[str, Board, str, Chosen]]:
    """The file of each picture: the board, the scene, and the values that were chosen on the way."""
    for name, story in stories().items():
        for number, step in enumerate(steps(story), start=1):
            yield picture(name, number), step.board, story.scene, step.chosen
    for name, (uid, _) in UNSCRAPED.items():
        yield unscraped_picture(name), boards()[uid], name, {}


def draw_outages() -> list[str]:
    """Write all pictures of the page; returns a sentence for each thing that is not drawn."""
    problems = []
    for file, board, name, chosen in pictures():
        drawn = draw(board, scene(name), PictureOptions(window=HOUR), chosen)
        problems += [f"{file} / {panel}: {sentence}" for panel, sentence in drawn.problems]
        with Image.open(BytesIO(to_png(drawn.svg))) as image:
            save(image.crop((0, 0, image.width, min(HEIGHT, image.height))), PICTURES / file)
    for left in {path.name for path in PICTURES.glob("*.png")} - {file for file, *_ in pictures()}:
        (PICTURES / left).unlink()
    return problems
