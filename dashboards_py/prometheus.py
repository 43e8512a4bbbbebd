"""The HTTP API of Prometheus."""

from collections.abc import Mapping
from typing import Any

from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import ANSWERS
from dashboards_py.errors import DashboardsError, Refused
from dashboards_py.shapes import Ask
from dashboards_py.web.address import Address, parse_address, refuse_leftovers


def prometheus_address(url: str) -> Address:
    """Parse an address, which may have a path; raises DashboardsError if it is invalid or has a query."""
    address = parse_address(url, "PROMETHEUS_URL", "https://prometheus.example.org")
    refuse_leftovers(address, "PROMETHEUS_URL")
    return address


def over_http(
    url: str, token: str = "", *, ca_file: str | None = None, ca_setting: str = "", seconds: float = 15
) -> Ask:
    """A client for a Prometheus, with `token` as bearer token, else with user and password from the address.

    `ca_setting` names the source of `ca_file` in messages. Requests raise DashboardsError if there is no valid
    response, and Refused if the credentials are rejected.
    """
    from dashboards_py.web.answer import failure_before_server, redirect
    from dashboards_py.web.failure import RequestException, explain
    from dashboards_py.web.session import BUNDLE, Server, basic_auth, open_session

    address = prometheus_address(url)
    server = Server("Prometheus", address, "PROMETHEUS_URL", ca_setting or BUNDLE, ca_file)
    session = open_session(server)
    if not (token.isascii() and token.isprintable()):
        raise Refused(
            "PROMETHEUS_TOKEN", cause="contains characters that are not allowed in a token", fix="copy it again"
        )
    if token:
        session.headers["Authorization"] = f"Bearer {token}"
    elif address.user:
        session.auth = basic_auth(address.user, address.password)

    def ask(path: str, params: Mapping[str, str]) -> Any:
        try:
            answer = session.get(
                f"{address.shown}/api/v1/{path}", params=params, timeout=seconds, allow_redirects=False
            )
        except (RequestException, OSError) as error:
            raise explain(error, server, session).error(server) from error
        failure = redirect(answer, server)
        if not failure and not answer.ok and "json" not in answer.headers.get("Content-Type", ""):
            failure = failure_before_server(answer.status_code, answer.text, server, session)
        if failure:
            raise failure.error(server)
        if answer.status_code in (401, 403):
            cause, fix = f"answers {answer.status_code}", "give a token in PROMETHEUS_TOKEN"
            raise Refused(server.shown, cause=cause, fix=fix)
        try:
            body = load_json(answer.content, "Prometheus", ANSWERS).value
        except DashboardsError as error:
            raise DashboardsError(server.shown, cause=f"answers {answer.status_code}, no JSON", fix=FIX) from error
        return data(body)

    return ask


def data(body: Any) -> Any:
    """The `data` of a Prometheus response; an error response raises DashboardsError."""
    if not isinstance(body, dict) or body.get("status") != "success":
        message = (
            body.get("error", "a response without a status")
            if isinstance(body, dict)
            else "not a response of Prometheus"
        )
        raise DashboardsError("Prometheus", cause=str(message), fix=FIX)
    return body.get("data")


FIX = "check that the address is that of Prometheus: /-/ready must respond"
