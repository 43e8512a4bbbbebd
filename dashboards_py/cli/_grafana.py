"""`doctor --grafana`: what a Grafana has, read with the settings of `deploy grafana`."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from dashboards_py.board import Board
    from dashboards_py.doctor import DataSource, Grafana
    from dashboards_py.shapes import Ask
    from dashboards_py.targets import Reader

PROMETHEUS = "prometheus"
QUERY = "count(cilium_version)"


def open_grafana() -> "Reader":
    """The Grafana that GRAFANA_URL and its companions name; warns if a secret is sent unencrypted."""
    from dashboards_py.targets import load, reader
    from dashboards_py.targets.grafana import warnings

    settings = {option.key: os.environ.get(option.env) or option.default for option in load("grafana").OPTIONS}
    for warning in warnings(settings):
        click.echo(f"Warning: {warning}", err=True)
    return reader(settings)


def prometheus_through(reader: "Reader") -> "Ask":
    """The Prometheus of Grafana's default data source of that type, or of its first."""
    from dashboards_py.doctor import default_source
    from dashboards_py.prometheus.long_selectors import with_long_selectors

    chosen = default_source(source for source in reader.sources() or () if source.type == PROMETHEUS)
    if not chosen:
        fix = "create one, or give the address of the Prometheus with --prometheus"
        raise DashboardsError(f"Grafana at {reader.address}", cause="has no data source of type prometheus", fix=fix)
    return with_long_selectors(_Source(reader, chosen.uid).ask)


def read_grafana(reader: "Reader", boards: "Iterable[Board]") -> "Grafana":
    """The boards as Grafana has them, and its data sources with what they answer."""
    from dashboards_py.doctor import Grafana

    deployed = tuple(reader.boards(list(dict.fromkeys(board.uid for board in boards if board.uid))))
    listed = reader.sources()
    sources = None if listed is None else tuple(_source(reader, source) for source in listed)
    return Grafana(reader.address, deployed, sources)


@dataclass(frozen=True, slots=True)
class _Source:
    reader: "Reader"
    uid: str

    def ask(self, path: str, params: Mapping[str, str]) -> Any:
        """An answer through the data source."""
        return self.reader.ask(self.uid, path, params)


def _source(reader: "Reader", source: Any) -> "DataSource":
    from dashboards_py.doctor import DataSource
    from dashboards_py.prometheus.answers import rows_of, whole

    about = (source.uid, source.name, source.type, source.is_default)
    if source.type != PROMETHEUS:
        return DataSource(*about)
    try:
        counted = [whole(value) for _, value in rows_of(reader.ask(source.uid, "query", {"query": QUERY}))]
    except DashboardsError as error:
        return DataSource(*about, failure=error.cause or error.what)
    try:
        runtime = reader.ask(source.uid, "status/runtimeinfo", {})
    except DashboardsError:  # a server that is not Prometheus, or a data source that does not pass it on
        runtime = {}
    identity = str(runtime.get("startTime", ""))
    return DataSource(*about, agents=sum(counted), identity=identity)
