"""The parts of a panel's JSON that depend on the kind of panel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboards_py.model import LineStyle, Query, Threshold, UrlLink, ref_id
from dashboards_py.shapes import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Grafana's panel `type`, its options and field configuration, and how its queries are run.

    `instant`: queries are evaluated only at the end of the time range. `format` is the data source's result format.
    """

    type: str
    options: Json
    defaults: Json = field(default_factory=dict)
    overrides: list[Json] = field(default_factory=list)
    transformations: list[Json] = field(default_factory=list)
    max_data_points: int | None = None
    instant: bool = False
    format: str = "time_series"


PLAIN: Json = {"mode": "fixed", "fixedColor": "text"}  # the colour of text, which judges nothing
# Grafana's own yellows are too pale for numbers on white: their contrast is 2.5 at most.
COLORS: Mapping[str, str] = {"yellow": "#b88f00"}
DASHES: Mapping[LineStyle, list[int]] = {"solid": [], "dash": [6, 4], "dot": [0, 6], "long dash": [16, 4]}  # px
LEAST = -1e300  # less than any measured value


def by_query(
    queries: Sequence[Query], hues: Sequence[str] = (), styles: Sequence[LineStyle] = (), default_hue: str = ""
) -> list[Json]:
    """Overrides for queries drawn in another unit, hue or style than by default, or judged by other thresholds."""
    overrides = []
    for index, query in enumerate(queries):
        properties: list[Json] = [{"id": "unit", "value": query.unit}] if query.unit else []
        properties += [{"id": "decimals", "value": query.decimals}] if query.decimals is not None else []
        if hues and hues[index] != default_hue:
            is_one = "{{" not in query.legend and hues.count(hues[index]) == 1
            properties += [{"id": "color", "value": fixed(hues[index]) if is_one else shades(hues[index])}]
        properties += [line_style(styles[index])] if styles and styles[index] != "solid" else []
        properties += [{"id": "color", "value": PLAIN}] if query.secondary else []
        if query.thresholds:
            own = {"steps": steps(query.thresholds, gray_without_data=True)}
            properties.append({"id": "thresholds", "value": own})
        if properties:
            overrides.append(override("byFrameRefID", ref_id(index), *properties))
    return overrides


def fixed(color: str) -> Json:
    """The colour option of one series."""
    return {"mode": "fixed", "fixedColor": color}


def shades(hue: str) -> Json:
    """The colour option of series that differ by the shade of a hue only."""
    return {"mode": "shades", "fixedColor": hue}


def line_style(style: LineStyle) -> Json:
    """The property of lines that are dashed or dotted."""
    return {"id": "custom.lineStyle", "value": {"fill": style.removeprefix("long "), "dash": DASHES[style]}}


def by_name(colors: Mapping[str, str]) -> list[Json]:
    """Overrides for the colours of series by regular expressions of their names."""
    return [override("byRegexp", names, {"id": "color", "value": fixed(color)}) for names, color in colors.items()]


def hues_by_name(hues: Mapping[str, str]) -> list[Json]:
    """Overrides for the hues of series by regular expressions of their names."""
    return [override("byRegexp", names, {"id": "color", "value": shades(hue)}) for names, hue in hues.items()]


def override(matcher: str, options: str, *properties: Json) -> Json:
    """An override for the fields that Grafana's matcher selects."""
    return {"matcher": {"id": matcher, "options": options}, "properties": list(properties)}


def steps(thresholds: Sequence[Threshold], *, gray_without_data: bool) -> list[Json]:
    """Thresholds as JSON. Grafana's types require `value` for the lowest threshold as well, as null.

    The lowest colour is also that of a panel without data and of a cell without a value (`scaleFunc(-Infinity)` in
    getDisplayProcessor, @grafana/data): gray, since nothing was measured. All measured values are from 0 upwards.
    """
    as_json: list[Json] = [{"color": COLORS.get(step.color, step.color), "value": step.value} for step in thresholds]
    if gray_without_data:
        as_json[0]["value"] = as_json[0]["value"] or 0
        as_json.insert(0, {"color": "gray", "value": None})
    return as_json


def unjudged(color: str) -> Json:
    """Options for values of one colour. A fixed colour would be that of the text for no data too: see `steps`."""
    gray: list[Json] = [{"color": "gray", "value": None}, {"color": color, "value": LEAST}]
    return {"color": {"mode": "thresholds"}, "thresholds": {"steps": gray}}


def links(urls: Sequence[UrlLink]) -> list[Json]:
    """Links as JSON."""
    return [{"title": link.title, "url": link.url, **({"targetBlank": True} if link.new_tab else {})} for link in urls]
