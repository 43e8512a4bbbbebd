"""What a board's variables hold when it opens: chosen values first, then what the board was saved with, then defaults.

Sources: MultiValueVariable and its kinds in @grafana/scenes; metric_find_query.ts in Grafana's Prometheus data source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards_py.board import Board, Variable
from dashboards_py.board import fields as json_fields
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data import options
from dashboards_py.panel_data.frame import Window
from dashboards_py.panel_data.interpolate import Variables, VariableValue, interpolate, range_macros
from dashboards_py.panel_data.options import ALL, Option
from dashboards_py.panel_data.source import Source
from dashboards_py.panel_data.steps import interval_text, milliseconds, rounded

Chosen = Mapping[str, Sequence[str]]
_AUTO = "$__auto"  # an interval variable's choice "auto"; boards write $__auto_interval_<name> too


@dataclass(frozen=True, slots=True)
class OpenedVariables:
    """The values of a board's variables, and in `problems` a sentence for each that could not be read."""

    values: Variables
    problems: tuple[str, ...] = ()


def opening_values(board: Board, window: Window, source: Source, chosen: Chosen | None = None) -> OpenedVariables:
    """What the variables of a board hold when it opens, `chosen` values (of any that there is) before all else.

    A query variable asks the source for its values where it needs them: to take the first, or for All.
    """
    opening = _Opening(board, window, source, chosen or {})
    for name in opening.variables:
        opening.value(name)
    return OpenedVariables(opening.values, tuple(opening.problems))


@dataclass(slots=True)
class _Opening:
    """The variables of a board while they are opened: one may be used in the query of another, before or after it."""

    board: Board
    window: Window
    source: Source
    chosen: Chosen
    variables: dict[str, tuple[Variable, Mapping[str, Any]]] = field(default_factory=dict)
    values: dict[str, VariableValue] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        raw = json_fields.mappings(json_fields.mapping(self.board.raw, "templating"), "list")
        self.variables = {
            variable.name: (variable, json)
            for variable, json in zip(self.board.variables, raw, strict=False)
            if variable.name
        }
        self.values.update(range_macros(self.window))

    def value(self, name: str) -> None:
        """Open one variable, after those that its query names."""
        if name in self.opened:
            return
        self.opened.add(name)
        variable, raw = self.variables[name]
        for other in self.variables:
            if other != name and other in f"{variable.query} {variable.all_value} {variable.regex}":
                self.value(other)
        self.values[name] = self._value(variable, raw)

    def _value(self, variable: Variable, raw: Mapping[str, Any]) -> VariableValue:
        if variable.type == "adhoc" and any(json_fields.mappings(raw, "filters")):
            self.problems.append(f"the filters of variable {variable.name} are not applied")
        wanted = tuple(self.chosen.get(variable.name, ()))
        saved = _texts(json_fields.mapping(raw, "current").get("value"))
        if variable.type == "groupby" and any(saved):
            self.problems.append(f"the grouping of variable {variable.name} is not applied")
        if variable.type not in options.WITH_OPTIONS:
            values = wanted or _without_options(variable, saved)
            return VariableValue(values, " + ".join(values), is_multi=variable.multi or variable.include_all)
        if variable.type == "interval":
            return self._interval(variable, raw, wanted or saved)
        return self._choice(variable, raw, wanted, saved)

    def _choice(
        self, variable: Variable, raw: Mapping[str, Any], wanted: tuple[str, ...], saved: tuple[str, ...]
    ) -> VariableValue:
        """A choice of one or of several: what is chosen, else what was saved and still is an option, else a default."""
        is_multi = variable.multi or variable.include_all
        chosen = wanted or saved
        is_all = _is_all(chosen) if chosen else variable.include_all
        if is_all and variable.include_all and variable.all_value:
            text = interpolate(variable.all_value, self.values)
            return VariableValue((text,), "All", is_multi=is_multi, as_is=True)
        if wanted and not is_all:
            return VariableValue(wanted, " + ".join(wanted), is_multi=is_multi)
        choices = self._options(variable, raw)
        if is_all and variable.include_all:
            return VariableValue(tuple(option.value for option in choices), "All", is_multi=is_multi)
        kept = [option for option in choices if option.value in saved]
        if not kept and variable.include_all:
            return self._choice(variable, raw, (ALL,), ())
        kept = kept or list(choices[:1])
        values = tuple(option.value for option in kept) or (() if variable.multi else ("",))
        return VariableValue(values, " + ".join(option.text for option in kept), is_multi=is_multi)

    def _options(self, variable: Variable, raw: Mapping[str, Any]) -> tuple[Option, ...]:
        if variable.type == "custom":
            return options.custom(interpolate(variable.query, self.values))
        query = interpolate(variable.query, self.values, "promql")
        try:
            choices = options.queried(query, variable, self.source, self.window)
        except DashboardsError as error:
            self.problems.append(f"variable {variable.name} has no values: {error.cause or error.what}")
            return ()
        regex = interpolate(variable.regex, self.values, "regex")
        return options.in_order(options.filtered(choices, regex), json_fields.integer(raw, "sort"))

    def _interval(self, variable: Variable, raw: Mapping[str, Any], chosen: tuple[str, ...]) -> VariableValue:
        steps = [option.value for option in options.custom(variable.query)]
        value = chosen[0] if chosen else (steps[0] if steps else "")
        if value == "auto" or value.startswith(_AUTO):
            count, least = json_fields.integer(raw, "auto_count") or 30, json_fields.text(raw, "auto_min") or "10s"
            wanted = rounded(max(self.window.end - self.window.begin, 0) * 1000 / max(count, 1))
            return VariableValue((interval_text(max(wanted, milliseconds(least))),), "auto")
        return VariableValue((value,), value)


def _without_options(variable: Variable, saved: tuple[str, ...]) -> tuple[str, ...]:
    """The value of a text box, a constant, a data source; that of a switch or a filter as it was saved."""
    if variable.type == "constant":
        return (variable.query,)
    return saved or ((variable.query,) if variable.type in ("textbox", "datasource") else ())


def _texts(value: object) -> tuple[str, ...]:
    """The saved value of a variable, a text or a list of texts; () for none."""
    items = value if isinstance(value, list) else [value]
    return tuple(str(item) for item in items if isinstance(item, str | int | float) and item != "")


def _is_all(values: tuple[str, ...]) -> bool:
    return values[0] in (ALL, "All")
