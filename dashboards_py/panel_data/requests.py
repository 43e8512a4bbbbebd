"""A panel's queries as Grafana asks them: with variables and macros written out, over a range or at a moment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboards_py.board import Panel
from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import Variables, interpolate, range_macros, step_macros
from dashboards_py.panel_data.panel_times import panel_window
from dashboards_py.panel_data.steps import SCRAPE_INTERVAL, Resolution, grid, resolution

# Sources that a panel may name instead of a Prometheus, and what they are.
OTHER_SOURCES = {
    "-- Dashboard --": "the data of another panel",
    "-- Grafana --": "Grafana's own data",
    "grafana": "Grafana's own data",
    "__expr__": "a server-side expression",
}
PROMETHEUS_TYPES = ("", "prometheus", "grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource")


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to Prometheus for a query: from `begin` to `end`, both Unix seconds, every `step` milliseconds.

    An instant query is at `end`; its step is that of a range query in its place. `ref` is the query's letter, and
    `format` "time_series", "table" or "heatmap".
    """

    ref: str
    format: str
    expr: str
    legend: str
    begin: float
    end: float
    step: int
    is_instant: bool


def requests(
    panel: Panel, window: Window, variables: Variables, scrape_interval: float = SCRAPE_INTERVAL
) -> Iterator[Request]:
    """The requests of the panel's queries over `window`; hidden ones, and those of other sources, are left out."""
    shown = panel_window(panel, window, variables)
    variables = {**variables, **range_macros(shown)}
    for query, target in zip(panel.queries, json_fields.mappings(panel.raw, "targets"), strict=False):
        if query.hidden or not query.expr.strip() or not is_prometheus(panel, target):
            continue
        finely = query_resolution(panel, target, shown, variables, scrape_interval)
        values = {**variables, **step_macros(finely)}
        begin, end = grid(shown.begin, shown.end, finely.step / 1000)
        request = Request(
            ref=query.ref,
            format=query.format,
            expr=interpolate(query.expr, values, "promql"),
            legend=interpolate(query.legend, values),
            begin=begin,
            end=end,
            step=finely.step,
            is_instant=False,
        )
        is_both = query.instant and json_fields.flag(target, "range")
        if is_both or not query.instant:
            yield request
        if (
            is_both
        ):  # processTargetV2 in Grafana's data source; the format is that of no query, for none has this letter
            request = replace(request, ref=f"{query.ref}-Instant", format="time_series")
        if query.instant:
            yield replace(request, end=shown.end, is_instant=True)


def query_resolution(
    panel: Panel, target: Mapping[str, Any], window: Window, variables: Variables, scrape_interval: float
) -> Resolution:
    """How finely a query of the panel is asked."""
    points = json_fields.number(panel.raw, "maxDataPoints") or 0
    interval = json_fields.text(target, "interval")
    return resolution(
        window,
        points=points if 0 < points < 2**31 else window.width,
        scrape_interval=scrape_interval,
        panel_interval=interpolate(json_fields.text(panel.raw, "interval"), variables),
        query_interval=interval if "__" in interval else interpolate(interval, variables),
        factor=min(json_fields.integer(target, "intervalFactor", 1), 10_000),
    )


def is_prometheus(panel: Panel, target: Mapping[str, Any]) -> bool:
    """Whether the query is one of a Prometheus, as far as the board says."""
    return not other_source(panel, target)


def other_source(panel: Panel, target: Mapping[str, Any]) -> str:
    """What the query asks where it is no Prometheus, in words; "" where it is one."""
    return source_in_words(target.get("datasource") or panel.raw.get("datasource"))


def source_in_words(own: object) -> str:
    """What a data source is where it is no Prometheus, as far as the board says; "" where it is one."""
    name = own if isinstance(own, str) else json_fields.datasource({"datasource": own}) or ""
    kind = json_fields.text(own, "type") if isinstance(own, Mapping) else ""
    if name in OTHER_SOURCES or kind in OTHER_SOURCES:
        return OTHER_SOURCES.get(name) or OTHER_SOURCES[kind]
    is_one = kind in PROMETHEUS_TYPES or re.fullmatch(r"\$.*", kind) or name == "-- Mixed --"
    return "" if is_one else f"a data source of type {kind[:100]}"
