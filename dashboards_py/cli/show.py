"""`show`: one board's JSON."""

import click

from dashboards_py.catalog.hubble import PeerLabel
from dashboards_py.catalog.release import Release
from dashboards_py.cli._options import peer_label_option, release_option


@click.command
@click.argument("uid")
@release_option("Cilium release to compile for")
@peer_label_option
def command(uid: str, release: Release, peer_label: PeerLabel) -> None:
    """Print the JSON of the board UID."""
    from dashboards_py.compile import find

    click.echo(find(uid, release, peer_label).json, nl=False)
