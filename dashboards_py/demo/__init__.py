"""A demonstration without Prometheus: the metrics of a synthetic cluster, and an engine that answers PromQL."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from dashboards_py.errors import DashboardsError
from dashboards_py.extras import command_for

if TYPE_CHECKING:
    from dashboards_py.panel_data.source import Source

END = 1_795_600_800.0  # Unix time at which every scene ends: pictures have the same bytes every day


def scene_names() -> tuple[str, ...]:
    """The scenes, sorted."""
    from dashboards_py.demo.scenes import SCENES

    return tuple(name.replace("_", "-") for name in SCENES.names())


def _nearest(scene: str) -> str:
    """A suggestion of the scene that a name may mean; "" without one."""
    close = [name for name in scene_names() if scene and name.startswith(scene)]
    close = close or get_close_matches(scene, scene_names(), n=1)
    return f"did you mean {close[0]}? " if close else ""


def source(scene: str, *, end: float = END, names: Mapping[str, str] | None = None) -> "Source":
    """A scene that ends at a Unix time, with other `names` for some labels.

    An unknown scene, or a missing numpy, raises DashboardsError.
    """
    if scene not in scene_names():
        cause, fix = "there is no such scene", f"{_nearest(scene)}known: {', '.join(scene_names())}"
        raise DashboardsError(f"scene {scene}", cause=cause, fix=fix)
    try:
        from dashboards_py.demo.alerts import WithAlerts
        from dashboards_py.demo.engine import Engine
        from dashboards_py.demo.history import History
        from dashboards_py.demo.renamed import Renamed
        from dashboards_py.demo.scenes import SCENES
    except ModuleNotFoundError as error:
        cause = f"needs {error.name}, which is not installed"
        raise DashboardsError("demo", cause=cause, fix=command_for("preview")) from error
    history = WithAlerts(History(SCENES.load(scene.replace("-", "_")), end), end)
    return Engine(Renamed(history, names) if names else history)
