"""Read a Grafana, without writing: boards with their metadata, data sources, and queries through these."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from dashboards_py.board.deployed import DeployedBoard
from dashboards_py.errors import DashboardsError, Refused
from dashboards_py.prometheus import FORMS, answer_data
from dashboards_py.shapes import Json
from dashboards_py.targets._live import health_of, live_board, logged_in_user, open_api
from dashboards_py.targets._mark import bears_mark
from dashboards_py.targets._plan import Options
from dashboards_py.targets._sources import ReadSource, read_sources

RESOURCES = "/apis/dashboard.grafana.app/v1beta1/namespaces/{}/dashboards/{}"
# What Grafana sends, with 400, for a 401 of what is behind a data source (pkg/api/pluginproxy/ds_proxy.go).
UNAUTHORIZED = b"Authentication to data source failed"
FIX_SOURCE = "check user, password and headers (Authorization, X-Scope-OrgID) of the data source, and who may query it"
CONVERTS_SINCE = 12  # the version from which on Grafana has these resources


class Reader:
    """A Grafana that answers; the first request tells who we are, and raises Refused for wrong credentials."""

    def __init__(self, options: Options) -> None:
        self._api, self._organization = open_api(options)
        version = str(health_of(self._api).get("version", ""))
        logged_in_user(self._api)
        self._sources: tuple[ReadSource, ...] | None = None
        major = version.partition(".")[0]
        self._has_resources = major.isdecimal() and int(major) >= CONVERTS_SINCE
        self.address = self._api.shown

    def boards(self, uids: Collection[str]) -> Iterator[DeployedBoard]:
        """The boards with these uids; one that is not there, or may not be seen, has no content."""
        for uid in uids:
            live = live_board(self._api, uid)
            if live is None:
                yield DeployedBoard(uid)
                continue
            board, meta = live["dashboard"], live["meta"]
            who = str(meta.get("updatedBy") or "someone")
            when = str(meta.get("updated") or "")[:16].replace("T", " ")
            file = str(meta.get("provisionedExternalId") or "") if meta.get("provisioned") else ""
            yield DeployedBoard(uid, board, f"by {who} on {when}", file, bears_mark(board), self._stored(uid, board))

    def _stored(self, uid: str, board: Mapping[str, Any]) -> str:
        """The schema that it is stored in: `storedVersion` of the conversion in its status, "" if it does not tell."""
        if "elements" in board:
            return "v2"
        if not self._has_resources:
            return ""
        namespace = f"org-{self._organization}" if (self._organization or 1) > 1 else "default"
        try:
            resource: Json = self._api.get_resource(RESOURCES.format(namespace, quote(uid)), want=dict)
        except DashboardsError:
            return ""
        status = resource.get("status")
        conversion = status.get("conversion") if isinstance(status, dict) else None
        return str(conversion.get("storedVersion") or "") if isinstance(conversion, dict) else ""

    def sources(self) -> tuple[ReadSource, ...] | None:
        """The data sources, read once; a user who may not list them gets those of the settings of Grafana's pages."""
        if self._sources is None:
            self._sources = read_sources(self._api)
        return self._sources

    def ask(self, uid: str, path: str, params: Mapping[str, str]) -> Any:
        """The data of an answer of a Prometheus' HTTP API, through its data source.

        Raises DashboardsError with the status and message of the Prometheus, which Grafana passes on.
        """
        shown = f"Data source {uid} of Grafana at {self.address}"
        proxied = f"/datasources/proxy/uid/{quote(uid)}/api/v1/{path}"
        status, content = self._api.get_once(proxied, params, may_post=path in FORMS)
        if status == 400 and content.strip() == UNAUTHORIZED:
            raise Refused(shown, cause="its credentials are refused, or it names no tenant", fix=FIX_SOURCE, status=401)
        return answer_data(path, status, content, shown, FIX_SOURCE)
