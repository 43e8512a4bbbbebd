"""Do the boards in Grafana ask data sources that are there, that answer, and that have metrics of Cilium?"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dashboards_py.board import Board
from dashboards_py.doctor.conditions._condition import finding
from dashboards_py.doctor.grafana import DataSource, Grafana, default_source
from dashboards_py.findings import Finding, Location

PROMETHEUS = "prometheus"
VARIABLE = re.compile(r"\$\{?(\w+)(?::\w+)?\}?|\[\[(\w+)\]\]")  # Grafana's ways to write one
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
        variables = _variables(board.raw)
        for location, reference in _references(uid, board):
            variable = VARIABLE.fullmatch(reference)
            name = reference
            if variable and (value := variables.get(variable[1] or variable[2])) is not None:
                name = value if value in known else (chosen.uid if chosen else "of type prometheus")
            if name not in known and name not in BUILT_IN:
                lost.setdefault(name, []).append(location)
            else:
                used.setdefault(name, []).append(location)
    for name, locations in lost.items():
        names = ", ".join(source.name for source in prometheus) or "none of type prometheus"
        what, why = f"data source {name} does not exist in Grafana", f"Grafana has: {names}"
        if VARIABLE.fullmatch(name):
            why += (
                "; the board has no variable of this name: was it exported for sharing, and deployed without an import?"
            )
        fix = "create it, or choose another in the panels; boards of ours use the variable $datasource"
        yield finding("missing-data-source", what, why, fix, locations)
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
        fix = "choose the one that scrapes Cilium in the board's variable datasource"
        yield finding("another-prometheus", what, why, fix, locations)
    elif identity and source.identity and source.identity != identity:
        what = f"data source {source.name} asks another server than the one that was asked here"
        why = f"that one started {source.identity}, this one {identity}; replicas of a pair differ like that, too"
        yield finding(
            "another-replica", what, why, "examine that one instead: the address is that of the data source", locations
        )


def _variables(raw: Mapping[str, Any]) -> dict[str, str]:
    """The variables of a board with their saved values, "" for one that is no text."""
    templating = raw.get("templating")
    listed = templating.get("list") if isinstance(templating, Mapping) else None
    values: dict[str, str] = {}
    for variable in listed if isinstance(listed, list) else ():
        if isinstance(variable, Mapping):
            current = variable.get("current")
            value = current.get("value") if isinstance(current, Mapping) else None
            values[str(variable.get("name"))] = value if isinstance(value, str) else ""
    return values


def _references(uid: str, board: Board) -> Iterator[tuple[Location, str]]:
    """Each panel with the name or uid of a data source that it or a query of it asks."""
    for panel in board.panels:
        names = {panel.datasource, *(query.datasource for query in panel.queries)} if panel.queries else set()
        yield from ((Location(uid, panel.title), name) for name in sorted(filter(None, names)))
