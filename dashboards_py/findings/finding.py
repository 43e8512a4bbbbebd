"""A finding: what is wrong, where, why, and how to fix it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR: no data, or it never fires; WARNING: it may mislead; INFO: worth knowing, nothing to fix."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where a finding is: `file` is the board's or rule's file ("" for one of ours), `board` its uid or title.

    `panel` is the panel's title, or names the variable, annotation or rule; `query` is the query's letter.
    `line` is the line in the file, 0 if it is unknown.
    """

    board: str
    panel: str = ""
    query: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return " / ".join(part for part in (self.file or self.board, " ".join(self.panel.split())) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at all the locations that it concerns.

    `rule` is the id of the rule or cause. `what` is one line; `why` the facts that it rests on; `fix` what to do, which
    may have several lines. None of them holds a secret.
    """

    rule: str
    severity: Severity
    what: str
    why: str = ""
    fix: str = ""
    locations: tuple[Location, ...] = ()

    @property
    def panels(self) -> tuple[tuple[str, str], ...]:
        """The distinct panels among the locations: board and title."""
        return tuple(dict.fromkeys((location.file or location.board, location.panel) for location in self.locations))
