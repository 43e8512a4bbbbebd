"""wrong-unit: the panel's unit is not what its query gives: seconds shown as milliseconds, a share of 1 as percent.

A comparison with `bool` gives 0 or 1, whatever it compares. Where metrics and operators do not tell what the numbers
are, nothing is said.
"""

import math
from collections.abc import Iterator

from dashboards_py.board import Board, Panel, Query, take
from dashboards_py.catalog import Release
from dashboards_py.lint._asked import queries
from dashboards_py.lint._measure import MOMENT, PLAIN, Measure, measure
from dashboards_py.lint._units import measures


def check(board: Board, _: Release) -> Iterator[tuple[Panel, str]]:
    """Queries that surely give another unit than the one that is shown."""
    for panel, query in queries(board):
        unit = _shown(panel, query)
        wanted = measures(unit)
        found = measure(query.expr) if wanted else None
        if wanted and found and not any(_same(found, each) for each in wanted):
            yield panel, f"unit {unit}, but the query gives {_said(found)}: {' '.join(query.expr.split())[:100]}"


def _shown(panel: Panel, query: Query) -> str:
    """The unit of the query's numbers: the panel's or its own; "" where names tell them apart or Grafana counts."""
    given = take.mappings(take.mapping(panel.raw, "fieldConfig"), "overrides")
    own = {
        (take.text(matcher, "id"), take.text(matcher, "options")): take.text(each, "value")
        for override in given
        for matcher in [take.mapping(override, "matcher")]
        for each in take.mappings(override, "properties")
        if each.get("id") == "unit"
    }
    axes = any(override.get("yaxis") == 2 for override in take.mappings(panel.raw, "seriesOverrides"))
    counted = panel.raw.get("transformations") or panel.type in ("heatmap", "text")
    if axes or counted or any(matcher != "byFrameRefID" for matcher, _ in own):
        return ""
    return own.get(("byFrameRefID", query.ref), panel.unit)


def _same(found: Measure, wanted: Measure) -> bool:
    alike = (found.base, found.per_second) == (wanted.base, wanted.per_second)
    return alike and math.isclose(found.factor, wanted.factor, rel_tol=1e-6)


def _said(found: Measure) -> str:
    base = {PLAIN: "plain numbers", MOMENT: "Unix seconds"}.get(found.base, found.base)
    times = "" if math.isclose(found.factor, 1) else f"{found.factor:.4g} x "
    return f"{times}{base}{' a second' if found.per_second else ''}"
