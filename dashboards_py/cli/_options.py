"""Options that several verbs share."""

import re
from collections.abc import Callable
from typing import Any

import click

from dashboards_py.catalog.release import NEWEST, RELEASES, Release
from dashboards_py.documents.limits import BOARDS, MIB, Limits
from dashboards_py.errors import DashboardsError


class _Release(click.ParamType[Release]):
    name = "X.Y"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Release:
        """A release of Cilium, or a usage error that names those there are."""
        if isinstance(value, Release):
            return value
        try:
            return Release.parse(str(value))
        except DashboardsError as error:
            self.fail(str(error), param, ctx)


class Duration(click.ParamType[str]):
    """A duration as Prometheus reads it (`30s`, `1m30s`), above zero."""

    name = "DURATION"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is, or a usage error."""
        text = str(value)
        units = re.fullmatch("".join(rf"(?:([0-9]+){unit})?" for unit in ("y", "w", "d", "h", "m", "s", "ms")), text)
        if not units or not any(int(number or 0) for number in units.groups()):
            self.fail(f"{text!r} is no duration above zero: 30s, 1m, 1m30s", param, ctx)
        return text


class HelmRelease(click.ParamType[str]):
    """The name of a Helm release, as Helm takes it."""

    name = "NAME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is, or a usage error."""
        text = str(value)
        if len(text) > 53 or not re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", text):
            self.fail(f"{text!r} is no name of a Helm release: small letters, digits, - and ., 53 at most", param, ctx)
        return text


def release_option(text: str) -> Callable[[Any], Any]:
    """`--cilium X.Y`, the newest release unless given."""
    known = f"{RELEASES[0]} to {RELEASES[-1]}"
    return click.option(
        "--cilium",
        "release",
        type=_Release(),
        default=str(NEWEST),
        show_default=True,
        envvar="CILIUM",
        help=f"{text} ({known}).",
    )


def _limits(ctx: click.Context, param: click.Parameter, value: int) -> Limits:
    return BOARDS.with_size(value * MIB, "--max-size MIB raises the limit")


def size_option(command: Any) -> Any:
    """`--max-size MIB`, as the limits for dashboards that somebody names."""
    return click.option(
        "--max-size",
        "limits",
        type=click.IntRange(1, 1024),
        metavar="MIB",
        default=BOARDS.size // MIB,
        show_default=True,
        callback=_limits,
        help="Refuse files that are larger, in MiB.",
    )(command)
