"""The command line: the only place that prints, exits or reads the environment. One file for each command."""

import gc
import os
import sys
from typing import Protocol

import click

from dashboards_py.cli._group import CommandGroup, debug_option
from dashboards_py.cli._run import NAME, run
from dashboards_py.cli._screen import screen
from dashboards_py.errors import EXIT_CODES, USAGE
from dashboards_py.plugins import Plugins
from dashboards_py.release import RELEASES

COMPLETE = "_CILIUM_DASHBOARDS_COMPLETE"
HELP = f"""Grafana dashboards as code for Cilium {RELEASES[0]} to {RELEASES[-1]}.

Boards are written in Python and compiled to the JSON under provisioning/, which you review in git and deploy as
files, as sidecar ConfigMaps or through Grafana's API.

\b
Exit codes:
""" + "".join(f"  {code:<4} {meaning}\n" for code, meaning in EXIT_CODES.items())


class Command(Protocol):
    """A file of this package."""

    @property
    def command(self) -> click.Command:
        """The command that has the file's name."""


COMMANDS: Plugins[Command] = Plugins(__name__, __path__, (Command,))


class Commands(CommandGroup):
    """A group whose commands are the files next to this one: each is imported only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click calls it
        """The names of the commands, sorted."""
        return [*COMMANDS.names()]  # `list` is the command next to this file, once that is loaded

    def load(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command, or None if there is no such file."""
        return COMMANDS.load(name).command if name in COMMANDS.names() else None


@click.group(
    cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name=NAME)
def cli() -> None:
    """All commands."""


cli.params.append(debug_option())


def main() -> None:
    """Run the command line and exit with its code."""
    if COMPLETE in os.environ and sys.stdout is not None:  # a shell asks for completions, which click answers
        try:
            cli.main(prog_name=NAME, complete_var=COMPLETE)
        except OSError:
            sys.exit(USAGE)  # the output is closed or full, and a shell in the middle of a line prints no error
    with screen():
        code = run(cli, sys.argv[1:])
    gc.freeze()  # an interpreter that ends walks all objects once more
    sys.exit(code)
