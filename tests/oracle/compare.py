"""The catalogue compared with the facts of a version: disagreements as values, and explanations for some."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dashboards_py.catalog import Handler, Metric, Release, names
from dashboards_py.catalog import entries as metrics_named
from tests.oracle import facts
from tests.oracle.facts import DECLARED, Fact

EXPLAINED = Path(__file__).with_name("explained.json")
# Components of which any metric is looked up, and those that only Cilium's source, or another project's, defines.
COMPONENTS = (*DECLARED, "hubble", "hubble-relay")


@dataclass(frozen=True, slots=True, order=True)
class Disagreement:
    """What a fact and the catalogue say differently of a metric. `what` is one of KINDS; `label` where it is of one."""

    version: str
    component: str
    metric: str
    what: str
    label: str
    real: str
    catalogue: str

    def __str__(self) -> str:
        metric = f"{self.metric}{'.' + self.label if self.label else ''}"
        return f"{self.version} {self.component} {metric}: {self.what}: really {self.real}, catalogue {self.catalogue}"


KINDS: Mapping[str, str] = {
    "unknown": "a component has it, the catalogue does not know it there",
    "without source": "the catalogue has it, no program knows it",
    "not declared": "the catalogue has it, the component no longer or not yet registers it",
    "type": "counter, gauge, histogram or summary",
    "labels": "its own labels",
    "default": "on or off unless `--metrics` says otherwise",
    "switch": "the name by which `--metrics` switches it",
    "histogram": "classic, native or both",
    "closed": "values that Cilium lists, where the catalogue lists others or takes its own for examples",
    "value": "a value that was seen, or that the source writes, and is not in the catalogue's closed list",
    "example": "an example of the catalogue's that nothing had, where the source fixes all that it writes",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the facts and the catalogue may differ.

    `metric` and `version` are regular expressions, for all of the name and for the beginning of the version; a
    component or label "" stands for any.
    """

    component: str
    metric: str
    what: str
    label: str
    version: str
    why: str

    def fits(self, one: Disagreement) -> bool:
        """Whether it explains that disagreement."""
        return (
            self.what == one.what
            and self.component in ("", one.component)
            and self.label in ("", one.label)
            and re.match(self.version, one.version) is not None
            and re.fullmatch(self.metric, one.metric) is not None
        )


@cache
def explanations() -> tuple[Explanation, ...]:
    """The table of the reviewed ones."""
    rows = json.loads(EXPLAINED.read_text(encoding="utf-8"))
    return tuple(
        Explanation(
            row.get("component", ""),
            row["metric"],
            row["what"],
            row.get("label", ""),
            row.get("version", ""),
            row["why"],
        )
        for row in rows
    )


def disagreements(version: str) -> tuple[Disagreement, ...]:
    """All of a version, explained or not, sorted and without repetition."""
    differences = {one for component in COMPONENTS for one in _component(version, component)}
    return tuple(sorted(differences | set(_entries(version))))


def unexplained(version: str) -> tuple[Disagreement, ...]:
    """Those that no explanation fits."""
    return tuple(
        one for one in disagreements(version) if not any(explanation.fits(one) for explanation in explanations())
    )


def catalogued(component: str, release: Release) -> Mapping[str, Metric]:
    """The catalogue's metrics of a component on a release, by name."""
    metrics = (metric for name in names() for metric in metrics_named(name) if metric.component == component)
    return {metric.name: metric for metric in metrics if metric.exists_on(release)}


def of_component(version: str, component: str) -> Sequence[Fact]:
    """What is known of a component's own metrics by running it; of Hubble by its handlers as well."""
    known = (*facts.declared(version, component), *facts.exposed(version, component))
    if component == "hubble":
        known += tuple(fact for entry in facts.entries(version) for fact in entry.metrics.values())
    return known


def _component(version: str, component: str) -> Iterator[Disagreement]:
    release = Release.parse(version)
    known = catalogued(component, release)
    running = of_component(version, component)

    def differ(metric: str, what: str, real: object, catalogue: object, label: str = "") -> Disagreement:
        return Disagreement(version, component, metric, what, label, str(real), str(catalogue))

    for fact in running:
        if fact.name not in known:
            yield differ(fact.name, "unknown", f"{fact.by} ({fact.type})", "nothing")
    for name, metric in known.items():
        own = [fact for fact in running if fact.name == name]
        written = list(facts.matching(facts.defined(version, component), name))
        if not own and not written:
            yield differ(name, "without source", "no program", metric.source)
        elif component in DECLARED and not own and name in declared_ever(component):
            yield differ(name, "not declared", "not registered", f"since {metric.since}, removed {metric.removed}")
        for one in _metric(metric, release, own, written):
            yield differ(name, *one)
        for label in metric.labels_on(release):
            yield from (differ(name, *one, label) for one in _values(version, metric, label, release, own, written))


@cache
def declared_ever(component: str) -> frozenset[str]:
    """What the component's hive declares in any version: then its absence in another version means something."""
    return frozenset(
        fact.name
        for version in facts.versions()
        for fact in facts.declared(version, component)
        if fact.default_on is not None
    )


