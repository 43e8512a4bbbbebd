"""Executing a plan, step by step."""

from collections.abc import Iterator, Sequence

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.steps.step import Step
from dashboards_py.errors import DashboardsError, PartlyDone


class Outcome(str):
    """The result of a step, if it differs from what its title says."""


def execute(step: Step, clients: Clients) -> Sequence[str]:
    """Execute one step; returns its results, if they differ from what its title says."""
    return step.execute(clients)


def run_steps(steps: Sequence[Step], clients: Clients) -> Iterator[Step | Outcome]:
    """Execute the steps in order, yielding each before it begins, and then its outcome.

    A failure after the first completed step raises PartlyDone, which says what was done and what was not.
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
