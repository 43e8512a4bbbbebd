"""Options that have no effect in a mode of a command are refused there, not silently ignored."""

from collections.abc import Collection, Sequence

import click
from click.core import ParameterSource

from dashboards_py.cli._input import is_path


def command_line_parameters() -> dict[str, click.Parameter]:
    """The parameters on the command line of the running command, by name, without --debug; {} if none is running."""
    context = click.get_current_context(silent=True)
    if context is None:
        return {}
    return {
        str(param.name): param
        for param in context.command.params
        if param.expose_value and context.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
    }


def allow_only(allowed: Collection[str], mode: str) -> None:
    """Raise click.UsageError if the command line has a parameter whose name is not in `allowed`.

    `mode` ends the sentence "--option has no effect ...". Settings from the environment are ignored.
    """
    if unused := [_shown(param) for name, param in command_line_parameters().items() if name not in allowed]:
        raise click.UsageError(_has_no_effect(unused, mode))


def refuse_unused_options(boards: Sequence[str], of_ours: Collection[str]) -> None:
    """Refuse options that concern boards that are not named: those `of_ours` for files, --max-size without a file."""
    if boards and all(map(is_path, boards)):
        allow_only(command_line_parameters().keys() - set(of_ours), "for a file")
    elif not any(map(is_path, boards)):
        allow_only(command_line_parameters().keys() - {"limits"}, "without a file")


def report_unused(names: Collection[str], mode: str) -> None:
    """Report on stderr which of the parameters in `names` are on the command line, although they have no effect.

    For options that a command accepts only because another command has them.
    """
    if unused := [param.opts[0] for name, param in command_line_parameters().items() if name in names]:
        click.echo(_has_no_effect(unused, mode), err=True)


def _shown(parameter: click.Parameter) -> str:
    """An option as one types it, an argument as the usage names it: FILE|DIRECTORY|UID."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return (parameter.metavar or str(parameter.name).upper()).strip("[].")


def _has_no_effect(options: Collection[str], mode: str) -> str:
    return f"{', '.join(options)} {'has' if len(options) == 1 else 'have'} no effect {mode}"
