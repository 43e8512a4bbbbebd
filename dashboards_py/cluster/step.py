"""One step of what is to do, and carrying steps out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dashboards_py.errors import DashboardsError, PartlyDone


class Note(str):
    """What came of a step, where that is not what its title says."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, what that changes (a line each), and the doing of it.

    `run` may give a Note of what came of it; without it the step is only said.
    """

    title: str
    effect: tuple[str, ...] = ()
    run: Callable[[], object] | None = None


def carry_out(steps: Sequence[Step]) -> Iterator[Step | Note]:
    """Do one step after the other, yielding each before it is begun, and its note.

    A failure after the first step that was done raises PartlyDone, with what was done and what was not.
    """
    done: list[str] = []
    for place, step in enumerate(steps):
        yield step
        if step.run is None:
            continue
        try:
            said = step.run()
        except DashboardsError as error:
            if not done:
                raise
            left = "; ".join(each.title for each in steps[place:] if each.run)
            raise PartlyDone(
                error.what,
                cause=f"{error.cause} (done: {'; '.join(done)}; not done: {left})",
                fix=error.fix or "mend that and run the same command again: it goes on where it stopped",
            ) from error
        done.append(step.title)
        if isinstance(said, Note):
            yield said
