"""`list`: the boards, and the thresholds of their panels."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.catalog.release import Release
from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._options import release_option

if TYPE_CHECKING:
    from dashboards_py.configuration import Configuration


@click.command(name="list")
@release_option("Cilium release")
@config_option
@click.option("--thresholds", is_flag=True, help="List the thresholds that settings can set, with their panels.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(release: Release, config: Path | None, thresholds: bool, as_json: bool) -> None:
    """List the boards.

    Uid, folder, panels, title, and the boards of grafana.com that each replaces.
    """
    configuration = load_configuration(config)
    rows = _thresholds(release, configuration) if thresholds else _boards(release, configuration)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        (_print_thresholds if thresholds else _print_boards)(rows)


def _boards(release: Release, configuration: "Configuration") -> list[dict[str, Any]]:
    from dashboards_py.board import read
    from dashboards_py.compile import compile_boards

    return [
        {
            "uid": board.uid,
            "folder": board.folder,
            "title": board.title,
            "panels": len([panel for panel in read(board.json).panels if panel.type != "text"]),
            "replaces": list(board.replaces),
        }
        for board in compile_boards(release, configuration)
    ]


def _print_boards(rows: Sequence[dict[str, Any]]) -> None:
    width = max(len(row["uid"]) for row in rows)
    for row in rows:
        replaces = ", ".join(map(str, row["replaces"]))
        click.echo(
            f"{row['uid']:<{width}}  {row['folder']:<7} {row['panels']:>3} panels  {row['title']}"
            + (f"  replaces {replaces}" if replaces else "")
        )


def _thresholds(release: Release, configuration: "Configuration") -> list[dict[str, Any]]:
    """A row for each level of a limit that panels use."""
    from dashboards_py.compile import limits_in_use
    from dashboards_py.style.limits import LIMITS

    panels: dict[str, list[str]] = {}
    for use in limits_in_use(release, configuration):
        panels.setdefault(use.level, []).append(f"{use.uid} / {use.panel}")
    values = dict(configuration.thresholds)
    return [
        {
            "threshold": level.qualified_name,
            "value": values.get(level.qualified_name, level.value),
            "default": level.value,
            "unit": limit.unit,
            "about": limit.about,
            "panels": panels[level.qualified_name],
        }
        for limit in LIMITS.values()
        for level in limit.levels
        if level.qualified_name in panels
    ]


def _print_thresholds(rows: Sequence[dict[str, Any]]) -> None:
    width = max(len(row["threshold"]) for row in rows)
    for row in rows:
        default = "" if row["value"] == row["default"] else f" (default {row['default']:g})"
        click.echo(f"{row['threshold']:<{width}}  {row['value']:g}{default} {row['unit']}  {row['about']}")
        for panel in row["panels"]:
            click.echo(f"{'':<{width}}    {panel}")
