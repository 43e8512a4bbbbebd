"""A Grafana as the environment names it, and its boards as they are."""

from typing import TypedDict

from dashboards_py.documents.json import accept
from dashboards_py.errors import DashboardsError
from dashboards_py.shapes import GrafanaBoard, Json
from dashboards_py.targets._address import Login, read_login
from dashboards_py.targets._api import Api, Forbidden, NotFound
from dashboards_py.targets._plan import Options


class BoardMeta(TypedDict, total=False):
    """Grafana's metadata of a board, as far as it is used (DashboardMeta in pkg/api/dtos)."""

    folderUid: str
    folderTitle: str
    provisioned: bool
    provisionedExternalId: str


class LiveBoard(TypedDict):
    """The answer to GET /api/dashboards/uid/UID (DashboardFullWithMeta)."""

    dashboard: GrafanaBoard
    meta: BoardMeta


def open_api(options: Options) -> tuple[Api, int | None]:
    """The API at the address in the options, and the organization that it names."""
    login = login_of(options)
    return Api(login, ca_file=options["ca_file"], timeout=_seconds(options["timeout"])), login.organization


def login_of(options: Options) -> Login:
    """The address and credentials in the options."""
    return read_login(options["url"], options["token"], options["user"], options["password"])


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 3600:
        raise DashboardsError(f"--timeout {text}", cause="is not a number of seconds", fix="e.g. --timeout 10")
    return seconds


def live_board(api: Api, uid: str) -> LiveBoard | None:
    """The board as Grafana has it, with its metadata; None if it does not exist or we may not see it.

    For a board that does not exist some editors get 403. If it does exist after all, creating it fails.
    """
    try:
        answer: Json = api.get(f"/dashboards/uid/{uid}", want=dict)
    except (NotFound, Forbidden):
        return None
    if not isinstance(answer.get("dashboard"), dict) or not isinstance(answer.get("meta"), dict):
        raise api.unexpected_answer(f"did not answer with board {uid}")
    live: LiveBoard = accept(answer, f"board {uid} in Grafana").value
    return live


def health_of(api: Api) -> Json:
    """What Grafana says of itself, its `version` among it; raises DashboardsError if something else answers."""
    health: Json = api.get("/health", want=dict)
    if "database" not in health and "version" not in health:
        raise api.unexpected_answer("answers, but is not Grafana")
    return health


def user_name(api: Api) -> str:
    """Our user name at Grafana, read first: other requests accept a wrong token if anonymous access is on."""
    health_of(api)
    return logged_in_user(api)


def logged_in_user(api: Api) -> str:
    """Our user name at Grafana; credentials that it refuses raise Refused."""
    user = api.get("/user", want=dict)
    return str(user.get("login") or user.get("name") or "unknown")
