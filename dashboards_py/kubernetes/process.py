"""Running kubectl and helm."""

import subprocess
from collections.abc import Sequence

from dashboards_py.errors import DashboardsError

PATIENCE = 60  # seconds that a program has to end well after Ctrl-C, which reaches it too


def run(command: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> tuple[int, str, str]:
    """The exit code of a program, and what it printed on standard output and error.

    A program that is missing or gives no answer raises DashboardsError. On Ctrl-C it is waited for: helm then writes
    down that it was stopped, and killed it could not.
    """
    name, pipe = command[0], subprocess.PIPE
    try:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    except OSError as error:
        cause = "is not on PATH" if isinstance(error, FileNotFoundError) else f"cannot be started: {error.strerror}"
        raise DashboardsError(name, cause=cause, fix=MISSING[name]) from None
    with process:
        try:
            said, complained = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            fix = f"try `{name} version`, then run the same command again"
            raise DashboardsError("the cluster", cause=f"gave no answer in {seconds} s", fix=fix) from None
        except KeyboardInterrupt:
            process.wait(PATIENCE)
            raise
    return process.returncode, said, complained


MISSING = {
    "kubectl": "install it, or deploy files or grafana",
    "helm": "install Helm 3.12 or newer: https://helm.sh/docs/intro/install",
}
