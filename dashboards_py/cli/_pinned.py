"""Versions of charts that `cluster` installs: pinned in a file of the package, so that any installation has them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

# cluster-setup/versions.env is a link to it.
FILE = Path(__file__).parent.parent / "cluster" / "versions.env"


# The options that name other versions, and what the file and the environment call them.
PINNED_BY = {
    "--stack-version": "KUBE_PROMETHEUS_STACK_VERSION",
    "--crds-version": "PROMETHEUS_OPERATOR_CRDS_VERSION",
    "--cilium-versions": "CILIUM_VERSIONS",
}


def pinned(name: str) -> Callable[[Any], Any]:
    """The hidden option `name`: its default is the version that the file has; the environment may name another."""
    key = PINNED_BY[name]
    return click.option(name, envvar=key, default=lambda: versions()[key], hidden=True)


def pinned_parameters() -> dict[str, str]:
    """The pinned versions, by the parameters of those options: for commands that have none of them."""
    return {name.strip("-").replace("-", "_"): versions()[key] for name, key in PINNED_BY.items()}


def versions() -> dict[str, str]:
    """What the file holds: `KEY=value` lines, values in quotes where they have blanks."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {key: value.strip('"') for key, value in pairs}
