"""The kinds of error, each with its exit code.

A message names the subject, the cause and the command that fixes it. Only the CLI prints.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

# Reasons of errors: TLS, a time-out, a response that is no JSON, JSON that is not of the API, an error in the form of
# the API, and one that demands a tenant.
TLS, TIMEOUT, NO_JSON, UNKNOWN, API, TENANT = "tls", "timeout", "no-json", "unknown", "api", "tenant"

OK, PROBLEMS, USAGE, REFUSED, PARTLY, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 70, 130

# What an exit code means: `--help` and README print this table.
EXIT_CODES: Mapping[int, str] = {
    OK: "ok",
    PROBLEMS: "problems found: drift, a conflict, a refused or faulty board, a missing part",
    USAGE: "usage, bad input, or a program, file or server that cannot be used",
    REFUSED: "refused credentials",
    PARTLY: "partly done: run the command again",
    BUG: "a bug of this tool; it prints a traceback",
    INTERRUPTED: "interrupted (Ctrl-C)",
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """A fix that is a command of this project or an option of one, which only the command line can name.

    `kind` is one of `remedies`; `about` holds the names that its text mentions (`namespace`, `release`).
    """

    kind: str
    about: Mapping[str, str] = field(default_factory=dict)


# A text, or a text with remedies in it, as a sequence of parts.
Fix = str | Remedy | tuple["Fix", ...]
Word = Callable[[Fix], str]  # puts a fix into words


def by_kind(fix: Fix) -> str:
    """A fix as text, with its remedies by their kinds alone: for where nothing is printed."""
    if isinstance(fix, tuple):
        return "".join(map(by_kind, fix))
    return fix.kind if isinstance(fix, Remedy) else fix


class DashboardsError(Exception):
    """Bad input or usage.

    `what` names the subject of the error, `cause` says why, `fix` is the next command or step, and `remedy` a fix that
    the command line puts into words. None of them may hold a secret. `reason` is a word for code that treats kinds of
    failure differently (TLS, TIMEOUT ...), and `status` the status of the HTTP response that it is about, or 0.
    """

    exit_code = USAGE

    def __init__(
        self,
        what: str,
        *,
        cause: str = "",
        fix: str = "",
        remedy: Remedy | None = None,
        reason: str = "",
        status: int = 0,
    ) -> None:
        self.what, self.cause, self.fix, self.remedy = what, cause, fix, remedy
        self.reason, self.status = reason, status
        super().__init__(what, cause, fix)

    @property
    def suggestion(self) -> Fix:
        """The remedy, or else the fix: what to suggest where this error is reported rather than raised."""
        return self.remedy or self.fix

    def __str__(self) -> str:
        head = f"{self.what}: {self.cause}" if self.cause else self.what
        return f"{head}\n  {self.fix}" if self.fix else head


class ProblemsFound(DashboardsError):
    """The tool worked and found something: drift, a conflict, a lint problem."""

    exit_code = PROBLEMS


class Denied(ProblemsFound):
    """A policy, quota or limit of the destination does not accept it: nobody else changed anything."""


def joined(errors: Sequence[DashboardsError]) -> DashboardsError:
    """One error for some, at least one: it alone, or their messages one after the other."""
    return errors[0] if len(errors) == 1 else DashboardsError("\n".join(map(str, errors)))


class Refused(DashboardsError):
    """Credentials that are missing, wrong, expired or lack permission."""

    exit_code = REFUSED


class PartlyDone(DashboardsError):
    """Some of the work was done, some was not: rerunning the command continues it."""

    exit_code = PARTLY
