"""docs/outages.md: the stories in words and pictures, click by click."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import PictureOptions
from dashboards_py.preview.png import to_png
from tests.live.drawn_pictures import HEIGHT, save
from tests.stories._lines import HOUR, scene
from tests.stories._path import Step, steps
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


def page() -> str:
    """The text of docs/outages.md."""
    return "\n".join([HEAD, *(line for name, story in stories().items() for line in _chapter(name, story))])


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


def picture(name: str, number: int) -> str:
    """The file of the picture of a look."""
    return f"{name}-{number}.png"


def pictures() -> Iterator[tuple[str, Step, Story]]:
    """The file of each picture, and what it shows."""
    for name, story in stories().items():
        for number, step in enumerate(steps(story), start=1):
            yield picture(name, number), step, story


def draw_outages() -> list[str]:
    """Write the pictures of all stories; returns a sentence for each thing that is not drawn."""
    problems = []
    for file, step, story in pictures():
        drawn = draw(step.board, scene(story.scene), PictureOptions(window=HOUR), step.chosen)
        problems += [f"{file} / {panel}: {sentence}" for panel, sentence in drawn.problems]
        with Image.open(BytesIO(to_png(drawn.svg))) as image:
            save(image.crop((0, 0, image.width, min(HEIGHT, image.height))), PICTURES / file)
    for left in {path.name for path in PICTURES.glob("*.png")} - {file for file, *_ in pictures()}:
        (PICTURES / left).unlink()
    return problems
