"""`completion`: tab completion for the shell."""

import click
from click.shell_completion import get_completion_class


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the tab completion of a shell.

    For bash: eval "$(cilium-dashboards completion bash)".
    """
    from dashboards_py.cli import cli

    completion_class = get_completion_class(shell)
    assert completion_class is not None
    name = "cilium-dashboards"
    click.echo(completion_class(cli, {}, name, "_CILIUM_DASHBOARDS_COMPLETE").source())
