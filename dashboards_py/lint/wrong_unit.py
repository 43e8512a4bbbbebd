"""wrong-unit: the panel's unit does not fit its query, such as milliseconds for seconds, or percent for a ratio.

A comparison with `bool` returns 0 or 1, whatever it compares. Nothing is reported if metrics and operators do not
determine the unit.
"""

import math
from collections.abc import Iterator

from dashboards_py.board import Board, Panel, Query, fields
from dashboards_py.catalog import Release
from dashboards_py.findings import Severity
from dashboards_py.lint._measure import PLAIN, TIMESTAMP, Measure, measure
from dashboards_py.lint._selectors import panel_queries
from dashboards_py.lint._units import measures

SEVERITY = Severity.WARNING
BOARDS_ONLY = True


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Queries whose unit is known and differs from the one shown."""
    for panel, query in panel_queries(board):
        unit = _unit_of(panel, query)
        panel_measures = measures(unit)
        query_measure = measure(query.expr) if panel_measures else None
        if (
            panel_measures
            and query_measure
            and not any(_matches(query_measure, panel_measure) for panel_measure in panel_measures)
        ):
            yield (
                panel,
                f"unit {unit}, but the query returns {_describe(query_measure)}: {' '.join(query.expr.split())[:100]}",
            )


def _unit_of(panel: Panel, query: Query) -> str:
    """The unit shown for the query, the panel's or its own; "" if it depends on field names or on Grafana."""
    overrides = fields.mappings(fields.mapping(panel.raw, "fieldConfig"), "overrides")
    own_units = {
        (fields.text(matcher, "id"), fields.text(matcher, "options")): fields.text(field_property, "value")
        for override in overrides
        for matcher in [fields.mapping(override, "matcher")]
        for field_property in fields.mappings(override, "properties")
        if field_property.get("id") == "unit"
    }
    axes = any(override.get("yaxis") == 2 for override in fields.mappings(panel.raw, "seriesOverrides"))
    counted = panel.raw.get("transformations") or panel.type in ("heatmap", "text")
    if axes or counted or any(matcher != "byFrameRefID" for matcher, _ in own_units):
        return ""
    return own_units.get(("byFrameRefID", query.ref), panel.unit)


def _matches(actual: Measure, expected: Measure) -> bool:
    same_kind = (actual.base, actual.per_second) == (expected.base, expected.per_second)
    return same_kind and math.isclose(actual.factor, expected.factor, rel_tol=1e-6)


def _describe(actual: Measure) -> str:
    base = {PLAIN: "plain numbers", TIMESTAMP: "Unix seconds"}.get(actual.base, actual.base)
    times = "" if math.isclose(actual.factor, 1) else f"{actual.factor:.4g} x "
    return f"{times}{base}{' per second' if actual.per_second else ''}"
