"""What a story is: where a reader looks, what the panel there says, and which link leads on."""

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from tests.stories import outages

CLICKS = 2  # from the overview to the name of what is broken
START = "cilium-overview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A panel of a board's open rows, and the line of it that a reader sees on the first screen.

    The last look of a story is at the first row. `board` is a uid. `shows` are texts that stand in one line: a row of a
    table, a number or a bar with its name, a series of a legend with its value. `color` is that of the line in
    Grafana's words ("red"), "" for any. In the healthy scene the panel has no such line.
    """

    board: str
    panel: str
    shows: tuple[str, ...]
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An outage. The first look is at the overview; from each of the others a link of its line's panel leads on.

    `broken` is what the last look names: a node, a map, a namespace, a cluster. `advice` is a part of the last panel's
    description: the command to run, or what to change. `happened` is a sentence on the cause, for docs/outages.md.
    """

    scene: str
    title: str
    happened: str
    broken: str
    looks: tuple[Look, ...]
    advice: str


def stories() -> dict[str, Story]:
    """All stories by the names of their modules, sorted."""
    names = sorted(module.name for module in iter_modules(outages.__path__))
    return {name: import_module(f"{outages.__name__}.{name}").STORY for name in names}
