"""JSON over HTTP with a service: each failure is a DashboardsError, and none holds the token."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dashboards_py.errors import DashboardsError
from dashboards_py.web.address import parse_address

TIMEOUT: Final = (5, 30)  # seconds, to connect and for an answer
PER_PAGE: Final = 100
ATTEMPTS: Final = 3
LONGEST_WAIT: Final = 90  # seconds, for a limit of requests
BUSY: Final = (502, 503, 504)


class Api:
    """The API at an address; `setting` is the variable with the address, `rights` says what its token must allow."""

    def __init__(self, name: str, address: str, setting: str, headers: Mapping[str, str], rights: str) -> None:
        from dashboards_py.web.session import Server, open_session

        self._server = Server(name, parse_address(address, setting, "https://api.example.com"), setting)
        self._session, self._headers, self._rights = open_session(self._server, 2, BUSY), headers, rights

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON of an answer."""
        from dashboards_py.web import failure
        from dashboards_py.web.answer import redirect

        url = f"{self._server.address.shown.rstrip('/')}{path}"
        try:
            response = self._response(method, url, body)
            if moved := redirect(response, self._server):
                raise moved.error(self._server)
            answer = response.json()
        except failure.JSONDecodeError as error:
            cause = f"sent a page instead of JSON ({response.status_code})"
            raise DashboardsError(self._server.shown, cause=cause, fix=self._server.address_fix) from error
        except failure.RequestException as error:
            raise failure.explain(error, self._server, self._session).error(self._server) from error
        if response.status_code >= 400:
            message = answer.get("message") if isinstance(answer, Mapping) else answer
            cause = f"{method} {path}: {message} ({response.status_code})"
            fix = self._rights if response.status_code in (401, 403, 404) else "run the job again"
            raise DashboardsError(self._server.shown, cause=cause, fix=fix)
        return answer

    def _response(self, method: str, url: str, body: Mapping[str, Any] | None) -> Any:
        """The response, once a limit of requests is over; raises DashboardsError for a limit that lasts."""
        for attempt in range(1, ATTEMPTS + 1):
            response = self._session.request(
                method, url, json=body, headers=self._headers, timeout=TIMEOUT, allow_redirects=False
            )
            seconds = _wait(response.status_code, response.headers)
            if seconds is None:
                break
            if attempt == ATTEMPTS or seconds > LONGEST_WAIT:
                cause = f"has a limit of requests, which this token has reached ({response.status_code})"
                raise DashboardsError(self._server.shown, cause=cause, fix=f"run the job again in {seconds} seconds")
            time.sleep(seconds)
        return response

    def pages(self, path: str) -> Iterator[Mapping[str, Any]]:
        """The objects of all pages of a list."""
        for number in range(1, 1000):
            page = self.send("GET", f"{path}{'&' if '?' in path else '?'}per_page={PER_PAGE}&page={number}")
            if not isinstance(page, list):
                raise DashboardsError(self._server.shown, cause=f"GET {path}: not a list", fix="")
            yield from (item for item in page if isinstance(item, Mapping))
            if len(page) < PER_PAGE:
                return


def _wait(status: int, headers: Mapping[str, str]) -> int | None:
    """Seconds until a limit of requests is over; None for a response that is not about a limit.

    GitHub sends 403 or 429 with Retry-After, or with x-ratelimit-remaining: 0 and the time of x-ratelimit-reset
    (docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api); GitLab 429 with Retry-After.
    """
    is_limit = "Retry-After" in headers or headers.get("x-ratelimit-remaining") == "0"
    if status != 429 and not (status == 403 and is_limit):
        return None
    if (after := headers.get("Retry-After", "")).isdigit():
        return int(after)
    reset = headers.get("x-ratelimit-reset", "")
    return max(int(reset) - int(time.time()), 1) if reset.isdigit() else 60
