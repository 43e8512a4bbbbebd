"""`list`: the boards, the alerts, and the thresholds of both."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._configuration import config_option, load_configuration
from dashboards_py.cli._options import release_option
from dashboards_py.cli._our_boards import our_boards, our_rules
from dashboards_py.plural import counted
from dashboards_py.release import Release

if TYPE_CHECKING:
    from dashboards_py.configuration import Configuration

FLOOR_UNIT = "ops"  # whatever the share is of


@click.command(name="list")
@release_option("Cilium release")
@config_option
@click.option("--alerts", is_flag=True, help="List the alerts: severity, for, thresholds, and the panel that shows it.")
@click.option("--thresholds", is_flag=True, help="List the thresholds that settings can set, with panels and alerts.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(release: Release, config: Path | None, alerts: bool, thresholds: bool, as_json: bool) -> None:
    """List the boards.

    Uid, folder, panels, title, and the boards of grafana.com that each replaces.
    """
    if alerts and thresholds:
        raise click.UsageError("--alerts and --thresholds are mutually exclusive")
    configuration = load_configuration(config)
    read, show = (
        (_alerts, _print_alerts)
        if alerts
        else (_thresholds, _print_thresholds)
        if thresholds
        else (_boards, _print_boards)
    )
    rows = read(release, configuration)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        show(rows)


def _boards(release: Release, configuration: "Configuration") -> list[dict[str, Any]]:
    from dashboards_py.board import read

    return [
        {
            "uid": board.uid,
            "folder": board.folder,
            "title": board.title,
            "panels": len([panel for panel in read(board.json).panels if panel.type != "text"]),
            "replaces": list(board.replaces),
        }
        for board in our_boards(release, configuration)
    ]


def _print_boards(rows: Sequence[dict[str, Any]]) -> None:
    width = max(len(row["uid"]) for row in rows)
    for row in rows:
        replaces = ", ".join(map(str, row["replaces"]))
        click.echo(
            f"{row['uid']:<{width}}  {row['folder']:<7} {counted(row['panels'], 'panel'):>10}  {row['title']}"
            + (f"  replaces {replaces}" if replaces else "")
        )


def _alerts(release: Release, configuration: "Configuration") -> list[dict[str, Any]]:
    """A row for each alert, as in a rule file, with its thresholds and its panel."""
    return [
        {
            "group": group.name,
            "alert": alert.alert,
            "expr": alert.expr,
            "for": alert.hold,
            "keep_firing_for": alert.keep_firing_for,
            "labels": dict(alert.labels),
            "annotations": dict(alert.annotations),
            "thresholds": list(alert.levels),
            "uid": alert.uid,
            "panel": alert.panel,
        }
        for group in our_rules(release, configuration).groups
        for alert in group.alerts
    ]


def _print_alerts(rows: Sequence[dict[str, Any]]) -> None:
    width = max((len(row["alert"]) for row in rows), default=0)
    for row in rows:
        thresholds = f"  {', '.join(row['thresholds'])}" if row["thresholds"] else ""
        where = f"{row['uid']} / {row['panel']}"
        click.echo(f"{row['alert']:<{width}}  {row['labels']['severity']:<8}  {row['for']:>3}  {where}{thresholds}")


def _thresholds(release: Release, configuration: "Configuration") -> list[dict[str, Any]]:
    """A row for each level of a limit that panels or alerts use."""
    from dashboards_py.compile import limits_in_use
    from dashboards_py.compile.rules import compile_rules
    from dashboards_py.configuration.thresholds import KNOWN

    panels: dict[str, list[str]] = {}
    for use in limits_in_use(release, configuration):
        panels.setdefault(use.level, []).append(f"{use.uid} / {use.panel}")
    alerts: dict[str, list[str]] = {}
    for alert in compile_rules(release, configuration).alerts:
        for level in alert.levels:
            alerts.setdefault(level, []).append(alert.alert)
    values = dict(configuration.thresholds)
    return [
        {
            "threshold": level.qualified_name,
            "value": values.get(level.qualified_name, level.value),
            "default": level.value,
            "unit": limit.unit if level.name != "floor" else FLOOR_UNIT,
            "about": limit.about,
            "panels": panels.get(level.qualified_name, []),
            "alerts": alerts.get(level.qualified_name, []),
        }
        for limit in KNOWN.values()
        for level in limit.levels
        if level.qualified_name in panels or level.qualified_name in alerts
    ]


def _print_thresholds(rows: Sequence[dict[str, Any]]) -> None:
    width = max(len(row["threshold"]) for row in rows)
    for row in rows:
        default = "" if row["value"] == row["default"] else f" (default {row['default']:g})"
        click.echo(f"{row['threshold']:<{width}}  {row['value']:g}{default} {row['unit']}  {row['about']}")
        for user in (*row["panels"], *(f"alert {name}" for name in row["alerts"])):
            click.echo(f"{'':<{width}}    {user}")
