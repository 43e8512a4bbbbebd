"""A group of commands, each of which takes `--debug`, so that it may stand anywhere on the command line."""

import click

from dashboards_py.cli._run import Run
from dashboards_py.cli._screen import ScreenedGroup


class CommandGroup(ScreenedGroup):
    """A group whose subclasses define how a command is loaded."""

    def load(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        return super().get_command(ctx, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the whole first sentence of each: click cuts it in a narrow terminal."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(limit=1000)) for name, command in commands if command]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, with `--debug`, or None."""
        command = self.load(ctx, cmd_name)
        if command and not any(param.name == "debug" for param in command.params):
            command.params.append(debug_option(hidden=True))
        return command


def debug_option(*, hidden: bool = False) -> click.Option:
    """`--debug`, which is stored for the run."""
    return click.Option(
        ["--debug"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        hidden=hidden,
        callback=_store,
        help="Show the traceback of an error, causes included. May also follow the command.",
    )


def _store(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and isinstance(ctx.obj, Run):
        ctx.obj.debug = True
