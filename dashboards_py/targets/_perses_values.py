"""What panels of classic boards have in common, as Perses writes it: links, colors, units and value mappings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dashboards_py.board.perses import UNITS

Json = Mapping[str, Any]
# Grafana's named colors in its dark theme (packages/grafana-data/src/themes/createVisualizationColors.ts).
HUES: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "red": ("#C4162A", "#E02F44", "#F2495C", "#FF7383", "#FFA6B0"),
    "orange": ("#FA6400", "#FF780A", "#FF9830", "#FFB357", "#FFCB7D"),
    "yellow": ("#E0B400", "#F2CC0C", "#FADE2A", "#FFEE52", "#FFF899"),
    "green": ("#37872D", "#56A64B", "#73BF69", "#96D98D", "#C8F2C2"),
    "blue": ("#1F60C4", "#3274D9", "#5794F2", "#8AB8FF", "#C0D8FF"),
    "purple": ("#8F3BB8", "#A352CC", "#B877D9", "#CA95E5", "#DEB6F2"),
}
SHADES: Final = ("dark-", "semi-dark-", "", "light-", "super-light-")
COLORS: Final = {
    **{f"{shade}{hue}": color for hue, colors in HUES.items() for shade, color in zip(SHADES, colors, strict=True)},
    "text": "#CCCCDC",
    "gray": "#808080",
}


def perses_url(url: str) -> str:
    """A link to a board of Grafana as one to the dashboard of the same name in the same project.

    Variables are written as Perses reads them from a URL; what only Grafana fills in is left out.
    """
    path, _, query = url.partition("?")
    if not path.startswith("/d/"):
        return url
    parts = []
    for part in query.split("&"):
        if variable := re.fullmatch(r"\$\{(\w+):queryparam\}", part):
            parts.append(f"var-{variable[1]}=${{{variable[1]}:percentencode}}")
        elif "${__" not in part or "${__data.fields." in part:
            parts.append(re.sub(r"\$\{__data\.fields\.(\w+)\}", r'${__data.fields["\1"]}', part))
    address = "/projects/$__project/dashboards/" + path.removeprefix("/d/").partition("/")[0]
    return f"{address}?{'&'.join(filter(None, parts))}" if any(parts) else address


def color(name: Any) -> str | None:
    """The color as Perses writes it, #rrggbb; None for one that it does not know."""
    known = COLORS.get(str(name), str(name))
    return known if re.fullmatch("#(?:[0-9a-fA-F]{3}){1,2}", known) else None


def defaults_of(panel: Json) -> Json:
    return (panel.get("fieldConfig") or {}).get("defaults") or {}


def overridden(panel: Json) -> Iterator[tuple[str, Any, str, Any]]:
    """Each property of an override: the matcher's id and options, the property's id and value."""
    for override in (panel.get("fieldConfig") or {}).get("overrides") or ():
        matcher = override.get("matcher") or {}
        for item in override.get("properties") or ():
            yield matcher.get("id", ""), matcher.get("options"), item.get("id", ""), item.get("value")


def format_of(unit: Any, decimals: Any = None) -> dict[str, Any]:
    """A unit as a format: one that Perses does not have is a number."""
    perses = UNITS.get(str(unit)) or ("packets/sec" if unit == "count:pkt/s" else "decimal")
    format_: dict[str, Any] = {"unit": perses}
    if decimals is not None:
        format_["decimalPlaces"] = decimals
    elif perses not in ("percent", "percent-decimal") and unit != "none":
        format_ |= {"shortValues": True} if perses in ("decimal", "bytes", "decbytes") or "/sec" in perses else {}
    return format_


def panel_format(panel: Json) -> dict[str, Any]:
    defaults = defaults_of(panel)
    return format_of(defaults.get("unit"), defaults.get("decimals"))


def threshold_steps(panel: Json) -> Sequence[Json]:
    return (defaults_of(panel).get("thresholds") or {}).get("steps") or ()


def value_mappings(mappings: Sequence[Json]) -> list[Json]:
    """Value mappings, one for each value or range."""
    listed = list[Json]()
    for item in mappings:
        options, type_ = item.get("options") or {}, item.get("type")
        if type_ == "value":
            values = options.items()
            listed += [{"kind": "Value", "spec": {"value": key, "result": _result(own)}} for key, own in values]
        elif type_ == "range":
            ends = {key: options[key] for key in ("from", "to") if options.get(key) is not None}
            listed.append({"kind": "Range", "spec": {**ends, "result": _result(options.get("result") or {})}})
        elif type_ == "regex":
            pattern = {"pattern": options.get("pattern", "")}
            listed.append({"kind": "Regex", "spec": {**pattern, "result": _result(options.get("result") or {})}})
        elif type_ == "special":
            value = {"nan": "NaN", "null+nan": "null"}.get(options.get("match", ""), options.get("match"))
            listed.append({"kind": "Misc", "spec": {"value": value, "result": _result(options.get("result") or {})}})
    return listed


def _result(own: Json) -> Json:
    shade = color(own.get("color")) if own.get("color") else None
    return {"value": own.get("text", ""), **({"color": shade} if shade else {})}
