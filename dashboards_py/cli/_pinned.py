"""Versions of charts that `cluster` installs: pinned in a file of the package, so that every installation has them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

# cluster-setup/versions.env is a link to it.
FILE = Path(__file__).parent.parent / "cluster" / "versions.env"


# Options for other versions, with their names in the file and the environment.
PINNED_BY = {
    "--stack-version": "KUBE_PROMETHEUS_STACK_VERSION",
    "--crds-version": "PROMETHEUS_OPERATOR_CRDS_VERSION",
    "--cilium-versions": "CILIUM_VERSIONS",
}


def pinned(name: str) -> Callable[[Any], Any]:
    """The hidden option `name`: defaults to the version in the file; the environment may override it."""
    key = PINNED_BY[name]
    return click.option(name, envvar=key, default=lambda: versions()[key], hidden=True)


def pinned_parameters() -> dict[str, str]:
    """The pinned versions by parameter name, for commands without these options."""
    return {name.strip("-").replace("-", "_"): versions()[key] for name, key in PINNED_BY.items()}


def versions() -> dict[str, str]:
    """The versions in the file: `KEY=value` lines, with values in quotes if they contain spaces."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {key: value.strip('"') for key, value in pairs}
