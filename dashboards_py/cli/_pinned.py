"""Versions of charts that `cluster` installs: pinned in a file of the package, so that any installation has them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

# cluster-setup/versions.env is a link to it.
FILE = Path(__file__).parent.parent / "cluster" / "versions.env"


def pinned(name: str, key: str) -> Callable[[Any], Any]:
    """A hidden option whose default is the version that the file gives `key`; the environment may name another."""
    return click.option(name, envvar=key, default=lambda: versions()[key], hidden=True)


def versions() -> dict[str, str]:
    """What the file holds: `KEY=value` lines, values in quotes where they have blanks."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {key: value.strip('"') for key, value in pairs}
