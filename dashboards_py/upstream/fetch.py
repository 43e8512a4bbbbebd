"""Fetch upstream's boards from grafana.com's API, by ID and revision."""

from typing import Any

from dashboards_py.board import read
from dashboards_py.catalog.upstream import PublishedBoard
from dashboards_py.documents.json import load_json
from dashboards_py.errors import DashboardsError

GRAFANA_COM = "https://grafana.com"
RETRIES = 3
RETRIED_STATUSES = (429, 500, 502, 503, 504)
TIMEOUT_SECONDS = 20


def fetch(published: PublishedBoard, address: str = GRAFANA_COM) -> tuple[int, bytes]:
    """Fetch a board, by default in its newest revision; returns the revision and the JSON as stored on grafana.com.

    Endpoints: grafana.com/api/dashboards/ID and .../revisions/N/download. Time-outs, 429 and 5xx are retried. Raises
    DashboardsError for a request that still fails, or a response that is not a board.
    """
    base = f"{address.rstrip('/')}/api/dashboards/{published.id}"
    revision = published.revision or _newest(base, published)
    url = f"{base}/revisions/{revision}/download"
    content = _get(url, published)
    board = read(content, f"{url} (board {published.id})")
    if not board.panels:
        raise DashboardsError(f"board {published.id}", cause=f"{url} returned a board without panels")
    return revision, content


def _newest(base: str, published: PublishedBoard) -> int:
    content = _get(base, published)
    try:
        body: Any = load_json(content, base).value
        revision = int(body["revision"])
    except (ValueError, KeyError, TypeError, OverflowError, DashboardsError) as error:
        raise DashboardsError(
            f"board {published.id}",
            cause=f"{base} does not contain the newest revision",
            fix="check that it is grafana.com and not a page of a proxy",
        ) from error
    return revision


def _get(url: str, published: PublishedBoard) -> bytes:
    from dashboards_py.web.address import parse_address
    from dashboards_py.web.failure import RequestException, explain
    from dashboards_py.web.session import Server, open_session

    server = Server("grafana.com", parse_address(url, "the address", GRAFANA_COM), "the address")
    with open_session(server, RETRIES, RETRIED_STATUSES) as session:
        try:
            answer = session.get(url, timeout=TIMEOUT_SECONDS, headers={"Accept": "application/json"})
        except RequestException as error:
            failure = explain(error, server, session)
            retry_advice = "check the connection (HTTPS_PROXY is used if it is set), then rerun the command"
            fix = retry_advice if failure.temporary else failure.fix
            raise DashboardsError(f"board {published.id}", cause=f"{url}: {failure.cause}", fix=fix) from error
    if answer.status_code == 404:
        cause = f"grafana.com has no board {published.id}" + (
            f" of revision {published.revision}" if published.revision else ""
        )
        raise DashboardsError(f"board {published.id}", cause=cause, fix="see dashboards_py/catalog/upstream.json")
    if answer.status_code != 200:
        raise DashboardsError(
            f"board {published.id}", cause=f"{url} returned {answer.status_code}", fix="try again later"
        )
    return answer.content
