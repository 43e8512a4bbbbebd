"""Running kubectl and helm."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dashboards_py.errors import DashboardsError

GRACE_SECONDS = 60  # for a program to end by itself after Ctrl-C, which reaches it too


@dataclass(frozen=True, slots=True)
class Completed:
    """A program that has ended: its exit code, standard output and standard error."""

    code: int
    stdout: str
    stderr: str


class Runner(Protocol):
    """Runs a program; `run` is the real one."""

    def __call__(self, argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        """Run `argv` with `stdin`, for at most `seconds` (None: without limit)."""


def run(argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
    """Run a program to its end.

    A program that is missing or times out raises DashboardsError. On Ctrl-C it may finish while its output is read:
    helm then records that it was stopped, which it could not if it were killed or blocked on a full pipe.
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
            _wait_or_kill(process)
            raise
    return Completed(process.returncode, stdout, stderr)


def _wait_or_kill(process: "subprocess.Popen[str]") -> None:
    """Wait until it ends by itself, or kill it after a while; a second Ctrl-C kills it at once.

    One that has not read all of its input has not begun, and is killed: a truncated values file may still be valid.
    What is killed is not read to its end: its own children may keep the pipes open for as long as they run.
    """
    if process.stdin and not process.stdin.closed:
        process.kill()
        return
    try:
        process.communicate(timeout=GRACE_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()


MISSING = {
    "kubectl": "install it, or deploy files or grafana",
    "helm": "install Helm 3.12 or newer: https://helm.sh/docs/intro/install",
}
