"""The interface of a step of a plan."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from dashboards_py.cluster.clients import Clients
from dashboards_py.errors import Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(ABC):
    """A value that says what is done, to which object, and how that object was when the step was planned.

    `details` are lines that say what the step changes; `remedies` are options that would change more or less.
    """

    details: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    changes: ClassVar[bool] = True

    @property
    @abstractmethod
    def title(self) -> str:
        """The action on one line: the command, if there is one."""

    @abstractmethod
    def execute(self, clients: Clients) -> Sequence[str]:
        """Read the object again, then do the step; returns its results, if they differ from what the title says.

        Raises ProblemsFound, and changes nothing, if the object is no longer what it was when the step was planned.
        """
