"""What all kinds of panel share: targets, thresholds, links, no data, and sizes as wishes.

Every kind takes a title, a description (what it shows, and what to do when it is bad), its queries, and the few
things that differ: unit, thresholds (`limits`), what no data means (`no_value`), and where to look next (`links`).
Sizes are in Grafana's 24 columns; the compiler places panels and fills its lines. Whatever else is given (`beside`)
stands next to the panel for other tools and never reaches Grafana.
"""

from collections.abc import Sequence
from typing import Any

from grafanalib.core import Target

from dashboards_py.style.limits import Steps
from dashboards_py.style.links import To
from dashboards_py.style.query import Query
from dashboards_py.style.variables import SOURCE

Json = dict[str, Any]
LAST = {"calcs": ["lastNotNull"]}
BY_LIMIT = {"mode": "thresholds"}


def ref(place: int) -> str:
    """The id of a panel's query by its place: A, B, C ..."""
    return chr(ord("A") + place)


def targets(queries: Sequence[Query], **kind: Any) -> list[Target]:
    """grafanalib's targets with ids in the order written."""
    return [
        Target(expr=query.expr, legendFormat=query.legend, refId=ref(place), **kind)
        for place, query in enumerate(queries)
    ]


def by_query(queries: Sequence[Query]) -> list[Json]:
    """Overrides for queries drawn in another unit or on the right axis."""
    overrides = []
    for place, query in enumerate(queries):
        properties = [{"id": "unit", "value": query.unit}] if query.unit else []
        properties += [{"id": "custom.axisPlacement", "value": "right"}] if query.right else []
        if properties:
            matcher = {"id": "byFrameRefID", "options": ref(place)}
            overrides.append({"matcher": matcher, "properties": properties})
    return overrides


def given(
    title: str,
    description: str,
    *,
    unit: str,
    limits: Steps | None,
    no_value: str,
    links: Sequence[To],
    size: tuple[int, int],
    beside: Json,
    defaults: Json,
    overrides: list[Json],
    options: Json,
) -> Json:
    """grafanalib's arguments of a panel; what grafanalib lacks is laid over its JSON (`extraJson`)."""
    found: Json = {"unit": unit}
    found |= {"thresholds": {"steps": limits}} if limits else {}
    found |= {"noValue": no_value} if no_value else {}
    found |= {"links": [{"to": to.uid, "title": to.title, "carry": dict(to.carry)} for to in links]} if links else {}
    return {
        "title": title,
        "description": description,
        "dataSource": SOURCE,
        "extraJson": {
            "fieldConfig": {"defaults": found | defaults, "overrides": overrides},
            "options": options,
            "beside": {"w": size[0], "h": size[1], **beside},
        },
    }
