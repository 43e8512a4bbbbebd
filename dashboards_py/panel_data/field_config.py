"""A panel's field configuration: defaults, then each override whose matcher fits, in order.

Sources: applyFieldOverrides in packages/grafana-data/src/field/fieldOverrides.ts; the standard options in
public/app/core/components/OptionsUI/registry.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboards_py.board import Step
from dashboards_py.board import fields as json_fields
from dashboards_py.panel_data.conversions import doubles, leading_number, text
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Frame
from dashboards_py.panel_data.interpolate import Variables, VariableValue, interpolate
from dashboards_py.panel_data.matchers import Matcher, field_matcher
from dashboards_py.panel_data.names import Names, labels_text

Json = Mapping[str, Any]
# Standard options of a field; as defaults some of them are for numbers only.
FOR_NUMBERS = {"min", "max", "fieldMinMax", "decimals"}
STANDARD = {"unit", "displayName", "noValue", "color", "thresholds", "mappings", "links", *FOR_NUMBERS}
# What a panel has whose JSON does not say otherwise: thresholds, and the colors of its type, in module.tsx of each.
THRESHOLDS: Json = {"mode": "absolute", "steps": [{"value": None, "color": "green"}, {"value": 80, "color": "red"}]}
_CLASSIC: Json = {"mode": "palette-classic"}
COLORS: Mapping[str, Json] = {
    "state-timeline": {"mode": "continuous-GrYlRd"},
    **dict.fromkeys(("timeseries", "barchart", "histogram", "piechart", "trend", "xychart", "graph"), _CLASSIC),
}
# Options that change nothing that is drawn.
WITHOUT_EFFECT = {"actions", "filterable", "description", "path", "displayNameFromDS", "writeable"}


@dataclass(frozen=True, slots=True)
class _Override:
    matches: Matcher
    properties: tuple[tuple[str, Any], ...]


def configured(frames: Sequence[Frame], panel: Json, variables: Variables) -> tuple[tuple[Frame, ...], tuple[str, ...]]:
    """The frames with the options of the panel's fieldConfig, and a sentence for each override that is not applied."""
    config = doubles(json_fields.mapping(panel, "fieldConfig"))
    defaults: Json = {
        "thresholds": THRESHOLDS,
        "color": COLORS.get(json_fields.text(panel, "type")),
        **{name: value for name, value in json_fields.mapping(config, "defaults").items() if value is not None},
    }
    problems: list[str] = []
    overrides = tuple(_overrides(config, problems))
    names = Names(frames)
    # Of thousands of series without overrides the options are computed once for all that begin with the same.
    same: _Same | None = None if overrides or "displayName" in defaults else {}
    return (
        tuple(_frame(frame, names, defaults, overrides, variables, same) for frame in frames),
        tuple(dict.fromkeys(problems)),
    )


def default_config(panel: Json) -> FieldConfig:
    """The options of the panel's fields without overrides: those of what it shows where it has no field."""
    without = {**panel, "fieldConfig": {**json_fields.mapping(panel, "fieldConfig"), "overrides": []}}
    frame = Frame(fields=(Field(name="", type=FieldType.NUMBER, values=()),))
    (configured_frame,), _ = configured((frame,), without, {})
    return configured_frame.fields[0].config


def _overrides(config: Json, problems: list[str]) -> Iterator[_Override]:
    for override in json_fields.mappings(config, "overrides"):
        matcher = json_fields.mapping(override, "matcher")
        matches = field_matcher(json_fields.text(matcher, "id"), matcher.get("options"))
        if matches is None:
            problems.append(f"an override is not applied: {_unusable(matcher)}")
            continue
        properties = []
        for item in json_fields.mappings(override, "properties"):
            name = json_fields.text(item, "id")
            if name in STANDARD or name.startswith("custom."):
                properties.append((name, item.get("value")))
            elif name not in WITHOUT_EFFECT:
                problems.append(f"an override's property {name!r} is unknown")
        yield _Override(matches, tuple(properties))


def _unusable(matcher: Json) -> str:
    """Why there is no such matcher."""
    name, options = json_fields.text(matcher, "id"), matcher.get("options")
    if name == "byRegexp" and isinstance(options, str):
        return f"{options[:200]!r} is not a valid regular expression"
    return f"its matcher {name[:100]!r} is unknown"


# Configurations by type of the field, and by the name, unit and decimals that it has before.
_Same = dict[tuple[FieldType, str, str, int | None], FieldConfig]


