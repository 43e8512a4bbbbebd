"""Do the boards in Grafana ask data sources that are there, that answer, and that have metrics of Cilium?"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dashboards_py.board import Board
from dashboards_py.doctor.conditions._condition import finding
from dashboards_py.doctor.grafana import DataSource, Grafana, default_source
from dashboards_py.findings import Finding, Location

PROMETHEUS = "prometheus"
BUILT_IN = frozenset({"-- Grafana --", "-- Mixed --", "-- Dashboard --", "grafana", "default", ""})


def source_findings(grafana: Grafana, boards: Mapping[str, Board], identity: str) -> Iterator[Finding]:
    """The data sources that boards (by uid) use: is each there, does it answer, is it the Prometheus that was asked?"""
    if grafana.sources is None:
        return
    known = {name for source in grafana.sources for name in (source.uid, source.name)}
    prometheus = [source for source in grafana.sources if source.type == PROMETHEUS]
    chosen = default_source(prometheus)
    lost: dict[str, list[Location]] = {}
    used: dict[str, list[Location]] = {}
    for uid, board in boards.items():
        selected = _selected(board.raw, known)
        for location, reference in _references(uid, board):
            name = reference if not reference.startswith("$") else (selected or (chosen.uid if chosen else ""))
            if name not in known and name not in BUILT_IN:
                lost.setdefault(name, []).append(location)
            elif reference.startswith("$") and not name:
                lost.setdefault("of type prometheus", []).append(location)
            else:
                used.setdefault(name, []).append(location)
    for name, locations in lost.items():
        names = ", ".join(source.name for source in prometheus) or "none of type prometheus"
        what = f"data source {name} does not exist in Grafana"
        fix = "create it, or choose another in the panels; boards of ours use the variable $datasource"
        yield finding("missing-data-source", what, f"Grafana has: {names}", fix, locations)
    for source in prometheus:
        locations = [*used.get(source.uid, ()), *used.get(source.name, ())]
        if locations:
            yield from _answers(source, locations, identity)


def _answers(source: DataSource, locations: Collection[Location], identity: str) -> Iterator[Finding]:
    if source.failure:
        what = f"data source {source.name} does not answer"
        fix = "test it in Grafana: Connections > Data sources"
        yield finding("failing-data-source", what, source.failure, fix, locations)
    elif source.agents == 0:
        what = f"data source {source.name} has no metrics of Cilium"
        why = "through Grafana, count(cilium_version) has no result"
        if identity and source.identity and source.identity != identity:
            why += "; it is another server than the one that was asked here"
        yield finding("another-prometheus", what, why, "choose the Prometheus that scrapes Cilium", locations)
    elif identity and source.identity and source.identity != identity:
        what = f"data source {source.name} asks another server than the one that was asked here"
        why = f"that one started {source.identity}, this one {identity}; replicas of a pair differ like that, too"
        yield finding(
            "another-replica", what, why, "examine that one instead: the address is that of the data source", locations
        )


def _selected(raw: Mapping[str, Any], known: Collection[str]) -> str:
    """The saved choice of the variable `datasource`, if there is such a data source."""
    templating = raw.get("templating")
    listed = templating.get("list") if isinstance(templating, Mapping) else None
    for variable in listed if isinstance(listed, list) else ():
        if isinstance(variable, Mapping) and variable.get("type") == "datasource":
            current = variable.get("current")
            value = current.get("value") if isinstance(current, Mapping) else None
            if isinstance(value, str) and value in known:
                return value
    return ""


def _references(uid: str, board: Board) -> Iterator[tuple[Location, str]]:
    """Each panel with the name or uid of a data source that it or a query of it asks."""
    for panel in board.panels:
        names = {panel.datasource, *(query.datasource for query in panel.queries)} if panel.queries else set()
        yield from ((Location(uid, panel.title), name) for name in sorted(filter(None, names)))
