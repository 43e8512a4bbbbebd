"""Running kubectl and helm."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dashboards_py.errors import DashboardsError

PATIENCE = 60  # seconds that a program has to end well after Ctrl-C, which reaches it too


@dataclass(frozen=True, slots=True)
class Completed:
    """A program that has ended: its exit code, and what it printed on standard output and error."""

    code: int
    stdout: str
    stderr: str


class Runner(Protocol):
    """Runs a program; `run` is the real one."""

    def __call__(self, argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        """Run `argv` with `stdin`, for at most `seconds` (None: without limit)."""


def run(argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
    """Run a program to its end.

    A program that is missing or gives no answer raises DashboardsError. On Ctrl-C it is waited for, its output read
    all the while: helm then writes down that it was stopped, and killed, or stuck on a full pipe, it could not.
    """
    name, pipe = argv[0], subprocess.PIPE
    try:
        process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=pipe, text=True, errors="replace")
    except OSError as error:
        cause = "is not on PATH" if isinstance(error, FileNotFoundError) else f"cannot be started: {error.strerror}"
        raise DashboardsError(name, cause=cause, fix=MISSING[name]) from error
    with process:
        try:
            stdout, stderr = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            fix = f"try `{name} version`, then run the same command again"
            raise DashboardsError("the cluster", cause=f"gave no answer in {seconds} s", fix=fix) from error
        except KeyboardInterrupt:
            _let_end(process)
            raise
    return Completed(process.returncode, stdout, stderr)


def _let_end(process: "subprocess.Popen[str]") -> None:
    """Wait until it ends by itself, and kill it where it does not; a second Ctrl-C kills it at once.

    One that has not read all of its input has not begun: it is killed, because half of some values are values too.
    """
    if process.stdin and not process.stdin.closed:
        process.kill()
    try:
        process.communicate(timeout=PATIENCE)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()


MISSING = {
    "kubectl": "install it, or deploy files or grafana",
    "helm": "install Helm 3.12 or newer: https://helm.sh/docs/intro/install",
}
