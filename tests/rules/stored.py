"""A storage with the series of several clusters, each with what happens there, as `stored` writes it to Prometheus."""

from dataclasses import dataclass

import numpy as np

from dashboards_py.demo.engine import labels
from dashboards_py.demo.engine.labels import NAME
from dashboards_py.demo.engine.matching import Matcher
from dashboards_py.demo.engine.storage import Block, Selection
from dashboards_py.demo.motion import Floats
from tests.rules.history import MINUTE, Scenario, series


@dataclass(frozen=True, slots=True)
class Story:
    """What happens in a cluster, of which only the series of some names are stored."""

    scenario: Scenario
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clusters:
    """The series of several clusters, a sample a minute."""

    stories: tuple[Story, ...]

    def select(self, matchers: tuple[Matcher, ...], begin: int, end: int) -> Selection:  # noqa: ARG002
        """All series of the name that is asked for."""
        [name] = [matcher.value for matcher in matchers if matcher.label == NAME]
        names: list[labels.Labels] = []
        blocks: list[Block] = []
        for story in self.stories:
            if name in story.names:
                for own, row in series(name, story.scenario).items():
                    names.append(labels.of({NAME: name, **dict(own)}))
                    blocks.append(_block(len(names) - 1, row, story.scenario.timeline.start))
        return Selection(tuple(names), tuple(blocks))

    def holders(self, label: str) -> tuple[str, ...]:
        """All names: nobody asks stories for the values of a label."""
        del label
        return tuple({name for story in self.stories for name in story.names})


def _block(row: int, values: Floats, start: float) -> Block:
    """The samples of one series, with a stale marker where it ends."""
    absent = np.isnan(values)
    stale = absent & np.concatenate([[False], ~absent[:-1]])
    kept = ~absent | stale
    times = (1000 * (start + MINUTE * np.arange(len(values)))).astype(np.int64)
    return Block(np.array([row]), times[kept], np.where(stale, 0.0, values)[kept][None, :], stale[kept])
