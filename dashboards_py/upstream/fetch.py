"""Upstream's boards from grafana.com's API, by ID and revision."""

from typing import Any

from dashboards_py.board import read
from dashboards_py.catalog.upstream import Published
from dashboards_py.documents.json import load_json
from dashboards_py.errors import DashboardsError

GRAFANA_COM = "https://grafana.com"
RETRIES = 3
AGAIN = (429, 500, 502, 503, 504)
SECONDS = 20


def fetch(each: Published, address: str = GRAFANA_COM) -> tuple[int, bytes]:
    """The revision fetched (the newest where none is pinned) and the board's JSON, as grafana.com keeps it.

    Source: grafana.com/api/dashboards/ID and .../revisions/N/download. Time-outs, 429 and 5xx are tried again; what
    still fails, or answers with something that is no board, raises DashboardsError.
    """
    base = f"{address.rstrip('/')}/api/dashboards/{each.id}"
    revision = each.revision or _newest(base, each)
    url = f"{base}/revisions/{revision}/download"
    content = _get(url, each)
    board = read(content, f"{url} (board {each.id})")
    if not board.panels:
        raise DashboardsError(f"board {each.id}", cause=f"{url} answers a board without panels")
    return revision, content


def _newest(base: str, each: Published) -> int:
    try:
        found: Any = load_json(_get(base, each), base).value
        revision = int(found["revision"])
    except (ValueError, KeyError, TypeError, OverflowError, DashboardsError):
        raise DashboardsError(
            f"board {each.id}",
            cause=f"{base} does not say its newest revision",
            fix="is this grafana.com, or a proxy's page?",
        ) from None
    return revision


def _get(url: str, each: Published) -> bytes:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    retry = Retry(RETRIES, backoff_factor=0.3, status_forcelist=AGAIN, respect_retry_after_header=False)
    with requests.Session() as session:
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry))
        try:
            answer = session.get(url, timeout=SECONDS, headers={"Accept": "application/json"})
        except requests.RequestException as error:
            raise DashboardsError(
                f"board {each.id}",
                cause=f"{url} cannot be read: {_words(error)}",
                fix="check the connection (HTTPS_PROXY is used where it is set), then run the same command again",
            ) from None
    if answer.status_code == 404:
        cause = f"grafana.com has no board {each.id}" + (f" of revision {each.revision}" if each.revision else "")
        raise DashboardsError(f"board {each.id}", cause=cause, fix="see dashboards_py/catalog/upstream.json")
    if answer.status_code != 200:
        raise DashboardsError(f"board {each.id}", cause=f"{url} answers {answer.status_code}", fix="try again later")
    return answer.content


def _words(error: Exception) -> str:
    """The innermost reason of a requests error, without object addresses."""
    reason = getattr(error.args[0] if error.args else error, "reason", error)
    return str(reason).rpartition(": ")[2] or type(error).__name__
