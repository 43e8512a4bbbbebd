"""Rules by which Prometheus stores only the series that boards and alerts read.

Such a rule is an entry of `metricRelabelings`: `keep` by the name of the series. `up` and the other series that
Prometheus itself adds to a scrape are not relabeled (scrape/scrape.go, addReportSample), so that they stay, and so do
the labels of targets. Histograms are also kept under their bare name, which they have if they are stored natively.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards_py import promql, regex
from dashboards_py.board import Board
from dashboards_py.catalog import Component, Release, entries, split
from dashboards_py.catalog.upstream import series_read_by_upstream
from dashboards_py.queries import ResolvedSelector, board_queries, resolve
from dashboards_py.values.keys import Values, core_components, get_value, merge_values, monitor, nested
from dashboards_py.values.relabelings import NAME, WRITING, drops, invalid_rules, is_valid, renames

# In our rules, so that they are found again and replaced; Prometheus ignores it in a rule that keeps (relabel.go).
MARK = "kept-by-cilium-dashboards"
# Components by the names of metrics that the catalogue does not list: Envoy has more than it, and other releases.
PREFIXES = {
    "envoy_": ("cilium-envoy",),
    "hubble_": ("hubble", "hubble-relay"),
    "cilium_operator_": ("cilium-operator",),
    "cilium_": ("cilium-agent", "cilium-operator"),
}
UPSTREAM, DOCTOR = "a board of upstream", "doctor"
# What `doctor` asks to tell a feature that is off from one that is silent, and releases from one another.
DIAGNOSIS = {
    "cilium-agent": ("cilium_feature_.*", "cilium_version"),
    "cilium-operator": ("cilium_operator_feature_.*",),
}

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
    """The series of one name that a query of a panel reads: those that the matchers accept."""

    series: str
    panel: str
    matchers: tuple[promql.Matcher, ...]


@dataclass(frozen=True, slots=True)
class Starved:
    """A rule of a user that drops series which panels read: its place, as text, and the panels by series."""

    rule: str
    series: Names


def series_read(boards: Iterable[Board], release: Release, *, upstream: bool = False) -> Read:
    """The series that the boards read on a release; with `upstream` also those of upstream's boards."""
    names: dict[str, dict[str, dict[str, None]]] = {component.name: {} for component in core_components()}
    unknown: dict[tuple[str, str], None] = {}
    selected: dict[str, dict[Selected, None]] = {}
    for where, resolved in _selectors(boards, release, upstream):
        if why := _unknown(resolved):
            unknown[where, why] = None
        for component, series in _series(resolved, release):
            names.get(component, {}).setdefault(series, {})[where] = None
            if resolved.selector and resolved.name == series:
                selected.setdefault(component, {})[Selected(series, where, resolved.selector.matchers)] = None
    for component, patterns in DIAGNOSIS.items():
        for pattern in patterns:
            names[component].setdefault(pattern, {})[DOCTOR] = None
    by_component = {
        component: {series: tuple(panels) for series, panels in sorted(own.items())} for component, own in names.items()
    }
    return Read(by_component, tuple(unknown), {component: tuple(own) for component, own in selected.items()})


def _selectors(boards: Iterable[Board], release: Release, upstream: bool) -> Iterator[tuple[str, ResolvedSelector]]:
    """Each selector with the panel that reads it."""
    for board in boards:
        for query in board_queries(board):
            for resolved in resolve(query.expr, release):
                yield f"{board.uid or board.title} / {query.where}", resolved
    for name in series_read_by_upstream() if upstream else ():
        yield from ((UPSTREAM, resolved) for resolved in resolve(name, release))


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


def _series(resolved: ResolvedSelector, release: Release) -> Iterator[tuple[str, str]]:
    """The components and the names that a selector reads there, with the bare name of a histogram."""
    for pattern in _name_patterns(resolved):
        yield from ((component.name, pattern) for component in core_components())
    if not resolved.name or promql.has_variable(resolved.name):
        return
    if resolved.metrics:
        for metric in resolved.metrics:
            yield metric.component, resolved.name
            if metric.type_on(release) == "histogram":
                yield metric.component, split(resolved.name)[0]
    elif not entries(resolved.name):
        prefix = next((prefix for prefix in PREFIXES if resolved.name.startswith(prefix)), "")
        yield from ((component, resolved.name) for component in PREFIXES.get(prefix, ()))


def _name_patterns(resolved: ResolvedSelector) -> tuple[str, ...]:
    """The patterns by which a selector without a name chooses series, such as `{__name__=~"cilium_.*"}`."""
    if not resolved.selector or resolved.name:
        return ()
    matchers = [item for item in resolved.selector.matchers if item.label == NAME and item.op == "=~"]
    return tuple(f"(?:{item.value})" for item in matchers if not item.is_open and not item.problem)


def _unknown(resolved: ResolvedSelector) -> str:
    """The reason why a selector may read series of any name; "" if it does not."""
    if resolved.reason and not resolved.name:
        return resolved.reason
    if resolved.name:
        return "the name of its metric is known only to Grafana" if promql.has_variable(resolved.name) else ""
    return "" if _name_patterns(resolved) else "it selects series by other labels than their name"


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