def _frame(
    frame: Frame,
    names: Names,
    defaults: Json,
    overrides: Sequence[_Override],
    variables: Variables,
    same: _Same | None,
) -> Frame:
    fields = []
    for field in frame.fields:
        before = field.config
        key = field.type, before.display_name, before.unit, before.decimals
        if same is not None and key in same:
            own = replace(same[key], name_from_source=before.name_from_source, interval=before.interval)
            fields.append(replace(field, config=own))
            continue
        fields.append(_field(field, frame, names, defaults, overrides, variables))
        if same is not None:
            same[key] = fields[-1].config
    return replace(frame, fields=tuple(fields))


def _field(
    field: Field, frame: Frame, names: Names, defaults: Json, overrides: Sequence[_Override], variables: Variables
) -> Field:
    def values() -> Variables:
        return {**variables, **_of_field(field, frame, names)}

    options: dict[str, Any] = {
        name: value
        for name, value in defaults.items()
        if name in STANDARD and value is not None and _is_for(name, field)
    }
    own = {"displayName": field.config.display_name, "unit": field.config.unit, "decimals": field.config.decimals}
    options |= {name: value for name, value in own.items() if value not in ("", None)}
    custom = dict(json_fields.mapping(defaults, "custom"))
    least, most = json_fields.number(options, "min"), json_fields.number(options, "max")
    if least is not None and most is not None and least > most:
        options |= {"min": most, "max": least}
    current = _with(field, options, custom, values)
    for override in overrides:
        if not override.matches(current, frame, names):
            continue
        for name, value in override.properties:
            target, key = (custom, name.removeprefix("custom.")) if name.startswith("custom.") else (options, name)
            _set(target, key, value)
        current = _with(field, options, custom, values)
    return current


def _is_for(option: str, field: Field) -> bool:
    """Whether a default option is for fields of this type."""
    if option == "mappings":
        return field.type is not FieldType.TIME
    return option not in FOR_NUMBERS or field.type is FieldType.NUMBER


def _set(options: dict[str, Any], path: str, value: Any) -> None:
    """Set an option, `hideFrom.viz` in an object; null removes it; a list goes before the list that is there."""
    *parents, key = path.split(".")
    for name in parents:
        options[name] = dict(json_fields.mapping(options, name))  # what the defaults share is not changed
        options = options[name]
    if value is None:
        options.pop(key, None)
        return
    before = options.get(key)
    options[key] = [*value, *before] if isinstance(value, list) and isinstance(before, list) else value


def _with(field: Field, options: Json, custom: Json, variables: Callable[[], Variables]) -> Field:
    """The field with the options as its configuration; `variables` are those of a display name, which few have."""
    color, thresholds = json_fields.mapping(options, "color"), json_fields.mapping(options, "thresholds")
    decimals = _number(options.get("decimals"))
    mode = json_fields.text(color, "mode") or ("thresholds" if thresholds and not color else "")
    display_name = options.get("displayName")
    config = FieldConfig(
        unit=json_fields.text(options, "unit"),
        decimals=None if decimals is None else int(min(max(decimals, 0), 100)),
        minimum=_number(options.get("min")),
        maximum=_number(options.get("max")),
        has_links=bool(options.get("links")),
        no_value=text(options["noValue"]) if options.get("noValue") is not None else "",
        display_name="" if display_name is None else interpolate(text(display_name), variables()),
        name_from_source=field.config.name_from_source,
        steps=tuple(
            Step(json_fields.number(step, "value") if index else None, json_fields.text(step, "color"))
            for index, step in enumerate(json_fields.mappings(thresholds, "steps"))
        ),
        percentage_steps=json_fields.text(thresholds, "mode") == "percentage",
        color_mode=mode,
        fixed_color=json_fields.text(color, "fixedColor"),
        color_by=json_fields.text(color, "seriesBy") or "last",
        mappings=tuple(dict(mapping) for mapping in json_fields.mappings(options, "mappings")),
        custom=dict(custom),
        own_range=json_fields.flag(options, "fieldMinMax"),
        interval=field.config.interval,
    )
    return replace(field, config=config)


def _number(value: object) -> float | None:
    """A number, or the one that a text begins with; None for any other, and for NaN."""
    if value is None or isinstance(value, list | dict):
        return None
    try:
        number = leading_number(value)
    except OverflowError:  # larger than a float can be
        return None
    return number if number == number else None


def _of_field(field: Field, frame: Frame, names: Names) -> dict[str, VariableValue]:
    """What a display name may say of its field: `${__field.labels.x}`, `${__field.name}`, `${__series.name}`."""
    labels = {f"__field.labels.{label}": value for label, value in field.labels.items()}
    texts = {
        "__field.name": field.name,
        "__field.labels": labels_text(field.labels)[1:-1],
        "__field.displayName": names.of(field, frame),
        "__series.name": frame.name or names.of(field, frame),
        **labels,
    }
    return {name: VariableValue((value,), value, as_is=True) for name, value in texts.items()}
