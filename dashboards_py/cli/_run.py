"""One run of the command line: errors become a message on stderr and an exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

import click

from dashboards_py.errors import BUG, INTERRUPTED, USAGE, DashboardsError

NAME = "cilium-dashboards"
# As of a program that SIGPIPE ended: what shells report of `cat` and `grep` before `head`.
PIPE_CLOSED = 141
# Why a stream cannot be written; files are named by their error and are the commands' own business.
UNWRITABLE = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


@dataclass(slots=True)
class Run:
    """Whether `--debug` is anywhere on the command line."""

    debug: bool = False


def run(command: click.Group, args: Sequence[str]) -> int:
    """Run a command line to its end, its output written: the exit code."""
    try:
        code = _ended(command, args)
        for stream in _streams():
            stream.flush()
    except OSError as error:
        for stream in _streams():
            _let_go(stream)
        if error.errno == errno.EPIPE:
            return PIPE_CLOSED
        with suppress(OSError):  # if standard error itself is full, there is nowhere to report it
            click.echo(f"Error: standard output: {error.strerror}", err=True)
        return USAGE
    return code


def _ended(command: click.Group, args: Sequence[str]) -> int:
    """The exit code of a command line whose output can be written; its errors are printed."""
    this_run = Run()
    try:
        with command.make_context(NAME, list(args), obj=this_run) as context:
            command.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (KeyboardInterrupt, click.Abort) as error:
        _explain(error, this_run.debug)
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        _explain(error, this_run.debug)
        error.show()
        return USAGE
    except DashboardsError as error:
        _explain(error, this_run.debug)
        click.echo(f"Error: {error}", err=True)
        return INTERRUPTED if isinstance(error.__cause__, KeyboardInterrupt) else error.exit_code
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in UNWRITABLE:
            raise
        if isinstance(error, OSError) and isinstance(error.filename, str | bytes) and error.strerror:
            _explain(error, this_run.debug)  # a name too long, no right to write: no bug, whichever command it is
            click.echo(f"Error: {os.fsdecode(error.filename)}: {error.strerror}", err=True)
            return USAGE
        _explain(error, True)
        click.echo(f"Error: this is a bug of {NAME}: please report the lines above and the command", err=True)
        return BUG
    return 0


def _explain(error: BaseException, debug: bool) -> None:
    """The traceback, with what caused the error and what caused that."""
    if debug:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)


def _streams() -> list[TextIO]:
    """Standard output and error, unless they were closed before the start."""
    return [stream for stream in (sys.stdout, sys.stderr) if stream is not None]


def _let_go(stream: TextIO) -> None:
    """What is left in a stream that nobody reads goes nowhere: Python would flush it once more at its end, and fail."""
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
