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
    content = _get(base, each)
    try:
        found: Any = load_json(content, base).value
        revision = int(found["revision"])
    except (ValueError, KeyError, TypeError, OverflowError, DashboardsError) as error:
        raise DashboardsError(
            f"board {each.id}",
            cause=f"{base} does not say its newest revision",
            fix="is this grafana.com, or a proxy's page?",
        ) from error
    return revision


def _get(url: str, each: Published) -> bytes:
    from dashboards_py.web.address import parse_address
    from dashboards_py.web.failure import RequestException, explain
    from dashboards_py.web.session import Server, open_session

    server = Server("grafana.com", parse_address(url, "the address", GRAFANA_COM), "the address")
    with open_session(server, RETRIES, AGAIN) as session:
        try:
            answer = session.get(url, timeout=SECONDS, headers={"Accept": "application/json"})
        except RequestException as error:
            failure = explain(error, server, session)
            again = "check the connection (HTTPS_PROXY is used where it is set), then run the same command again"
            fix = again if failure.passing else failure.fix
            raise DashboardsError(f"board {each.id}", cause=f"{url}: {failure.cause}", fix=fix) from error
    if answer.status_code == 404:
        cause = f"grafana.com has no board {each.id}" + (f" of revision {each.revision}" if each.revision else "")
        raise DashboardsError(f"board {each.id}", cause=cause, fix="see dashboards_py/catalog/upstream.json")
    if answer.status_code != 200:
        raise DashboardsError(f"board {each.id}", cause=f"{url} answers {answer.status_code}", fix="try again later")
    return answer.content
