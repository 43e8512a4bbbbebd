"""The time and memory that a small document may take."""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import process_time

from dashboards_py.errors import DashboardsError

SECONDS = 10  # of the processor, for one small document
MEMORY = 256 * 1024  # KiB that one document may add to the process
PROCESS = Path("/proc/self")
RESET = PROCESS / "clear_refs"


@contextmanager
def bounded() -> Iterator[None]:
    """Within the time and memory that a small document may take; a DashboardsError is a valid result."""
    before, begun = _reset_peak(), process_time()
    with suppress(DashboardsError):
        yield
    assert process_time() - begun < SECONDS
    assert _peak() - before < MEMORY


def _reset_peak() -> int:
    """Begin to measure the peak anew; the memory of the process now, in KiB.

    The kernel's peak of a process can only rise until 5 is written to `clear_refs` (proc_pid_clear_refs(5)). Where
    there is no such file, a test sees only what exceeds the peak of all before it.
    """
    if RESET.exists():
        RESET.write_text("5")
    return _peak()


def _peak() -> int:
    """The most memory that the process has had since the last reset, in KiB."""
    status = PROCESS / "status"
    if not status.exists():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak // 1024 if sys.platform == "darwin" else peak  # in bytes there
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