def _metric(
    metric: Metric, release: Release, own: Sequence[Fact], written: Sequence[Fact]
) -> Iterator[tuple[str, object, object]]:
    """What, what is real, what the catalogue says: of type, labels, default and kinds of a histogram."""
    kind = metric.type_on(release)
    types = {fact.type for fact in own if fact.type} or {fact.type for fact in written if fact.type}
    if types and kind not in types:
        yield "type", "/".join(sorted(map(str, types))), kind
    labels = set(metric.labels_on(release))
    if not metric.handler:
        registered = [fact.labels for fact in own if fact.labels is not None and (fact.by == "declared" or fact.labels)]
        seen = registered or [fact.labels for fact in written if fact.labels is not None]
        if seen and labels not in [set(known) for known in seen]:
            yield (
                "labels",
                " or ".join(sorted({" ".join(sorted(known)) or "none" for known in seen})),
                " ".join(sorted(labels)),
            )
    for fact in own:
        if fact.default_on is not None and fact.default_on == metric.off.on(release):
            yield "default", "on" if fact.default_on else "off", "off" if fact.default_on else "on"
        if fact.switch and fact.switch != metric.switch_on(release):
            yield "switch", fact.switch, metric.switch_on(release)
        if fact.histogram_kinds and fact.histogram_kinds != metric.histogram_kinds_on(release):
            yield "histogram", " ".join(fact.histogram_kinds), " ".join(metric.histogram_kinds_on(release))


def _values(
    version: str, metric: Metric, label: str, release: Release, own: Sequence[Fact], written: Sequence[Fact]
) -> Iterator[tuple[str, object, object]]:
    listed = frozenset(metric.values_on(label, release))
    real = facts.closed_values(version).get((metric.name, label))
    if real is not None and (real != listed if metric.is_closed(label) else facts.lists_all(metric, label)):
        only_real, only_listed = sorted(real - listed), sorted(listed - real)
        yield (
            "closed",
            f"also {only_real}" if only_real else "fewer",
            f"also {only_listed}" if only_listed else ("the same" if metric.is_closed(label) else "examples"),
        )
    if metric.is_closed(label):
        occurring = occurring_values(label, own, written)
        if occurring - listed:
            yield "value", sorted(occurring - listed), "not in the list"
    elif written and not any(label in fact.open or label not in fact.written for fact in written):
        occurring = occurring_values(label, own, written)
        if listed - occurring:
            yield "example", sorted(occurring), sorted(listed - occurring)


def occurring_values(label: str, own: Sequence[Fact], written: Sequence[Fact]) -> frozenset[str]:
    """The values of a label that a program knows: of series that were there, and those that the source writes."""
    seen = {value for fact in own for value in fact.values.get(label, ())}
    return frozenset(seen.union(*(fact.written.get(label, ()) for fact in written)))


def _entries(version: str) -> Iterator[Disagreement]:
    """Labels of Hubble's metrics under each entry that was tried."""
    release = Release.parse(version)
    for entry in facts.entries(version):
        handlers = {handler.name: handler for handler in map(Handler.parse, entry.handlers)}
        stopped = [handler for handler in handlers.values() if handler.stops_agent]
        if bool(stopped) != bool(entry.error):
            real, expected = entry.error or "starts", "does not start" if stopped else "starts"
            yield Disagreement(version, "hubble", ";".join(entry.handlers), "default", "", real, expected)
        for name, metric in catalogued("hubble", release).items():
            fact, handler = entry.metrics.get(name), handlers.get(metric.handler)
            if fact is None or handler is None or fact.labels is None:
                continue
            wanted = set(metric.labels_on(release, handler.options))
            if fact.labels != wanted:
                real, expected = " ".join(sorted(fact.labels)), " ".join(sorted(wanted))
                yield Disagreement(version, "hubble", name, "labels", str(handler), real, expected)


def shares(version: str) -> Mapping[str, tuple[int, int]]:
    """How much of the catalogue a program knows, on that version: facts with a machine source, and all of them."""
    release = Release.parse(version)
    counts: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    closed = facts.closed_values(version)
    for component in COMPONENTS:
        running = of_component(version, component)
        for name, metric in catalogued(component, release).items():
            own = [fact for fact in running if fact.name == name]
            written = list(facts.matching(facts.defined(version, component), name))
            known_facts = (*own, *written)
            known = {
                "names": bool(known_facts),
                "labels": any(fact.labels is not None for fact in known_facts),
                "types": any(fact.type for fact in known_facts),
                "defaults": any(fact.default_on is not None or fact.by == "exposed" for fact in own),
            }
            for what, so in known.items():
                totals[what] += 1
                counts[what] += so
            for label in metric.labels_on(release):
                if metric.is_closed(label):
                    totals["closed values"] += 1
                    listed = set(metric.values_on(label, release))
                    counts["closed values"] += (name, label) in closed or listed <= occurring_values(
                        label, own, written
                    )
    return {what: (counts[what], totals[what]) for what in totals}
