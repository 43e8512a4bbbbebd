"""`show`: one board's JSON."""

import click

from dashboards_py.catalog.release import Release
from dashboards_py.cli._options import release_option


@click.command
@click.argument("uid")
@release_option("Cilium release to compile for")
def command(uid: str, release: Release) -> None:
    """Print the JSON of the board UID."""
    from dashboards_py.compile import find

    click.echo(find(uid, release).json, nl=False)
