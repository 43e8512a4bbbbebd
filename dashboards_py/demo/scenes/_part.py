"""The parts of a scene: series, each with its motion and the time during which its target exposes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Protocol

from dashboards_py.demo.cluster.topology import Target

if TYPE_CHECKING:  # which needs numpy, and names of scenes do not
    from dashboards_py.demo.motion import Motion

ALWAYS = ((-inf, inf),)


@dataclass(frozen=True, slots=True)
class Part:
    """One series: `lives` are the times, in seconds relative to the scene's end, in which the target exposes it."""

    name: str
    labels: Mapping[str, str]
    target: Target
    motion: "Motion"
    lives: tuple[tuple[float, float], ...] = ALWAYS

    @property
    def node(self) -> str:
        """The node of the target, "" where it has none."""
        return self.labels.get("node", "")

    def moving(self, motion: "Motion") -> "Part":
        """The series with another motion."""
        return replace(self, motion=motion)

    def labeled(self, **labels: str) -> "Part":
        """The series with other values of some labels."""
        return replace(self, labels={**self.labels, **labels})

    def until(self, moment: float) -> "Part":
        """The series, which ends at a moment."""
        return replace(self, lives=tuple((begin, min(end, moment)) for begin, end in self.lives if begin < moment))

    def since(self, moment: float) -> "Part":
        """The series, which begins at a moment."""
        return replace(self, lives=tuple((max(begin, moment), end) for begin, end in self.lives if end > moment))


class Scene(Protocol):
    """A scene: a module whose docstring tells the story."""

    def played(self, part: Part) -> Iterator[Part]:
        """What happens to a series of a healthy cluster: itself, changed, several, or none."""
        ...
