"""Rules by which Prometheus stores only the series that boards and alerts read.

Such a rule is an entry of `metricRelabelings`: `keep` by the name of the series. `up` and the other series that
Prometheus itself adds to a scrape are not relabeled (scrape/scrape.go, addReportSample), so that they stay, and so do
the labels of targets. Histograms are also kept under their bare name, which they have if they are stored natively.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards_py import regex
from dashboards_py.catalog import Component, split
from dashboards_py.values.keys import Values, core_components, get_value, merge_values, monitor, nested
from dashboards_py.values.relabelings import NAME, WRITING, drops, invalid_rules, is_valid, renames

# In our rules, so that they are found again and replaced; Prometheus ignores it in a rule that keeps (relabel.go).
MARK = "kept-by-cilium-dashboards"
DOCTOR = "doctor"  # which reads series as well

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Read:
    """The series that boards read: by component, the names or patterns of series with the panels that read them.

    `unknown` are panels whose queries may read series of any name, with the reason; `selected` has by component what
    the queries require of labels.
    """

    names: Mapping[str, Names]
    unknown: tuple[tuple[str, str], ...] = ()
    selected: Mapping[str, tuple["Selected", ...]] = field(default_factory=dict)

    def pattern(self, component: Component) -> str:
        """The regular expression that the names of kept series match; "" if nothing of the component is read."""
        return "|".join(sorted(self.names.get(component.name, {})))


@dataclass(frozen=True, slots=True)
class Selected:
    """The series of one name that a query of a panel reads: those that the matchers (label, operator, value) accept."""

    series: str
    panel: str
    matchers: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Starved:
    """A rule of a user that drops series which panels read: its place, as text, and the panels by series."""

    rule: str
    series: Names


def keep_rule(read: Read, component: Component) -> dict[str, Any] | None:
    """The rule of a component, as in a ServiceMonitor; None if nothing of it is read."""
    pattern = read.pattern(component)
    rule = {"sourceLabels": [NAME], "action": "keep", "regex": pattern, "replacement": MARK}
    return rule if pattern else None


def keep_values(read: Read, user_values: Values) -> dict[str, Any]:
    """The values of the Cilium chart with these rules, each after the user's own of the component.

    Helm replaces lists, so that the user's rules are in them again; rules of an earlier run are replaced.
    """
    values: dict[str, Any] = {}
    for component in core_components():
        if rule := keep_rule(read, component):
            own = [entry for entry in _rules(user_values, component) if not _is_ours(entry)]
            values = merge_values(values, nested(f"{monitor(component)}.metricRelabelings", [*own, rule]))
    return values


def starved(read: Read, user_values: Values, *, with_ours: bool = False) -> tuple[Starved, ...]:
    """The user's rules, in the order of the chart's components, that drop series which panels read.

    Of a histogram that is also read as classic series, the bare name is not missed. With `with_ours`, rules of an
    earlier run of ours are judged as well: boards may read more today.
    """
    rules: list[Starved] = []
    for component in core_components():
        key = f"{monitor(component)}.metricRelabelings"
        left = _missed(read.names.get(component.name, {}))
        for index, rule in enumerate(_rules(user_values, component)):
            if _is_ours(rule) and not with_ours:
                continue
            lost = {series: panels for series, panels in left.items() if drops(rule, series)}
            if lost:
                rules.append(Starved(f"{key}[{index}]", lost))
                left = {series: panels for series, panels in left.items() if series not in lost}
    return tuple(rules)


def renaming_rules(user_values: Values) -> Iterator[str]:
    """The user's rules that rename series: what comes after them sees other names."""
    for component in core_components():
        for index, rule in enumerate(_rules(user_values, component)):
            if renames(rule):
                yield f"{monitor(component)}.metricRelabelings[{index}]"


def invalid(user_values: Values) -> Iterator[tuple[str, str]]:
    """The place of each invalid rule of the user, and the reason."""
    for component in core_components():
        yield from invalid_rules(user_values, component)


@dataclass(frozen=True, slots=True)
class RuleByLabel:
    """A user's rule that keeps or drops series by other labels than their name: its place, and its component.

    `is_rewritten` if rules before it write one of these labels: its values are not those of the component.
    """

    where: str
    component: Component
    rule: Mapping[str, Any]
    is_rewritten: bool


def rules_by_label(user_values: Values) -> Iterator[RuleByLabel]:
    """The user's rules that keep or drop series by other labels than their name."""
    for component in core_components():
        written: set[str] = set()
        is_mapped = False
        for index, rule in enumerate(_rules(user_values, component)):
            if drops(rule, "") is None and is_valid(rule):
                is_rewritten = is_mapped or bool(written & {*(rule.get("sourceLabels") or ())})
                yield RuleByLabel(f"{monitor(component)}.metricRelabelings[{index}]", component, rule, is_rewritten)
            if (action := str(rule.get("action") or "replace").lower()) in WRITING:
                written.add(str(rule.get("targetLabel")))
            is_mapped = is_mapped or action == "labelmap"


def listed_names(user_values: Values) -> Iterator[tuple[str, Component, str]]:
    """The literal names in the user's rules that keep or drop by name: the rule's place, its component, the name."""
    for component in core_components():
        for index, rule in enumerate(_rules(user_values, component)):
            if _judges_names(rule) and not _is_ours(rule):
                for name in literal_names(_pattern(rule)):
                    yield f"{monitor(component)}.metricRelabelings[{index}]", component, name


def literal_names(pattern: str) -> tuple[str, ...]:
    """The alternatives of a regular expression that are names of metrics: `a|b` or `(a|b)`; () for other forms."""
    inner = pattern.strip()
    while (group := re.fullmatch(r"\^?\((?:\?:)?(.*)\)\$?", inner)) is not None:
        inner = group[1]
    alternatives = inner.removeprefix("^").removesuffix("$").split("|")
    return tuple(name for name in alternatives if re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", name))


def matches(pattern: str, series: str) -> bool:
    """True if Prometheus keeps a series of this name by a pattern."""
    return bool(regex.matches(pattern, series))


def _missed(names: Names) -> Names:
    """The names of series without which a panel is empty."""
    classic = {split(name)[0] for name in names if split(name)[1]}
    return {name: panels for name, panels in names.items() if name not in classic and panels != (DOCTOR,)}


def _rules(values: Values, component: Component) -> Sequence[Mapping[str, Any]]:
    listed = get_value(values, f"{monitor(component)}.metricRelabelings")
    return [rule for rule in (listed if isinstance(listed, list) else ()) if isinstance(rule, Mapping)]


def _is_ours(rule: Mapping[str, Any]) -> bool:
    return rule.get("replacement") == MARK


def _judges_names(rule: Mapping[str, Any]) -> bool:
    return rule.get("sourceLabels") == [NAME] and str(rule.get("action")).lower() in ("keep", "drop")


def _pattern(rule: Mapping[str, Any]) -> str:
    return str(rule.get("regex") or "(.*)")
