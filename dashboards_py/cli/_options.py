"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, get_args

import click

from dashboards_py.cli._remedies import resolve_remedy
from dashboards_py.documents.limits import BOARDS, MIB, Limits
from dashboards_py.errors import DashboardsError
from dashboards_py.peer_label import DEFAULT_PEER_LABEL, PeerLabel
from dashboards_py.release import NEWEST, RELEASES, Release


class _Release(click.ParamType[Release]):
    name = "X.Y"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Release:
        """A release of Cilium, or a usage error that lists them all."""
        if isinstance(value, Release):
            return value
        try:
            return Release.parse(str(value))
        except DashboardsError as error:
            if param is None or "--cilium" in param.opts:  # of any other option the list of releases is enough
                resolve_remedy(error)
            self.fail(str(error), param, ctx)


RELEASE = _Release()


def release_option(text: str) -> Callable[[Any], Any]:
    """`--cilium X.Y`, by default the newest release."""
    known = f"{RELEASES[0]} to {RELEASES[-1]}"
    return click.option(
        "--cilium",
        "release",
        type=RELEASE,
        default=str(NEWEST),
        show_default=True,
        envvar="CILIUM",
        help=f"{text} ({known}).",
    )


def peer_label_option(command: Any) -> Any:
    """`--peer-label`: the label that names the pods at both ends of Hubble's flows."""
    return click.option(
        "--peer-label",
        type=click.Choice(get_args(PeerLabel)),
        default=DEFAULT_PEER_LABEL,
        show_default=True,
        envvar="PEER_LABEL",
        help="Label that names the pods at both ends of Hubble's flows.",
    )(command)


def duration(text: str, option: str) -> float:
    """The seconds of a duration, which must be more than none."""
    from dashboards_py.promql.durations import seconds

    value = seconds(text)
    if not value:
        raise click.BadParameter(f"{text!r} is not a duration such as 30s or 1m", param_hint=f"'{option}'")
    return value


def _limits(_ctx: click.Context, _param: click.Parameter, value: int) -> Limits:
    return BOARDS.with_size(value * MIB, "--max-size MIB raises the limit")


variable_option = click.option(
    "--var", "variables", metavar="NAME=VALUE", multiple=True, help="Value of a variable; repeat it for several values."
)


def size_option(command: Any) -> Any:
    """`--max-size MIB`, as the limits for dashboards from files."""
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
