"""Does it answer, what is it, and how long does it keep what it has?"""

import time
from collections.abc import Mapping
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.observation import Server
from dashboards_py.errors import UNKNOWN, DashboardsError
from dashboards_py.promql.durations import seconds


def look_at_server(client: Client, local_time: float) -> Server:
    """The server; `local_time` is the Unix time of this machine when it is asked."""
    begin = time.monotonic()
    try:
        server_time = _server_time(client)
    except DashboardsError as error:
        return Server(failure=error)
    delay = time.monotonic() - begin
    build = _optional(client, "status/buildinfo")
    runtime = _optional(client, "status/runtimeinfo")
    return Server(
        product=_product(build),
        version=json_fields.text(build, "version"),
        now=server_time,
        skew=local_time + delay / 2 - server_time,
        retention=_retention(json_fields.text(runtime, "storageRetention")),
        start=json_fields.text(runtime, "startTime"),
    )


def _server_time(client: Client) -> float:
    """The time of the server: a query without a time is at its own."""
    answer = client.get("query", {"query": "time()"})
    try:
        return float(answer["result"][1])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        cause = "its answer to a query is not one of Prometheus"
        raise DashboardsError("Prometheus", cause=cause, reason=UNKNOWN) from error


def _optional(client: Client, path: str) -> Mapping[str, Any]:
    """An answer that not every server gives."""
    try:
        answer = client.get(path, {})
    except DashboardsError:
        return {}
    return answer if isinstance(answer, Mapping) else {}


def _product(build: Mapping[str, Any]) -> str:
    """Mimir calls itself "Grafana Mimir" in `application` of its buildinfo (pkg/api/handlers.go)."""
    text = json_fields.text(build, "application")
    return text.removeprefix("Grafana ") or "Prometheus"


def _retention(text: str) -> float | None:
    """The seconds of `15d`, `15d or 10GiB` or `1y2w`; None for a limit of size alone."""
    return seconds(text.partition(" or ")[0]) or None
