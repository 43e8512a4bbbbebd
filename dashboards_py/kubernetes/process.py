"""Running kubectl and helm."""

import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    import subprocess

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
    interrupt = _DeferredInterrupt()
    try:
        return _run(argv, stdin, seconds, interrupt)
    finally:
        interrupt.release()


def _run(argv: Sequence[str], stdin: str, seconds: int | None, interrupt: "_DeferredInterrupt") -> Completed:
    import subprocess  # --help starts no program

    name, pipe = argv[0], subprocess.PIPE
    try:
        process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace")
    except OSError as error:
        cause = "is not on PATH" if isinstance(error, FileNotFoundError) else f"cannot be started: {error.strerror}"
        raise DashboardsError(name, cause=cause, fix=MISSING[name]) from error
    with process:
        try:
            interrupt.release()
            stdout, stderr = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            fix = f"try `{name} version`, then run the same command again"
            raise DashboardsError("the cluster", cause=f"gave no answer in {seconds} s", fix=fix) from error
        except KeyboardInterrupt:
            _wait_or_kill(process)
            raise
    return Completed(process.returncode, stdout, stderr)


class _DeferredInterrupt:
    """Ctrl-C that waits for `release`, which raises it.

    While a program is being started nothing could kill it yet: closing its input would look like empty values. A signal
    mask would be inherited by the program, a handler is not. Only the main thread is interrupted, and may set one.
    """

    def __init__(self) -> None:
        self._came = False
        self._is_deferred = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )
        if self._is_deferred:
            signal.signal(signal.SIGINT, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._came = True

    def release(self) -> None:
        """Raise KeyboardInterrupt if Ctrl-C came, and from now on as soon as it comes."""
        if self._is_deferred:
            self._is_deferred = False
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if self._came:
            self._came = False
            raise KeyboardInterrupt


def _wait_or_kill(process: "subprocess.Popen[str]") -> None:
    """Wait until it ends by itself, or kill it after a while; a second Ctrl-C kills it at once.

    One that has not read all of its input has not begun, and is killed: a truncated values file may still be valid.
    What is killed is not read to its end: its own children may keep the pipes open for as long as they run.
    """
    if process.stdin and not process.stdin.closed:
        process.kill()
        return
    import subprocess

    try:
        process.communicate(timeout=GRACE_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()


MISSING = {
    "kubectl": "install it, or deploy files or grafana",
    "helm": "install Helm 3.12 or newer: https://helm.sh/docs/intro/install",
}
