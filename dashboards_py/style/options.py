"""What every kind of panel takes besides its own."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypedDict, TypeVar

from dashboards_py.errors import DashboardsError
from dashboards_py.model import BoardLink, ExcusableRule, Threshold

Arguments = ParamSpec("Arguments")
Kind = TypeVar("Kind")


class PanelOptions(TypedDict, total=False):
    """`thresholds`: from where on a color is green, yellow or red. `no_value`: what no data means. `links`: where to
    look next. `excuses`: by rule of lint the reason why the panel breaks it.
    """

    thresholds: tuple[Threshold, ...]
    no_value: str
    links: tuple[BoardLink, ...]
    excuses: Mapping[ExcusableRule, str]


def report_panel_title(kind: Callable[Arguments, Kind]) -> Callable[Arguments, Kind]:
    """Make what is wrong with a panel's arguments an error that names the panel, whose title comes first."""

    @wraps(kind)
    def build(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Kind:
        try:
            return kind(*args, **kwargs)
        except (TypeError, ValueError) as error:
            raise DashboardsError(f"panel {args[0] if args else ''!r}", cause=str(error)) from error

    return build
