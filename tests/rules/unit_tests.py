"""Unit tests of promtool for alerts and faults: Prometheus' own rule manager over the series that an alert reads."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256

import numpy as np

from dashboards_py.catalog import NEWEST, Release
from dashboards_py.compiled import CompiledAlert
from dashboards_py.demo.engine.matching import Matcher, accepted
from dashboards_py.demo.motion import Floats
from dashboards_py.promql import lenient_selectors, rename_labels
from tests.rules.faults._fault import Change
from tests.rules.history import MINUTE, Labels, Samples, Scenario, Timeline, family, same_as, series, touched
from tests.rules.notation import histograms, notation

CLASSIC, NATIVE, SWITCHED = "classic", "native", "switched"  # how histograms are stored: the last from `begin` on
Condition = Callable[[Labels], bool]
_UNITS: dict[object, "Unit"] = {}
LEAD, FIRING, AFTER = 10, 20, 10  # evaluations
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SUFFIXES = ("_count", "_sum", "_bucket")


@dataclass(frozen=True, slots=True)
class Unit:
    """An alert over the series that it reads: `text` is the unit test, `rule` the rule file.

    `reads` are the names of all series that the expression selects, in the test or not; "" if it selects any name.
    """

    alert: CompiledAlert
    timeline: Timeline
    rule: str
    text: str
    reads: frozenset[str]

    @property
    def key(self) -> str:
        """The same for the same rule over the same series."""
        return sha256((self.rule + self.text).encode()).hexdigest()[:16]


def seconds(duration: str) -> float:
    """A duration of Prometheus in seconds; 0 for none."""
    return float(sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", duration)))


def window(alert: CompiledAlert) -> float:
    """How long the expression looks back at most, but for ranges that only remember what was there in a day."""
    ranges = map(seconds, re.findall(r"\[([\dsmhd]+)", alert.expr))
    offsets = map(seconds, re.findall(r"offset ([\dsmhd]+)", alert.expr))
    return max((length for length in ranges if length < UNITS["d"]), default=0.0) + max(offsets, default=0.0)


def timeline(alert: CompiledAlert, begin: float, step: float = MINUTE) -> Timeline:
    """Healthy for longer than the alert looks back; a fault in which it has to fire; healthy until it has resolved."""
    reach = window(alert)
    return Timeline(
        begin=begin,
        lead=reach + LEAD * step,
        length=reach + seconds(alert.hold) + FIRING * step,
        tail=reach + seconds(alert.keep_firing_for) + AFTER * step,
        step=step,
    )


def deadline(alert: CompiledAlert, timeline: Timeline) -> float:
    """By when an alert has to fire, in seconds after the first sample: window, `for` and two evaluations."""
    return timeline.lead + window(alert) + seconds(alert.hold) + 2 * timeline.step


def names(alert: CompiledAlert, release: Release) -> Mapping[str, list[Condition]]:
    """The series that an alert reads, by name, each with the conditions on labels of its selectors."""
    return _names(alert.expr, release)


@cache
def _names(expr: str, release: Release) -> Mapping[str, list[Condition]]:
    result: dict[str, list[Condition]] = {}
    for selector in lenient_selectors(expr):
        matchers = [Matcher(one.label, one.op, one.value) for one in selector.matchers]  # type: ignore[arg-type]
        result.setdefault(selector.metric, []).append(accepted(matchers))
    return {name: conditions for name, conditions in result.items() if not _is_native(name, result, release)}


def reads(alert: CompiledAlert, change: Change, release: Release) -> bool:
    """Whether the change touches a series that the alert reads."""
    return any(touched(name, change, release) for name in names(alert, release))


def reads_histograms(alert: CompiledAlert, release: Release) -> bool:
    """Whether the alert reads a histogram."""
    return any(family(name, release) for name in names(alert, release))


def _is_native(name: str, all_names: Iterable[str], release: Release) -> bool:
    """Whether a name without a suffix is that of a histogram, which is read with its suffixes as well."""
    return any(name + suffix in all_names and family(name + suffix, release) for suffix in SUFFIXES)


def unit(alert: CompiledAlert, scenario: Scenario, storing: str = CLASSIC) -> Unit:
    """The unit test of an alert: the same object for the same rule over the same series."""
    rule, read = _rule_file(alert), names(alert, scenario.release)
    if not any(family(name, scenario.release) for name in read):
        storing = CLASSIC
    of_names = tuple((name, same_as(name, scenario.release)) for name in read)
    key = (rule, replace(scenario, release=NEWEST), storing, of_names)
    if key not in _UNITS:
        text = _test(alert, scenario.timeline, _samples(read, scenario, storing))
        _UNITS[key] = Unit(alert, scenario.timeline, rule, text, _selected(alert.expr))
    return _UNITS[key]


def with_labels(of_plain: Unit, alert: CompiledAlert, renamed: Mapping[str, str]) -> Unit:
    """The unit test of an alert whose labels have other names, over the same series with these names."""
    test = json.loads(of_plain.text)
    for one in test["input_series"]:
        one["series"] = rename_labels(one["series"], renamed)
    return Unit(alert, of_plain.timeline, _rule_file(alert), json.dumps(test), _selected(alert.expr))


@cache
def _selected(expr: str) -> frozenset[str]:
    return frozenset(selector.metric or "" for selector in lenient_selectors(expr))


def _samples(
    read: Mapping[str, list[Condition]], scenario: Scenario, storing: str
) -> dict[tuple[str, Labels], list[str]]:
    """The samples of all series that an alert reads, by name and labels."""
    samples: dict[tuple[str, Labels], list[str]] = {}
    native: dict[str, dict[str, Samples]] = {}
    timeline = scenario.timeline
    for name, conditions in read.items():
        chosen = _chosen(series(name, scenario), conditions)
        histogram = family(name, scenario.release)
        if storing == CLASSIC or not histogram:
            samples |= {(name, labels): notation(row) for labels, row in chosen.items()}
        else:
            native.setdefault(histogram, {})[name.removeprefix(histogram)] = chosen
            if storing == SWITCHED:
                samples |= {(name, labels): notation(_outside(row, timeline)) for labels, row in chosen.items()}
    for histogram, parts in native.items():
        for labels, rows in _native(histogram, parts, scenario).items():
            samples[histogram, labels] = _inside(rows, timeline) if storing == SWITCHED else rows
    return samples


def _outside(row: Floats, timeline: Timeline) -> Floats:
    """The samples before and after the fault."""
    during = (timeline.seconds >= timeline.begin) & (timeline.seconds < timeline.begin + timeline.length)
    return np.where(during, np.nan, row)


def _inside(rows: list[str], timeline: Timeline) -> list[str]:
    """The samples during the fault."""
    first, after = (
        int(np.searchsorted(timeline.seconds, moment)) for moment in (timeline.begin, timeline.begin + timeline.length)
    )
    return [*["_"] * first, *rows[first:after], "stale", *["_"] * (len(rows) - after - 1)]


def _chosen(of_name: Samples, conditions: list[Condition]) -> dict[Labels, Floats]:
    return {
        labels: row
        for labels, row in of_name.items()
        if any(condition(labels) for condition in conditions) and not np.isnan(row).all()
    }


def _native(histogram: str, parts: Mapping[str, Samples], scenario: Scenario) -> dict[Labels, list[str]]:
    """The histogram stored natively: with buckets of its own where the alert reads them, otherwise count and sum."""
    counts, sums = (series(f"{histogram}_{part}", scenario) for part in ("count", "sum"))
    buckets: dict[Labels, list[tuple[float, Floats]]] = {}
    for labels, row in parts.get("_bucket", {}).items():
        own = tuple(pair for pair in labels if pair[0] != "le")
        buckets.setdefault(own, []).append((float(dict(labels)["le"]), row))
    chosen = {*buckets} or {labels for part in parts.values() for labels in part}
    return {
        labels: histograms(counts[labels], sums[labels], sorted(buckets.get(labels, ()), key=lambda pair: pair[0]))
        for labels in sorted(chosen)
        if labels in counts and labels in sums
    }


def _test(alert: CompiledAlert, timeline: Timeline, samples: Mapping[tuple[str, Labels], list[str]]) -> str:
    last = timeline.seconds[-1] - timeline.seconds[0]
    evaluations = f"[{last:.0f}s:{timeline.step:.0f}s]"
    of_alert = f'alertname="{alert.alert}"'
    spells = {
        "pending": f'min_over_time(timestamp(ALERTS{{{of_alert}, alertstate="pending"}}){evaluations})',
        "first": f'min_over_time(timestamp(ALERTS{{{of_alert}, alertstate="firing"}}){evaluations})',
        "last": f'max_over_time(timestamp(ALERTS{{{of_alert}, alertstate="firing"}}){evaluations})',
    }
    test = {
        "interval": f"{timeline.step:.0f}s",
        "input_series": [
            {"series": _selector(name, labels), "values": " ".join(values)}
            for (name, labels), values in sorted(samples.items())
        ],
        "promql_expr_test": [
            {"expr": expr, "eval_time": f"{last:.0f}s", "exp_samples": []} for expr in spells.values()
        ],
        "alert_rule_test": [
            {"eval_time": f"{deadline(alert, timeline):.0f}s", "alertname": alert.alert, "exp_alerts": []}
        ],
    }
    return json.dumps(test)


def _selector(name: str, labels: Labels) -> str:
    return name + "{" + ",".join(f"{label}={json.dumps(value)}" for label, value in labels) + "}"


def _rule_file(alert: CompiledAlert) -> str:
    rule = {"alert": alert.alert, "expr": alert.expr, "for": alert.hold, "labels": dict(alert.labels)}
    if alert.keep_firing_for:
        rule["keep_firing_for"] = alert.keep_firing_for
    rule["annotations"] = dict(alert.annotations)
    return json.dumps({"groups": [{"name": "matrix", "rules": [rule]}]})
