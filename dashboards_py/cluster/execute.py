"""Executing a plan, step by step."""

from collections.abc import Iterator, Sequence

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import DashboardsError, PartlyDone


class Outcome(str):
    """What came of a step, where that is not what its title says."""


def execute(step: Step, clients: Clients) -> Sequence[str]:
    """Execute one step; returns what came of it where its title does not say that."""
    return step.execute(clients)


def run_steps(steps: Sequence[Step], clients: Clients) -> Iterator[Step | Outcome]:
    """Execute one step after the other, yielding each before it begins, and what came of it.

    A failure after the first step that was done raises PartlyDone, with what was done and what was not.
    """
    done: list[str] = []
    for index, step in enumerate(steps):
        yield step
        try:
            outcome = execute(step, clients)
        except DashboardsError as error:
            if not done:
                raise
            left = "; ".join(step.title for step in steps[index:] if step.changes)
            raise PartlyDone(
                error.what,
                cause=f"{error.cause} (done: {'; '.join(done)}; not done: {left})",
                fix=error.fix or "Fix this and rerun the command; it resumes where it stopped.",
                remedy=error.remedy,
            ) from error
        if step.changes:
            done.append(step.title)
        yield from map(Outcome, outcome)
