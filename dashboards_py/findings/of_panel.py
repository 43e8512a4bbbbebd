"""What lint finds, as its rules say it: before panels with the same fault become the locations of one finding."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem that a rule reports; `what` is the message, `panel` a panel's title or "" for the dashboard itself.

    For an alerting or recording rule `board` is its document, `panel` names group and rule, and `line` is its line in
    the file, 0 if it is unknown.
    """

    board: str
    panel: str
    rule: str
    what: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Excused:
    """A finding that the dashboard's author excused, with the reason."""

    finding: Finding
    why: str
