"""The program. Ctrl-C ends it quietly while the command line is still imported, which is most of a short run."""

import gc
import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130  # as in `errors`, which is not imported yet
# Garbage collection walks every class and syntax tree again, and a command soon ends: `compile` keeps 150,000 objects.
COLLECT_AFTER = 500_000  # objects


def main() -> None:
    """Import the command line and run it; from then on it handles Ctrl-C itself."""
    gc.set_threshold(COLLECT_AFTER)
    # An exception instead would be raised inside an import, which may turn it into another one.
    previous = signal.getsignal(signal.SIGINT)
    if previous is signal.default_int_handler:
        signal.signal(signal.SIGINT, _exit)
    from dashboards_py import cli

    try:
        signal.signal(signal.SIGINT, previous)
        cli.main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _exit(_signal: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
