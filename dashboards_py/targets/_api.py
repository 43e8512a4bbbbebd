"""Grafana's HTTP API through grafana-client: shapes are checked, passing faults are retried, errors become ours.

grafana-client speaks niquests; their errors are translated here and nowhere else. No message holds a credential.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from dashboards_py.errors import DashboardsError, Refused

ATTEMPTS = 4
LONGEST_WAIT = 20.0  # seconds; a Retry-After beyond it is an error, not a wait
PASSING = (429, 500, 502, 503, 504)

T = TypeVar("T")


class NotFound(DashboardsError):
    """Grafana has no such thing (404)."""


class OutOfDate(DashboardsError):
    """The board changed since it was read (412)."""


class Api:
    """One Grafana. `shown` is its address without credentials."""

    def __init__(
        self,
        url: str | None,
        *,
        token: str | None,
        user: str | None,
        password: str | None,
        ca_file: str | None,
        timeout: str | float,
    ) -> None:
        if not url:
            raise DashboardsError(
                "GRAFANA_URL", cause="is not set", fix="export GRAFANA_URL=https://grafana.example.org, or TARGET=files"
            )
        parts = urlsplit(url)
        try:
            host, port, seconds = parts.hostname, parts.port, float(timeout)
        except ValueError:
            raise DashboardsError(
                "GRAFANA_URL or --timeout", cause="is not a number where one belongs", fix="e.g. https://host:3000"
            ) from None
        if parts.scheme not in ("http", "https") or not host:
            raise DashboardsError(
                "GRAFANA_URL",
                cause="is not an http or https address",
                fix="export GRAFANA_URL=https://grafana.example.org",
            )
        self.shown = f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
        user, password = user or parts.username, password or parts.password
        if not token and not (user and password):
            raise Refused(
                f"Grafana at {self.shown}",
                cause="no credentials were given",
                fix="export GRAFANA_TOKEN, or GRAFANA_USER and GRAFANA_PASSWORD",
            )
        from grafana_client.api import GrafanaApi

        self._headers: Any = {}
        self.client = GrafanaApi(
            token or (user, password),
            host=f"[{host}]" if ":" in host else host,
            port=port,
            protocol=parts.scheme,
            url_path_prefix=f"{parts.path.strip('/')}/".lstrip("/"),
            verify=ca_file or True,
            timeout=seconds,
        ).client
        self.client.s.hooks["response"].append(self._remember)

    def _remember(self, response: Any, **_: Any) -> None:
        self._headers = response.headers

    def health(self) -> None:
        """Raise DashboardsError unless a Grafana answers at this address."""
        found = self.get("/health", want=dict)
        if "database" not in found and "version" not in found:
            raise self._strange("answers, but is no Grafana")

    def get(self, path: str, want: type[T]) -> T:
        """GET a path below /api and make sure of the shape of the answer."""
        found = self._call(lambda: self.client.GET(path))
        if not isinstance(found, want):
            raise self._strange("sent a page where JSON belongs: a login page, or a proxy before Grafana")
        return found

    def post(self, path: str, body: dict[str, Any], known: tuple[int, ...] = ()) -> None:
        """POST to a path below /api; the statuses in `known` count as done."""
        found = self._call(lambda: self.client.POST(path, json=body), known)
        if isinstance(found, str):
            raise self._strange("sent a page where JSON belongs: a login page, or a proxy before Grafana")

    def _strange(self, what: str) -> DashboardsError:
        return DashboardsError(f"Grafana at {self.shown}", cause=what, fix="check GRAFANA_URL, its path included")

    def _call(self, ask: Callable[[], Any], known: tuple[int, ...] = ()) -> Any:
        """Ask up to four times while the fault may pass; `known` statuses give None."""
        from grafana_client.client import GrafanaException
        from niquests.exceptions import RequestException

        for attempt in range(1, ATTEMPTS + 1):
            wait = 0.4 * 2**attempt
            try:
                self._headers = {}
                return ask()
            except GrafanaException as error:
                status = int(error.status_code or 0)
                if status in known:
                    return None
                if status and status not in PASSING:
                    raise self._answer(status, error.message, error.response) from None
                asked = str(self._headers.get("Retry-After", ""))
                wait = max(wait, float(asked)) if asked.isdigit() else wait
                last = f"answered {status}" if status else "gave no answer in time"
            except ValueError:
                raise self._strange("sent something that is not JSON") from None
            except (RequestException, OSError) as error:
                last = f"cannot be reached ({type(error).__name__})"
            if attempt < ATTEMPTS and wait <= LONGEST_WAIT:
                time.sleep(wait)
                continue
            break
        raise DashboardsError(
            f"Grafana at {self.shown}",
            cause=f"{last}, {attempt} times",
            fix="see whether it runs (curl $GRAFANA_URL/api/health), then deploy again",
        )

    def _answer(self, status: int, message: str, response: Any) -> DashboardsError:
        """The error for an answer that no second attempt will change."""
        said = response.get("message", "") if isinstance(response, dict) else ""
        where = f"Grafana at {self.shown}"
        if status == 401:
            return Refused(
                where,
                cause="refused the credentials (401)",
                fix="renew GRAFANA_TOKEN, or check GRAFANA_USER and GRAFANA_PASSWORD",
            )
        if status == 403:
            return Refused(
                where,
                cause=f"does not allow this (403 {said})".replace(" )", ")"),
                fix="give the service account the role Editor",
            )
        if status == 404:
            return NotFound(
                where,
                cause=f"has no such thing (404 {said})".replace(" )", ")"),
                fix="check GRAFANA_URL, its path included",
            )
        if status == 412:
            return OutOfDate(where, cause=f"says that the board changed meanwhile ({said})", fix="deploy again")
        return DashboardsError(where, cause=f"refused with {status} {said}".strip(), fix="mend that and deploy again")
