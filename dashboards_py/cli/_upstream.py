"""The directories in which commands look for upstream's boards."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

FETCHED = Path("build/upstream")


def _directories(_ctx: click.Context, _param: click.Parameter, value: Sequence[Path]) -> Sequence[Path]:
    return (*value, *((FETCHED,) if FETCHED.is_dir() else ()))


def boards_option(command: Any) -> Any:
    """`--boards DIR`, repeatable, and the directory of fetched boards."""
    return click.option(
        "--boards",
        "directories",
        type=click.Path(path_type=Path),
        multiple=True,
        envvar="UPSTREAM_BOARDS",
        show_envvar=True,
        callback=_directories,
        help="Directory with upstream's boards as JSON, in it or in its subdirectories.",
    )(command)
