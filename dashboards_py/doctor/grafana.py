"""What was read of a Grafana, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from dashboards_py.board.deployed import DeployedBoard


@dataclass(frozen=True, slots=True)
class DataSource:
    """A data source of Grafana. `agents` is how many agents of Cilium it has metrics of, None if it does not answer.

    `identity` is the start time of the server behind it, "" if it does not tell.
    """

    uid: str
    name: str
    type: str
    is_default: bool = False
    agents: int | None = None
    identity: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Grafana:
    """What was read of a Grafana: its address, the boards, and its data sources (None: they may not be read)."""

    address: str
    boards: tuple[DeployedBoard, ...] = ()
    sources: tuple[DataSource, ...] | None = None


class Listed(Protocol):
    """A data source, as far as it matters which one a variable chooses."""

    @property
    def is_default(self) -> bool:
        """Whether it is Grafana's default."""


S = TypeVar("S", bound=Listed)


def default_source(sources: Iterable[S]) -> S | None:
    """The one that a board's variable chooses by itself: Grafana's default, or the first."""
    listed = list(sources)
    return next((source for source in listed if source.is_default), next(iter(listed), None))
