"""Grafana's HTTP API through grafana-client: answers are validated, temporary failures retried, errors converted.

grafana-client sends through a session of ours. Errors are translated here and nowhere else, and keep their cause; no
message holds a credential.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import sleep
from typing import Any, TypeVar

from dashboards_py.errors import DashboardsError, Denied, Refused
from dashboards_py.targets._address import PAGES, Login

ATTEMPTS = 4
FIRST_WAIT = 0.5  # seconds, doubled at each attempt
LONGEST_WAIT = 20.0  # seconds; a Retry-After beyond it is an error, not a wait
TEMPORARY = (429, 500, 502, 503, 504)
PAGE = "sent a page instead of JSON: a login page, or a proxy before Grafana"

T = TypeVar("T")
Body = Callable[[], dict[str, Any]]


class NotFound(DashboardsError):
    """Grafana has no such thing (404)."""


class Forbidden(Refused):
    """Grafana does not allow this (403), which some users also get for what does not exist."""


class OutOfDate(DashboardsError):
    """The board changed since it was read (409, 412)."""


class Invalid(DashboardsError):
    """Grafana does not accept the content (400)."""


class Api:
    """The API of one Grafana; `shown` is its address without credentials, `timeout` is in seconds."""

    def __init__(self, login: Login, *, ca_file: str | None, timeout: float) -> None:
        from grafana_client.api import GrafanaApi

        from dashboards_py.web.session import Server, basic_auth, open_session

        address = login.address
        self.shown = address.shown
        self._organization = login.organization
        self._headers: Mapping[str, str] = {}
        self._server = Server("Grafana", address, "GRAFANA_URL", "--ca-file", ca_file, PAGES)
        self._session = open_session(self._server)
        self.client = GrafanaApi(
            login.credentials if isinstance(login.credentials, str) else basic_auth(*login.credentials),
            host=f"[{address.host}]" if ":" in address.host else address.host,
            port=address.port,
            protocol=address.scheme,
            url_path_prefix=f"{address.path}/".lstrip("/"),
            timeout=timeout,
            organization_id=login.organization,
        ).client
        self._session.headers.update(self.client.s.headers)
        self._session.hooks["response"].append(self._check_answer)
        self.client.s = self._session

    def get(self, path: str, want: type[T]) -> T:
        """GET a path below /api; an answer of another type raises DashboardsError, as does a list of no objects."""
        answer = self._call(lambda: self.client.GET(path))
        if not isinstance(answer, want):
            raise self.unexpected_answer(PAGE)
        if isinstance(answer, list) and not all(isinstance(item, dict) for item in answer):
            raise self.unexpected_answer("sent a list of something else than objects")
        return answer

    def get_resource(self, path: str, want: type[T]) -> T:
        """GET a path below /apis, where Grafana serves resources as Kubernetes does."""

        def send() -> Any:
            url = self.client.url
            self.client.url = url.removesuffix("/api")
            try:
                return self.client.GET(path)
            finally:
                self.client.url = url

        answer = self._call(send)
        if not isinstance(answer, want):
            raise self.unexpected_answer(PAGE)
        return answer

    def get_once(self, path: str, params: Mapping[str, str], *, may_post: bool = False) -> tuple[int, bytes]:
        """Status and content of a path below /api that answers for somebody else, such as a data source.

        Not sent again, but as a form if the address is too long and it `may_post`: the caller knows what to repeat.
        Raises DashboardsError if nothing answers, or with a redirect.
        """
        from dashboards_py.web.answer import failure_before_server
        from dashboards_py.web.failure import RequestException, explain
        from dashboards_py.web.long_query import get_or_post

        client, url = self.client, f"{self.client.url}{path}"
        options = {"auth": client.auth, "timeout": client.timeout}
        try:
            answer = get_or_post(self._session, url, params, may_post=may_post, **options)
        except (RequestException, OSError) as error:
            raise explain(error, self._server, self._session).error(self._server) from error
        status = answer.status_code
        is_page = status >= 400 and "json" not in answer.headers.get("Content-Type", "")
        if is_page and (failure := failure_before_server(status, answer.text, self._server, self._session)):
            raise failure.error(self._server, status)
        return status, answer.content

    def post(self, path: str, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """POST to a path below /api; an answer that is not an object raises DashboardsError."""
        return self._write(lambda: self.client.POST(path, json=body, headers=headers))

    def put(self, path: str, body: Body, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """PUT to a path below /api; an answer that is not an object raises DashboardsError.

        The body is computed before each attempt: waiting for the next one leaves others time for an edit.
        """
        return self._write(lambda: self.client.PUT(path, json=body(), headers=headers))

    def delete(self, path: str, check: Callable[[], None], headers: Mapping[str, str] | None = None) -> None:
        """DELETE a path below /api; `check` runs before each attempt, and raises if it must not be deleted."""

        def send() -> Any:
            check()
            return self.client.DELETE(path, headers=headers)

        self._call(send)

    def _write(self, send: Callable[[], Any]) -> dict[str, Any]:
        answer = self._call(send)
        if not isinstance(answer, dict):
            raise self.unexpected_answer(PAGE)
        return answer

    def unexpected_answer(self, what: str) -> DashboardsError:
        """The error for an answer that does not come from Grafana."""
        return DashboardsError(f"Grafana at {self.shown}", cause=what, fix=self._server.address_fix)

    def _check_answer(self, response: Any, **_: Any) -> None:
        """Check each response before grafana-client does: following a redirect would turn a save into a read."""
        self._headers = response.headers
        from dashboards_py.web.answer import redirect

        if failure := redirect(response, self._server):
            raise failure.error(self._server, response.status_code)

    def _call(self, send: Callable[[], Any]) -> Any:
        """Send a request, up to four times if the failure is temporary."""
        from grafana_client.client import GrafanaException

        from dashboards_py.web.failure import JSONDecodeError, RequestException, explain

        for attempt in range(1, ATTEMPTS + 1):
            wait = FIRST_WAIT * 2 ** (attempt - 1)
            self._headers = {}
            cause: Exception
            try:
                return send()
            except (JSONDecodeError, RecursionError) as error:  # RecursionError: nested too deeply
                raise self.unexpected_answer("sent something that is not JSON") from error
            except GrafanaException as error:
                status = int(error.status_code)
                if status not in TEMPORARY:
                    raise self._refusal(status, error.response) from error
                requested = _seconds_to_wait(self._headers.get("Retry-After", ""))
                wait, last, fix, cause = max(wait, requested), _throttled(status, requested), CHECK_HEALTH, error
            except (RequestException, OSError) as error:
                failure = explain(error, self._server, self._session)
                if not failure.temporary:
                    raise failure.error(self._server) from error
                last, fix, cause = failure.cause, failure.fix, error
            if attempt == ATTEMPTS or wait > LONGEST_WAIT:
                break
            sleep(wait)
        times = f", {attempt} times" if attempt > 1 else ""
        raise DashboardsError(f"Grafana at {self.shown}", cause=f"{last}{times}", fix=fix) from cause

    def _refusal(self, status: int, response: Any) -> DashboardsError:
        """The error for a failure that is not temporary."""
        from dashboards_py.web.answer import failure_before_server

        is_page = not isinstance(response, dict)
        message = "" if is_page else str(response.get("message", ""))[:300]
        where, code = f"Grafana at {self.shown}", f"{status} {message}".strip()
        if is_page and (failure := failure_before_server(status, str(response), self._server, self._session)):
            return failure.error(self._server)
        if status == 401:
            fix = "renew GRAFANA_TOKEN, or check GRAFANA_USER and GRAFANA_PASSWORD"
            if self._organization:
                fix += (
                    f"; a service account belongs to one organization, which may not be {self._organization} (?orgId=)"
                )
            return Refused(where, cause=f"refused the credentials ({code})", fix=fix)
        if status == 403 and "quota" in message.lower():  # postDashboard in Grafana's pkg/api/dashboard.go
            fix = "raise the quota (the section [quota] of Grafana's configuration), or delete what it counts"
            return Denied(where, cause=f"its quota does not allow more ({code})", fix=fix)
        if status == 403:
            fix = "give the service account the role Editor"
            return Forbidden(where, cause=f"does not allow this ({code})", fix=fix)
        if status == 404:
            return NotFound(where, cause=f"has no such thing ({code})", fix=self._server.address_fix)
        if status in (409, 412):
            return OutOfDate(where, cause=f"says that it has changed since ({code})", fix="deploy again")
        kind = Invalid if status == 400 else DashboardsError
        return kind(where, cause=f"refused with {code}", fix="fix this and deploy again")


CHECK_HEALTH = "check whether it runs (curl $GRAFANA_URL/api/health), then deploy again"


def _throttled(status: int, seconds: float) -> str:
    """The meaning of a temporary status, with the server's Retry-After."""
    wait = f" (Retry-After: {seconds:.0f} s)" if seconds else ""
    return f"rate limited{wait or ' (429)'}" if status == 429 else f"answered {status}{wait}"


def _seconds_to_wait(retry_after: str) -> float:
    """The seconds that a Retry-After header asks for, given as such or as a date (RFC 9110); else 0."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        from email.utils import parsedate_to_datetime

        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0
