"""`show`: one board's JSON."""

from pathlib import Path

import click

from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._options import peer_label_option, release_option
from dashboards_py.cli._our_boards import our_board
from dashboards_py.peer_label import PeerLabel
from dashboards_py.release import Release


@click.command
@click.argument("uid")
@release_option("Cilium release to compile for")
@peer_label_option
@config_option
def command(uid: str, release: Release, peer_label: PeerLabel, config: Path | None) -> None:  # noqa: ARG001  # load_configuration reads it
    """Print the JSON of the board UID."""
    click.echo(our_board(uid, release, load_configuration(config)).json, nl=False)
