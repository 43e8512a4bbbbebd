"""`list`: the boards."""

from pathlib import Path

import click

from dashboards_py.catalog.release import Release
from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._options import release_option


@click.command(name="list")
@release_option("Cilium release")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(release: Release, config: Path | None, as_json: bool) -> None:
    """List the boards.

    Uid, folder, panels, title, and the boards of grafana.com that each replaces.
    """
    import json

    from dashboards_py.board import read
    from dashboards_py.compile import compile_boards

    rows = [
        {
            "uid": board.uid,
            "folder": board.folder,
            "title": board.title,
            "panels": len([panel for panel in read(board.json).panels if panel.type != "text"]),
            "replaces": list(board.replaces),
        }
        for board in compile_boards(release, load_configuration(config))
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    width = max(len(str(row["uid"])) for row in rows)
    for row in rows:
        replaces = ", ".join(map(str, row["replaces"]))  # type: ignore[call-overload]
        click.echo(
            f"{row['uid']:<{width}}  {row['folder']:<7} {row['panels']:>3} panels  {row['title']}"
            + (f"  replaces {replaces}" if replaces else "")
        )
