"""The HTTP API of Prometheus."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards_py import remedies
from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import ANSWERS
from dashboards_py.errors import API, NO_JSON, TENANT, UNKNOWN, DashboardsError, Refused, Remedy
from dashboards_py.prometheus.answers import checked, texts_of
from dashboards_py.prometheus.long_selectors import with_long_selectors
from dashboards_py.prometheus.patience import BUSY
from dashboards_py.shapes import Ask
from dashboards_py.web.address import Address, parse_address, refuse_leftovers, without_page, without_secrets

URL_SETTING = "PROMETHEUS_URL"
LOGIN_FIX = "give a token in PROMETHEUS_TOKEN"
# How the paths of its pages end: those of Prometheus (web/web.go) and of VictoriaMetrics, and requests to the API.
PAGES = (
    r"graph|query|alerts|rules|targets|service-discovery|status|tsdb-status|runtimeinfo|config|flags|classic/.+|vmui"
    r"|api/v1(?:/(?:query|query_range|series|labels?|metadata|targets|rules|alerts|status)(?:/.*)?)?"
)


def prometheus_address(url: str, setting: str = URL_SETTING) -> Address:
    """Parse an address, which may have a path; raises DashboardsError if it is invalid or has a query.

    `setting` names its source in messages.
    """
    address = parse_address(url, setting, "https://prometheus.example.org")
    refuse_leftovers(address, setting, pages=PAGES)
    return address


def over_http(
    url: str,
    token: str = "",
    *,
    url_setting: str = URL_SETTING,
    ca_file: str | None = None,
    ca_setting: str = "",
    seconds: float = 15,
    headers: Mapping[str, str] | None = None,
) -> Ask:
    """A client for a Prometheus, with `token` as bearer token, else with user and password from the address.

    `headers` are sent with each request, such as the tenant of a Mimir (X-Scope-OrgID).
    `url_setting` and `ca_setting` name the sources of `url` and `ca_file` in messages. Requests raise DashboardsError
    if there is no valid response, and Refused if the credentials are rejected.
    """
    from dashboards_py.web.answer import failure_before_server, redirect
    from dashboards_py.web.failure import RequestException, explain
    from dashboards_py.web.long_query import get_or_post
    from dashboards_py.web.session import BUNDLE, Server, basic_auth, open_session

    address = prometheus_address(url, url_setting)
    server = Server("Prometheus", address, url_setting, ca_setting or BUNDLE, ca_file, PAGES)
    session = open_session(server)
    _ensure_sendable(token)
    session.headers.update(headers or {})
    if token:
        session.headers["Authorization"] = f"Bearer {token}"
    elif address.user:
        session.auth = basic_auth(address.user, address.password)

    def ask(path: str, params: Mapping[str, str]) -> Any:
        url = f"{address.shown}/api/v1/{path}"
        try:
            answer = get_or_post(session, url, params, may_post=path in FORMS, timeout=seconds, allow_redirects=False)
        except (RequestException, OSError) as error:
            raise explain(error, server, session).error(server) from error
        failure = redirect(answer, server)
        if not failure and not answer.ok and "json" not in answer.headers.get("Content-Type", ""):
            failure = failure_before_server(answer.status_code, answer.text, server, session)
        if failure:
            raise failure.error(server, answer.status_code)
        is_page = without_page(address, PAGES) != address
        fix = server.address_fix if is_page else FIX
        challenge = answer.headers.get("WWW-Authenticate", "")
        demands = _is_basic(challenge)
        sent = tuple(headers or ())
        login_fix = _login_fix(address, url_setting, sent, has_token=bool(token), wants_password=demands)
        return answer_data(path, answer.status_code, answer.content, server.shown, login_fix, fix=fix)

    return with_long_selectors(ask)


def _is_basic(challenge: str) -> bool:
    """True if a server demands user and password (RFC 7617): it may demand one of several schemes."""
    return re.search(r"\bbasic\b", challenge, re.IGNORECASE) is not None


def _login_fix(
    address: Address, url_setting: str, headers: Sequence[str], *, has_token: bool, wants_password: bool
) -> str:
    if has_token and wants_password:
        return f"it demands user and password: leave PROMETHEUS_TOKEN out, and put them into {url_setting}"
    if has_token:
        return "check PROMETHEUS_TOKEN: it may have expired, or be for another server"
    if address.user:
        return f"check user and password in {url_setting}"
    if wants_password:
        return f"give user and password in {url_setting}: {address.shown.replace('://', '://USER:PASSWORD@', 1)}"
    if not headers:
        return LOGIN_FIX
    check = f"check what is sent as {' and '.join(headers)}"
    return check if "authorization" in map(str.lower, headers) else f"{check}, or {LOGIN_FIX}"


def answer_data(
    path: str, status: int, content: bytes, shown: str, login_fix: str = LOGIN_FIX, *, fix: str = ""
) -> Any:
    """The `data` of an HTTP response of Prometheus, or of what is before it; raises DashboardsError with its status.

    `path` is that of the request below /api/v1, which tells the shape of its answer. `shown` names the server in
    messages, `login_fix` what to do about refused credentials, `fix` about other answers.
    """
    text = without_secrets(content[:LONGEST].decode(errors="replace").strip())
    if is_tenant_missing(status, text):
        raise Refused(shown, cause=f"answers {status}: {text}", remedy=SEND_TENANT, reason=TENANT, status=status)
    if status in (401, 403):
        raise Refused(shown, cause=f"answers {status}", fix=login_fix, status=status)
    fix = FIX_BUSY if status in BUSY else fix or FIX
    try:
        body = load_json(content, "Prometheus", ANSWERS).value
    except DashboardsError as error:
        # What a query front end could not do, or refuses; "404 page not found" says nothing of what is no Prometheus.
        is_text = (status >= 500 or status in REFUSALS) and text and "<" not in text
        cause = f"answers {status}: {text}" if is_text else f"answers {status}, no JSON"
        raise DashboardsError(shown, cause=cause, fix=fix, reason=NO_JSON, status=status) from error
    return data(path, body, "" if status < 400 else f"answers {status}: ", fix, status)


def _ensure_sendable(token: str) -> None:
    if not (token.isascii() and token.isprintable()):
        cause = "contains characters that are not allowed in a token"
        raise Refused("PROMETHEUS_TOKEN", cause=cause, fix="copy it again")


def is_tenant_missing(status: int, text: str) -> bool:
    """True if a response demands a tenant: Mimir's and Cortex' text for it (dskit, user/id.go), with 401 in the API."""
    return status in (400, 401) and "no org id" in text


def data(path: str, body: Any, status: str = "", fix: str | None = None, code: int = 0) -> Any:
    """The `data` of a Prometheus response, with the remarks on a query's; an error response raises DashboardsError.

    Remarks are lists of texts: "warnings", and since Prometheus 2.52 "infos", such as of a rate of what is no counter.
    A cluster of VictoriaMetrics has a flag instead (`isPartial` in app/vmselect/prometheus/query_response.qtpl).

    `path` is that of the request; `status` precedes the message of an error that is not one of Prometheus; `fix` is the
    advice in it; `code` is the status of the HTTP response.
    """
    if isinstance(body, dict) and body.get("status") == "success":
        answer = checked(path, body.get("data"))
        remarks = {name: list(map(without_secrets, texts)) for name in REMARKS if (texts := texts_of(body.get(name)))}
        if body.get("isPartial") is True:
            remarks["warnings"] = [*remarks.get("warnings", ()), PARTIAL]
        return {**answer, **remarks} if isinstance(answer, dict) and remarks else answer
    if isinstance(body, dict) and body.get("status") == "error":
        text = without_secrets(str(body.get("error")))
        fix = FIX_AGENT if AGENT in text else fix or FIX
        raise DashboardsError("Prometheus", cause=text, fix=fix, reason=API, status=code)
    reason = UNKNOWN if body is not None else NO_JSON
    raise DashboardsError("Prometheus", cause=status + _message(body), fix=fix or FIX, reason=reason, status=code)


def _message(body: Any) -> str:
    """The message in the JSON of a gateway or a proxy in front of a Prometheus."""
    if not isinstance(body, dict):
        return "not a response of Prometheus"
    texts = (body.get(key) for key in ("error", "message", "detail", "msg"))
    message = next((text.strip() for text in texts if isinstance(text, str) and text.strip()), "")
    return without_secrets(message)[:LONGEST] or "a response without a status"


REMARKS = ("warnings", "infos")
PARTIAL = "the answer is partial (isPartial): some vmstorage nodes of VictoriaMetrics did not answer"
LONGEST = 300  # characters of a message
REFUSALS = (400, 413, 414, 422)  # statuses for a query that is too large, too long or wrong
# What takes the same as a form (web/api/v1/api.go), also through Grafana, of a viewer (routes in the plugin.json of its
# data source prometheus).
FORMS = frozenset({"query", "query_range", "labels", "series"})
FIX_BUSY = "wait and try again: Prometheus, or a proxy before it, is busy or not ready"
AGENT = "unavailable with Prometheus Agent"  # the answer to queries in agent mode (wrapAgent in web/api/v1/api.go)
FIX_AGENT = "it stores nothing: give the address of the server that it writes to (remote_write)"
SEND_TENANT = Remedy(remedies.SEND_TENANT, {"header": "X-Scope-OrgID"})
FIX = "check that the address is that of Prometheus: /-/ready must respond"
