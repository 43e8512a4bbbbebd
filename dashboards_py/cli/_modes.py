"""Options that have no effect in a mode of a command are refused there, not silently ignored."""

from collections.abc import Collection

import click
from click.core import ParameterSource


def typed() -> dict[str, click.Parameter]:
    """The parameters of the running command that were typed, by name; --debug aside. None where no command runs."""
    context = click.get_current_context(silent=True)
    if context is None:
        return {}
    return {
        str(param.name): param
        for param in context.command.params
        if param.expose_value and context.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
    }


def only(allowed: Collection[str], mode: str) -> None:
    """Raise click.UsageError if the command line has a parameter whose name is not in `allowed`.

    `mode` ends the sentence "--option means nothing ...". Settings from the environment are ignored.
    """
    if unused := [param.opts[0] for name, param in typed().items() if name not in allowed]:
        raise click.UsageError(_means_nothing(unused, mode))


def say_unused(names: Collection[str], mode: str) -> None:
    """Say on stderr which of the parameters in `names` are on the command line, though they mean nothing there.

    For options that a command accepts only because another command runs with the same ones.
    """
    if unused := [param.opts[0] for name, param in typed().items() if name in names]:
        click.echo(_means_nothing(unused, mode), err=True)


def _means_nothing(options: Collection[str], mode: str) -> str:
    return f"{', '.join(options)} {'means' if len(options) == 1 else 'mean'} nothing {mode}"
