"""What can go wrong, as a few kinds of error with an exit code each.

A message names the thing, the cause and the command that fixes it. Nothing here prints: the CLI does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OK, PROBLEMS, USAGE, REFUSED, PARTLY, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 70, 130

# What an exit code means: `--help` and README print this table.
EXIT_CODES: Mapping[int, str] = {
    OK: "ok",
    PROBLEMS: "problems found: drift, a conflict, a fault in a board, something not in place",
    USAGE: "usage, bad input, or a program, file or server that cannot be used",
    REFUSED: "refused credentials",
    PARTLY: "partly done: run the command again",
    BUG: "a bug of this tool; it prints a traceback",
    INTERRUPTED: "interrupted (Ctrl-C)",
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """A way on that is an option of a command, which only the command line can word.

    `kind` says which, `about` what its wording names (`namespace`, `release`).
    """

    kind: str
    about: Mapping[str, str] = field(default_factory=dict)


class DashboardsError(Exception):
    """Bad input or usage.

    `what` names the thing that went wrong, `cause` says why, `fix` is the next command or step, and `remedy` one that
    the command line words. None of them may hold a secret.
    """

    exit_code = USAGE

    def __init__(self, what: str, *, cause: str = "", fix: str = "", remedy: Remedy | None = None) -> None:
        self.what, self.cause, self.fix, self.remedy = what, cause, fix, remedy
        super().__init__(what, cause, fix)

    def __str__(self) -> str:
        head = f"{self.what}: {self.cause}" if self.cause else self.what
        return f"{head}\n  {self.fix}" if self.fix else head


class ProblemsFound(DashboardsError):
    """The tool worked and found something: drift, a conflict, a lint problem."""

    exit_code = PROBLEMS


class Refused(DashboardsError):
    """Credentials that are missing, wrong, expired or not allowed to do this."""

    exit_code = REFUSED


class PartlyDone(DashboardsError):
    """Some of the work was done, some was not: running the same command again goes on."""

    exit_code = PARTLY
