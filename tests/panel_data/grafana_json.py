"""Grafana's JSON of frames as ours, and our values as Grafana's JSON: inputs and results of recorded/."""

import math
from typing import Any

from dashboards_py.board import Step
from dashboards_py.panel_data.frame import Display, Field, FieldConfig, FieldType, Frame, Value
from dashboards_py.panel_data.limits import numbered

NOT_IN_JSON = ("NaN", "Infinity", "-Infinity")


def decoded(value: Any) -> Value:
    """A value of a question; whole numbers too are floats."""
    if value in NOT_IN_JSON or (isinstance(value, int) and not isinstance(value, bool)):
        return float(value)
    known: Value = value
    return known


def encoded(number: float | None) -> float | str | None:
    """A number as an answer has it."""
    if number is None or math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def config_of(config: dict[str, Any]) -> FieldConfig:
    """A field's options."""
    thresholds, color = config.get("thresholds", {}), config.get("color", {})
    least, most = config.get("min"), config.get("max")
    if least is not None and most is not None and least > most:
        least, most = most, least
    return FieldConfig(
        unit=config.get("unit", ""),
        decimals=config.get("decimals"),
        minimum=least,
        maximum=most,
        no_value=config.get("noValue", ""),
        display_name=config.get("displayName", ""),
        name_from_source=config.get("displayNameFromDS", ""),
        steps=tuple(Step(step["value"], step["color"]) for step in thresholds.get("steps", ())),
        percentage_steps=thresholds.get("mode") == "percentage",
        color_mode=color.get("mode", ""),
        fixed_color=color.get("fixedColor", ""),
        color_by=color.get("seriesBy", "last"),
        mappings=tuple(config.get("mappings", ())),
        custom=config.get("custom", {}),
        own_range=config.get("fieldMinMax", False),
        interval=config.get("interval", 0),
    )


def frames_of(question: dict[str, Any]) -> tuple[Frame, ...]:
    """The frames of a question, as a panel gets them."""
    return numbered(
        [
            Frame(
                name=frame.get("name", ""),
                ref=frame.get("refId", ""),
                fields=tuple(
                    Field(
                        name=field["name"],
                        type=FieldType(field["type"]),
                        values=tuple(map(decoded, field["values"])),
                        labels=field.get("labels", {}),
                        config=config_of(field.get("config", {})),
                    )
                    for field in frame["fields"]
                ),
            )
            for frame in question["frames"]
        ]
    )


def shown(display: Display) -> list[object]:
    """A display as an answer has it."""
    number, percent = encoded(display.number), encoded(display.percent)
    return [display.prefix, display.text, display.suffix, number, display.color, percent]


def config_json(config: FieldConfig) -> dict[str, Any]:
    """A field's options as Grafana has them."""
    mode = "percentage" if config.percentage_steps else "absolute"
    steps = [{"value": step.value, "color": step.color} for step in config.steps]
    options = {
        "unit": config.unit,
        "decimals": config.decimals,
        "min": config.minimum,
        "max": config.maximum,
        "noValue": config.no_value,
        "displayName": config.display_name,
        "displayNameFromDS": config.name_from_source,
        "thresholds": {"mode": mode, "steps": steps} if steps else None,
        "color": {"mode": config.color_mode, "fixedColor": config.fixed_color or None, "seriesBy": config.color_by},
        "mappings": list(config.mappings),
        "custom": dict(config.custom),
        "fieldMinMax": config.own_range,
    }
    kept = {name: value for name, value in options.items() if value not in (None, "", [], {})}
    return kept if config.color_mode else {name: value for name, value in kept.items() if name != "color"}


def frame_json(frame: Frame) -> dict[str, Any]:
    """A frame as Grafana has it."""
    fields = [
        {
            "name": field.name,
            "type": field.type.value,
            "values": [encoded(value) if isinstance(value, float) else value for value in field.values],
            "config": config_json(field.config),
            **({"labels": dict(field.labels)} if field.labels else {}),
        }
        for field in frame.fields
    ]
    return {"refId": frame.ref, "fields": fields, **({"name": frame.name} if frame.name else {})}
