"""Grafana's HTTP API through grafana-client: shapes are checked, passing faults are retried, errors become ours.

grafana-client speaks requests; their errors are translated here and nowhere else. No message holds a credential.
"""

from collections.abc import Callable
from time import sleep
from typing import Any, TypeVar
from urllib.parse import urlsplit

from dashboards_py.errors import DashboardsError, Refused
from dashboards_py.targets._address import Address

ATTEMPTS = 4
FIRST_WAIT = 0.5  # seconds, doubled at each attempt
LONGEST_WAIT = 20.0  # seconds; a Retry-After beyond it is an error, not a wait
PASSING = (429, 500, 502, 503, 504)
PAGE = "sent a page where JSON belongs: a login page, or a proxy before Grafana"
ADDRESS = "check GRAFANA_URL, its path included"

T = TypeVar("T")


class NotFound(DashboardsError):
    """Grafana has no such thing (404)."""


class Forbidden(Refused):
    """Grafana does not allow this (403); to some it says so of what is not there at all."""


class OutOfDate(DashboardsError):
    """The board changed since it was read (409, 412)."""


class Api:
    """One Grafana; `shown` is its address without credentials, `timeout` is in seconds."""

    def __init__(self, address: Address, *, ca_file: str | None, timeout: float) -> None:
        from grafana_client.api import GrafanaApi

        self.shown = address.shown
        self._headers: Any = {}
        self.client = GrafanaApi(
            address.credentials,
            host=f"[{address.host}]" if ":" in address.host else address.host,
            port=address.port,
            protocol=address.scheme,
            url_path_prefix=f"{address.path}/".lstrip("/"),
            verify=ca_file or True,
            timeout=timeout,
        ).client
        self.client.s.hooks["response"].append(self._answered)

    def get(self, path: str, want: type[T]) -> T:
        """GET a path below /api and make sure of the shape of the answer."""
        found = self._call(lambda: self.client.GET(path))
        if not isinstance(found, want):
            raise self.strange(PAGE)
        return found

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST to a path below /api and make sure that an object comes back."""
        found = self._call(lambda: self.client.POST(path, json=body))
        if not isinstance(found, dict):
            raise self.strange(PAGE)
        return found

    def strange(self, what: str) -> DashboardsError:
        """The error for an answer that no Grafana gives."""
        return DashboardsError(f"Grafana at {self.shown}", cause=what, fix=ADDRESS)

    def _answered(self, response: Any, **_: Any) -> None:
        """Look at each answer before grafana-client does: a redirect followed would turn a save into a read."""
        self._headers = response.headers
        if response.is_redirect:
            to = urlsplit(response.headers.get("Location", ""))
            there = (
                f"{to.scheme}://{to.hostname}{f':{to.port}' if to.port else ''}{to.path}" if to.hostname else to.path
            )
            raise self.strange(
                f"sends us on to {there or 'nowhere'} ({response.status_code}): a login page, or another address"
            )

    def _call(self, ask: Callable[[], Any]) -> Any:
        """Ask up to four times while the fault may pass."""
        from grafana_client.client import GrafanaException
        from requests import exceptions as faults

        for attempt in range(1, ATTEMPTS + 1):
            wait = FIRST_WAIT * 2 ** (attempt - 1)
            self._headers = {}
            try:
                return ask()
            except GrafanaException as error:
                status = int(error.status_code or 0)
                if status and status not in PASSING:
                    raise self._refusal(status, error.response) from None
                asked = str(self._headers.get("Retry-After", ""))
                wait = max(wait, float(asked)) if asked.isdigit() else wait
                last = f"answered {status}" if status else "gave no answer in time"
            except faults.JSONDecodeError:
                raise self.strange("sent something that is not JSON") from None
            except faults.SSLError as error:
                raise self._unreachable(
                    _reason(error), "give the CA that signed its certificate with --ca-file"
                ) from None
            except (faults.Timeout, faults.ConnectionError, faults.ChunkedEncodingError) as error:
                late = isinstance(error, faults.Timeout)
                last = "gave no answer in time" if late else f"cannot be reached ({_reason(error)})"
            except (faults.RequestException, OSError) as error:
                raise self._unreachable(_reason(error), "check GRAFANA_URL and --ca-file") from None
            if attempt == ATTEMPTS:
                break
            if wait > LONGEST_WAIT:
                last += f", and wants to be left alone for {wait:.0f} s"
                break
            sleep(wait)
        times = f", {attempt} times" if attempt > 1 else ""
        raise DashboardsError(
            f"Grafana at {self.shown}",
            cause=f"{last}{times}",
            fix="see whether it runs (curl $GRAFANA_URL/api/health), then deploy again",
        )

    def _unreachable(self, why: str, fix: str) -> DashboardsError:
        return DashboardsError(f"Grafana at {self.shown}", cause=f"cannot be reached ({why})", fix=fix)

    def _refusal(self, status: int, response: Any) -> DashboardsError:
        """The error for an answer that no second attempt will change."""
        said = str(response.get("message", "") if isinstance(response, dict) else "")[:300]
        where, code = f"Grafana at {self.shown}", f"{status} {said}".strip()
        if status == 401:
            fix = "renew GRAFANA_TOKEN, or check GRAFANA_USER and GRAFANA_PASSWORD"
            return Refused(where, cause="refused the credentials (401)", fix=fix)
        if status == 403:
            return Forbidden(
                where, cause=f"does not allow this ({code})", fix="give the service account the role Editor"
            )
        if status == 404:
            return NotFound(where, cause=f"has no such thing ({code})", fix=ADDRESS)
        if status in (409, 412):
            return OutOfDate(where, cause=f"says that it changed meanwhile ({code})", fix="deploy again")
        return DashboardsError(where, cause=f"refused with {code}", fix="mend that and deploy again")


REASONS = (
    "Connection refused",
    "Connection reset",
    "Name or service not known",
    "Temporary failure in name resolution",
    "No route to host",
    "certificate verify failed",
    "hostname mismatch",
    "invalid path",
    "timed out",
)


def _reason(error: Exception) -> str:
    """What went wrong on the way, in a few words; the whole text of such an error may hold more than we may print."""
    text = str(error)
    return next((each for each in REASONS if each.lower() in text.lower()), type(error).__name__)
