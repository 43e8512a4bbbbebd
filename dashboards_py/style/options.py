"""Options common to all kinds of panels."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypedDict, TypeVar

from dashboards_py.errors import DashboardsError
from dashboards_py.model import BoardLink, ExcusableRule, Threshold

Arguments = ParamSpec("Arguments")
Kind = TypeVar("Kind")


class PanelOptions(TypedDict, total=False):
    """`thresholds` are the values at which the color changes, `no_value` is what missing data means, `links` are the
    boards to look at next, `excuses` are reasons why the panel breaks a rule of lint, by rule, and `former_title` is
    the title whose id the panel keeps.
    """

    thresholds: tuple[Threshold, ...]
    no_value: str
    links: tuple[BoardLink, ...]
    excuses: Mapping[ExcusableRule, str]
    former_title: str


def report_panel_title(kind: Callable[Arguments, Kind]) -> Callable[Arguments, Kind]:
    """Turn errors in a panel's arguments into errors that name the panel; the title is the first argument."""

    @wraps(kind)
    def build(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Kind:
        try:
            return kind(*args, **kwargs)
        except (TypeError, ValueError) as error:
            raise DashboardsError(f"panel {args[0] if args else ''!r}", cause=str(error)) from error

    return build
