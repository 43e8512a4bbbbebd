"""A report, which changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Step):
    """A report in a plan. A `problem` is something that remains wrong when the plan is done."""

    text: str
    problem: bool = False
    changes: ClassVar[bool] = False

    @property
    def title(self) -> str:
        """The text."""
        return self.text

    def execute(self, clients: Clients) -> Sequence[str]:  # noqa: ARG002 - there is nothing to do
        """Do nothing."""
        return ()
