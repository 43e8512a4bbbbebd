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

from dashboards_py.cli._remedies import resolve_remedy
from dashboards_py.errors import BUG, INTERRUPTED, USAGE, DashboardsError

NAME = "cilium-dashboards"
# The exit code of a program ended by SIGPIPE, such as `cat` before `head`.
PIPE_CLOSED = 141
# Errors of a stream that cannot be written; errors of files carry a file name and are handled below.
UNWRITABLE = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


@dataclass(slots=True)
class Run:
    """Whether `--debug` is anywhere on the command line."""

    debug: bool = False


def run(command: click.Group, args: Sequence[str]) -> int:
    """Run a command line and flush its output; returns the exit code."""
    if sys.stdout is None:  # `>&-`: whatever it is that the command prints would be lost
        click.echo("Error: standard output: is closed", err=True)
        return USAGE
    try:
        code = _run_command(command, args)
        for stream in _streams():
            stream.flush()
    except OSError as error:
        for stream in _streams():
            _discard_output(stream)
        if error.errno == errno.EPIPE:
            return PIPE_CLOSED
        with suppress(OSError):  # if standard error itself is full, there is nowhere to report it
            click.echo(f"Error: standard output: {error.strerror}", err=True)
        return USAGE
    return code


def _run_command(command: click.Group, args: Sequence[str]) -> int:
    """Run a command line and print its errors; returns the exit code."""
    this_run = Run()
    try:
        with command.make_context(NAME, list(args), obj=this_run) as context:
            command.invoke(context)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (KeyboardInterrupt, click.Abort) as error:
        _explain(error, this_run.debug)
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        _explain(error, this_run.debug)
        error.show()
        return USAGE
    except DashboardsError as error:
        resolve_remedy(error)
        _explain(error, this_run.debug)
        click.echo(f"Error: {error}", err=True)
        return INTERRUPTED if isinstance(error.__cause__, KeyboardInterrupt) else error.exit_code
    except Exception as error:
        if _is_interrupted(error):
            _explain(error, this_run.debug)
            click.echo("interrupted", err=True)
            return INTERRUPTED
        if isinstance(error, OSError) and error.filename is None and error.errno in UNWRITABLE:
            raise
        if isinstance(error, OSError) and isinstance(error.filename, str | bytes) and error.strerror:
            _explain(error, this_run.debug)  # such as a name that is too long, or a read-only directory: not a bug
            click.echo(f"Error: {os.fsdecode(error.filename)}: {error.strerror}", err=True)
            return USAGE
        _explain(error, True)
        click.echo(f"Error: this is a bug of {NAME}: please report the lines above and the command", err=True)
        return BUG
    return 0


def _is_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C caused it: Python wraps what is raised while a class is made, as in an import."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return bool(error)


def _explain(error: BaseException, debug: bool) -> None:
    """Print the traceback with its chain of causes, if `debug`."""
    if debug:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)


def _streams() -> list[TextIO]:
    """Standard output and error, unless they were closed before the start."""
    return [stream for stream in (sys.stdout, sys.stderr) if stream is not None]


def _discard_output(stream: TextIO) -> None:
    """Discard unwritten output of a closed stream: Python would otherwise flush it again at exit, and fail."""
    try:
        stream.flush()
    except OSError:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
        os.close(devnull)
