"""The data sources of a Grafana, as far as we may see them."""

from dataclasses import dataclass

from dashboards_py.errors import DashboardsError
from dashboards_py.shapes import Json
from dashboards_py.targets._api import Api, Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A data source of a Grafana."""

    uid: str
    name: str
    type: str
    is_default: bool


def read_sources(api: Api) -> tuple[ReadSource, ...] | None:
    """The data sources; None if neither their list nor the settings of Grafana's pages, for viewers, has them."""
    listed: list[Json] | None
    try:
        listed = api.get("/datasources", want=list)
    except (Forbidden, NotFound):
        listed = _from_settings(api)
    if listed is None:
        return None
    return tuple(_source(item) for item in listed if isinstance(item, dict))


def _from_settings(api: Api) -> list[Json] | None:
    try:
        settings = api.get("/frontend/settings", want=dict)
    except DashboardsError:
        return None
    sources = settings.get("datasources")
    if not isinstance(sources, dict):
        return None
    return [{"name": name, **item} for name, item in sources.items() if isinstance(item, dict)]


def _source(item: Json) -> ReadSource:
    uid, name, kind = (str(item.get(key) or "") for key in ("uid", "name", "type"))
    return ReadSource(uid, name, kind, bool(item.get("isDefault")))
