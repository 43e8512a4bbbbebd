"""The file with the settings of a house, and the options that win over it."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from dashboards_py.configuration import Configuration

FILE = "cilium-dashboards.toml"


def config_option(command: Any) -> Any:
    """`--config FILE`: the settings; without it, those of the file in the working directory, if there is one."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="CILIUM_DASHBOARDS_CONFIG",
        show_envvar=True,
        metavar="FILE",
        help=f"Settings: boards, folders, tags, labels, thresholds, links.  [default: {FILE}, if it is here]",
    )(command)


def without_option(command: Any) -> Any:
    """`--without UID`: a board that is left out."""
    return click.option(
        "--without", metavar="UID", multiple=True, help="Leave this board out, and links to it; repeat it for several."
    )(command)


def recorded_option(command: Any) -> Any:
    """`--recorded`: boards that read recorded series."""
    return click.option(
        "--recorded",
        is_flag=True,
        help="Boards that read recorded series; the rules that record these come with alerts.",
    )(command)


def load_configuration(config: Path | None, uids: Sequence[str] = (), without: Sequence[str] = ()) -> "Configuration":
    """The settings of the file, and on top of them the options of the running command: its boards, its peer label."""
    return with_options(read_file_settings(config), uids, without)


def read_file_settings(config: Path | None) -> "Configuration":
    """The settings of the file alone; prints on stderr which file is used."""
    from dashboards_py.configuration import DEFAULTS

    if config is None and not os.path.lexists(FILE):
        return DEFAULTS
    from dashboards_py.configuration.read import read_configuration

    configuration = read_configuration(config or Path(FILE))
    if not configuration.is_default:
        click.echo(f"settings from {config or FILE}", err=True)
    return configuration


def with_options(
    configuration: "Configuration", uids: Sequence[str] = (), without: Sequence[str] = ()
) -> "Configuration":
    """The settings with those options of the running command that win over them."""
    context = click.get_current_context()
    if context.get_parameter_source("peer_label") not in (None, ParameterSource.DEFAULT):
        configuration = replace(configuration, peer_label=context.params["peer_label"])
    if context.params.get("recorded"):
        configuration = replace(configuration, recorded=True)
    return configuration.choosing(uids, without)
