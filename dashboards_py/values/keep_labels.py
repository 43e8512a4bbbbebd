"""The series that rules which keep or drop by labels take from panels.

Prometheus joins the values of `sourceLabels` with `separator` and matches the whole (model/relabel). Such a rule is
judged if its regular expression has a part for each of these labels: `cilium_drop_count_total;Policy denied`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboards_py import promql, regex
from dashboards_py.catalog import Component, Release, entries
from dashboards_py.values.keep import Names, Read, RuleByLabel, Selected, rules_by_label
from dashboards_py.values.keys import Values
from dashboards_py.values.relabelings import NAME

ANYTHING = frozenset({".*", "(.*)"})


@dataclass(frozen=True, slots=True)
class Parts:
    """A rule by its labels: the regular expression of each, and `drops` if it drops what matches them all."""

    patterns: Mapping[str, str]
    drops: bool


def parts(judged: RuleByLabel) -> Parts | None:
    """The rule by its labels; None if its regular expression does not have a part for each, or these are not known.

    Labels that begin with two underscores are written by rules.
    """
    rule = judged.rule
    labels, separator = rule.get("sourceLabels") or [], str(rule.get("separator") or ";")
    action, patterns = str(rule.get("action")).lower(), str(rule.get("regex") or "(.*)").split(separator)
    if action not in ("keep", "drop") or len(labels) != len(patterns) or len({*labels}) != len(labels):
        return None
    if judged.is_rewritten or any(label.startswith("__") and label != NAME for label in labels):
        return None
    if any(regex.problem(pattern) for pattern in patterns):
        return None
    return Parts(dict(zip(labels, patterns, strict=True)), action == "drop")


def lost_by_label(read: Read, user_values: Values, release: Release) -> Iterator[tuple[str, str, Names]]:
    """The rules that take series from panels: their places, which series as text, and the panels by name of series."""
    for judged in rules_by_label(user_values):
        by_labels = parts(judged)
        lost: dict[str, dict[str, dict[str, None]]] = {}
        for selected in read.selected.get(judged.component.name, ()) if by_labels else ():
            if by_labels and (text := _lost(by_labels, selected, judged.component, release)):
                lost.setdefault(text, {}).setdefault(selected.series, {})[selected.panel] = None
        for text, by_series in lost.items():
            yield judged.where, text, {series: tuple(panels) for series, panels in sorted(by_series.items())}


def unjudged(user_values: Values) -> Iterator[str]:
    """The places of rules that are not known to drop or keep anything: see `parts`."""
    yield from (rule.where for rule in rules_by_label(user_values) if parts(rule) is None)


def _lost(rule: Parts, selected: Selected, component: Component, release: Release) -> str:
    """The series that the rule takes from a panel, as text; "" if none."""
    depends = []
    for label, pattern in rule.patterns.items():
        values = _values(label, selected, component, release)
        if pattern in ANYTHING:
            continue
        matched = {regex.matches(pattern, value) for value in values or ()}
        if values and matched == {False}:  # the rule matches none of these series
            return "" if rule.drops else "is dropped"
        if matched != {True}:
            depends.append(f"{label} {'matches' if rule.drops else 'does not match'} {pattern}")
    if depends:
        return f"is dropped where {' and '.join(depends) if rule.drops else ' or '.join(depends)}"
    return "is dropped" if rule.drops else ""


def _values(label: str, selected: Selected, component: Component, release: Release) -> tuple[str, ...] | None:
    """The values that the label has in what a query reads; None if they are not known."""
    if label == NAME:
        return (selected.series,)
    if label == "le" and not selected.series.endswith("_bucket"):
        return ("",)
    all_matchers = (promql.Matcher(*written) for written in selected.matchers)
    matchers = [matcher for matcher in all_matchers if matcher.label == label and not matcher.is_open]
    known = [matcher.value for matcher in matchers if matcher.op == "="]
    if constant := component.scrape_values.get(label):
        known = [constant]
    if not known:
        metrics = [metric for metric in entries(selected.series) if metric.component == component.name]
        known = [value for metric in metrics if metric.is_closed(label) for value in metric.values_on(label, release)]
    accepted = tuple(value for value in known if all(matcher.accepts(value) is not False for matcher in matchers))
    return accepted or None
