"""The command line: the only place that prints, exits or reads the environment. One file a verb, found by its name."""

import sys
from importlib import import_module
from pathlib import Path

import click

from dashboards_py.errors import DashboardsError

HERE = Path(__file__).parent


class Verbs(click.Group):
    """A group whose commands are the files beside this one: a verb is imported only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the verbs, sorted."""
        return sorted(file.stem for file in HERE.glob("*.py") if not file.stem.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, or None where there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="cilium-dashboards")
def cli(debug: bool) -> None:
    """Grafana dashboards as code for Cilium 1.16 to 1.20.

    Boards are written in Python and compiled to the JSON under provisioning/, which you review in git and deploy as
    files, as sidecar ConfigMaps or through Grafana's API.

    Exit codes: 0 ok; 1 problems found; 2 usage or bad input; 3 refused credentials; 4 partly done.
    """


def main() -> None:
    """Run the command line; an error of ours becomes its message on stderr and its exit code."""
    try:
        cli(prog_name="cilium-dashboards")
    except DashboardsError as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
