"""Does it answer, what is it, and how long does it keep what it has?"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.board import fields as json_fields
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.observation import Server
from dashboards_py.errors import UNKNOWN, DashboardsError
from dashboards_py.prometheus.answers import moment, rows_of
from dashboards_py.promql.durations import seconds
from dashboards_py.web.address import without_secrets


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
    stores = _optional(client, "stores")
    return Server(
        product=_product(build, stores),
        version=json_fields.text(build, "version"),
        now=server_time,
        skew=local_time + delay / 2 - server_time,
        retention=_retention(json_fields.text(runtime, "storageRetention")),
        start=json_fields.text(runtime, "startTime"),
        lost_stores=tuple(_lost(stores)),
    )


def _server_time(client: Client) -> float:
    """The time of the server: a query without a time is at its own."""
    rows = rows_of(client.get("query", {"query": "time()"}))
    if not rows:
        cause = "its answer to a query is not one of Prometheus"
        raise DashboardsError("Prometheus", cause=cause, reason=UNKNOWN)
    return moment(rows[0][1])


def _optional(client: Client, path: str) -> Mapping[str, Any]:
    """An answer that not every server gives."""
    try:
        answer: Mapping[str, Any] = client.get(path, {})
    except DashboardsError:
        return {}
    return answer


def _product(build: Mapping[str, Any], stores: Mapping[str, Any]) -> str:
    """Mimir calls itself "Grafana Mimir" in `application` of its buildinfo (pkg/api/handlers.go); Thanos has stores."""
    text = json_fields.text(build, "application")
    return text.removeprefix("Grafana ") or ("Thanos" if stores else "Prometheus")


def _lost(stores: Mapping[str, Any]) -> Iterator[str]:
    """The stores that Thanos does not ask any more, each with the reason.

    Some seconds after a store has stopped to answer, answers come without its series and without a warning, until
    --store.unhealthy-timeout removes it from the list (seen in Thanos 0.39.2; pkg/query/endpointset.go).
    """
    for kind in stores:
        for store in json_fields.mappings(stores, kind):
            if error := json_fields.text(store, "lastError"):
                yield f"{json_fields.text(store, 'name')} ({kind}): {without_secrets(error)}"


def _retention(text: str) -> float | None:
    """The seconds of `15d`, `15d or 10GiB` or `1y2w`; None for a limit of size alone."""
    return seconds(text.partition(" or ")[0]) or None
