"""A metric of one component, by release."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from dashboards_py.catalog.by_release import ByRelease, release_named
from dashboards_py.catalog.component import Component, components
from dashboards_py.catalog.feature import Feature, features
from dashboards_py.catalog.hubble import CONTEXT_LABELS, CONTEXT_VALUES, dns_loses_rcode, labels_added
from dashboards_py.catalog.setting import Setting
from dashboards_py.release import RELEASES, Release

T = TypeVar("T")
CLASSIC = "classic"

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "histogram": ("_bucket", "_sum", "_count"),
    "summary": ("", "_sum", "_count"),
}


@dataclass(frozen=True, slots=True)
class ValueSet:
    """Values of a label. `closed`: no others exist; otherwise they are examples."""

    values: ByRelease[tuple[str, ...]]
    closed: bool


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a component.

    `since` is the first release that has it (None: older than 1.16, or unknown), `removed` the first without it.
    `histogram_kinds` are the formats in which a histogram is exposed: "classic" (`_bucket` with bounds), "native" (only
    in protobuf, for a Prometheus that requests it), or both, of which a Prometheus that stores native histograms keeps
    only the native one. A histogram without "classic" has only the `_bucket` of `le="+Inf"`.
    `switch` is the name by which `--metrics` turns it on or off, which may differ from the metric's own name.
    `handler` is the Hubble handler that writes it, `options` maps that handler's options to the labels that they add.
    `events` are the Helm values, true by default, of the datapath's events that it counts. Without them it lacks these
    events; those of the L7 proxy are always there. Source: bpf-events-* in cilium-configmap.yaml of the charts 1.16 to
    1.20, and pkg/hubble/metrics.
    `defined_but_never_set`: registered, but no code sets a value; `never_existed`: documented, but in no release.
    `only_grows`: a gauge that counts up since the start, as a counter does. `sees_all`: each target counts the same
    whole, such as the nodes of the cluster, so that a sum over targets counts it many times.
    `value_range`: the least and the greatest value that it can have, where that is known; None is no limit.
    `meaning` describes what it counts, if releases differ in that ("" if they do not).
    `source` is its definition: a file of Cilium's source code, and the release.
    """

    name: str
    component: str
    types: ByRelease[str]
    histogram_kinds: ByRelease[tuple[str, ...]]
    labels: ByRelease[tuple[str, ...]]
    value_sets: Mapping[str, ValueSet] = field(hash=False)
    unit: str
    help: str
    since: Release | None
    removed: Release | None
    replaced_by: tuple[str, ...]
    handler: str
    options: Mapping[str, str] = field(hash=False)
    off: ByRelease[bool]
    switch: ByRelease[str]
    when: ByRelease[tuple[str, ...]]
    events: tuple[Setting, ...]
    defined_but_never_set: ByRelease[bool]
    never_existed: bool
    only_grows: bool
    sees_all: bool
    value_range: tuple[float | None, float | None]
    meaning: ByRelease[str]
    note: str
    source: str

    def __hash__(self) -> int:
        """Of what tells metrics apart: results are remembered by metric, and a hash of all its fields takes long."""
        return hash((self.name, self.component))

    def type_on(self, release: Release) -> str:
        """The type on a release: counter, gauge, histogram or summary."""
        return self.types.on(release)

    def histogram_kinds_on(self, release: Release) -> tuple[str, ...]:
        """ "classic", "native" or both, as Cilium exposes it; () if it is not a histogram on that release."""
        return self.histogram_kinds.on(release) if self.type_on(release) == "histogram" else ()

    def switch_on(self, release: Release) -> str:
        """Its name in `prometheus.metrics`, after `+` or `-`."""
        return self.switch.on(release)

    def labels_on(self, release: Release, contexts: Iterable[str] = ()) -> tuple[str, ...]:
        """The metric's own labels, without `le`, `quantile` and target labels.

        `contexts` are options of its Hubble handler as in Helm (`query`, `labelsContext=source_namespace,...`); other
        metrics ignore them. With some numbers of labels, Cilium renames `rcode` of the handler `dns` to `type`.
        """
        own_labels, options = self.labels.on(release), tuple(contexts)
        added = labels_added(options, self.options) if self.handler else ()
        if self.handler == "dns" and dns_loses_rcode(options):
            own_labels = tuple("type" if label == "rcode" else label for label in own_labels)
        return own_labels + tuple(label for label in added if label not in own_labels)

    def possible_labels_on(self, release: Release) -> tuple[str, ...]:
        """The metric's own labels with all options of its Hubble handler enabled."""
        return _possible_labels(self, release)

    def values_on(self, label: str, release: Release) -> tuple[str, ...]:
        """The known values of a label; () if none are known."""
        value_set = self._value_set(label)
        return value_set.values.on(release) if value_set else ()

    def is_closed(self, label: str) -> bool:
        """True if `values_on` lists all values that the label can have."""
        value_set = self._value_set(label)
        return value_set is not None and value_set.closed

    def values_removed_by(self, label: str, release: Release) -> tuple[str, ...]:
        """Values of a label that older releases have and this one does not."""
        older = (self.values_on(label, earlier) for earlier in RELEASES if earlier < release)
        now = self.values_on(label, release)
        return tuple(dict.fromkeys(value for values in older for value in values if value not in now))

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases that define it."""
        return tuple(release for release in RELEASES if self.exists_on(release))

    def exists_on(self, release: Release) -> bool:
        """True if the release defines it; it may still be off by default, or need a feature."""
        introduced = self.since is None or release >= self.since
        return not self.never_existed and introduced and (self.removed is None or release < self.removed)

    def series_on(self, release: Release) -> tuple[str, ...]:
        """The names of its series, with suffixes if it is a histogram or summary."""
        return tuple(self.name + suffix for suffix in SUFFIXES.get(self.type_on(release), ("",)))

    def features_on(self, release: Release) -> tuple[Feature, ...]:
        """The features without which it has no series."""
        return tuple(features()[name] for name in self.when.on(release))

    def enabled_by_on(self, release: Release) -> tuple[Setting, ...]:
        """The Helm values that it needs on a release: those of its component, its own, and those of its features."""
        settings: list[Setting] = []
        if self.handler:
            settings.append(Setting("hubble.metrics.enabled", self.handler, append=True))
        if self.off.on(release) and self.component == "cilium-agent":
            settings.append(Setting("prometheus.metrics", f"+{self.switch_on(release)}", append=True))
        for feature in self.features_on(release):
            settings += [setting for setting in feature.helm.on(release) if setting not in settings]
        return self.exposed_by.enabled_by + tuple(settings)

    @property
    def enabled_by(self) -> tuple[Setting, ...]:
        """The Helm values that it needs on the newest release that has it."""
        return self.enabled_by_on(self.releases[-1] if self.releases else RELEASES[-1])

    @property
    def exposed_by(self) -> Component:
        """The component that exposes it."""
        return components()[self.component]

    def _value_set(self, label: str) -> ValueSet | None:
        if label in self.value_sets:
            return self.value_sets[label]
        if self.handler and label in CONTEXT_VALUES:
            return ValueSet(ByRelease(((RELEASES[0], CONTEXT_VALUES[label]),)), closed=True)
        return None


@cache
def _possible_labels(metric: Metric, release: Release) -> tuple[str, ...]:
    options = [*metric.options, "sourceContext=workload", "destinationContext=workload"]
    return metric.labels_on(release, [*options, f"labelsContext={','.join(CONTEXT_LABELS)}"])


def _value_range(limits: Sequence[float | None]) -> tuple[float | None, float | None]:
    low, high = limits
    return low, high


def _flag(value: Any) -> bool:
    return bool(value)


def _read(row: Mapping[str, Any], key: str, default: ByRelease[T], convert: Callable[[Any], T]) -> ByRelease[T]:
    return ByRelease.read(row[key], convert) if key in row else default


def _always(value: T) -> ByRelease[T]:
    return ByRelease(((RELEASES[0], value),))


NOTHING, NO, UNSAID = _always(tuple[str, ...]()), _always(False), _always("")
CLASSIC_ONLY: ByRelease[tuple[str, ...]] = _always((CLASSIC,))


def read(row: Mapping[str, Any]) -> Metric:
    """A metric from its line of metrics.json."""
    value_sets = {label: ValueSet(ByRelease.read(data, tuple), True) for label, data in row.get("values", {}).items()}
    value_sets |= {
        label: ValueSet(ByRelease.read(data, tuple), False) for label, data in row.get("examples", {}).items()
    }
    return Metric(
        name=row["name"],
        component=row["component"],
        types=ByRelease.read(row["type"], str),
        histogram_kinds=_read(row, "histogram_kinds", CLASSIC_ONLY, tuple),
        labels=_read(row, "labels", NOTHING, tuple),
        value_sets=value_sets,
        unit=row["unit"],
        help=row.get("help", ""),
        since=release_named(row["since"]) if "since" in row else None,
        removed=release_named(row["removed"]) if "removed" in row else None,
        replaced_by=tuple(row.get("replaced_by", ())),
        handler=row.get("handler", ""),
        options=row.get("options", {}),
        off=_read(row, "off", NO, _flag),
        switch=ByRelease.read(row.get("switch", row["name"]), str),
        when=_read(row, "when", NOTHING, tuple),
        events=tuple(map(Setting.read, row.get("events", ()))),
        defined_but_never_set=_read(row, "defined_but_never_set", NO, _flag),
        never_existed=row.get("never_existed", False),
        only_grows=row.get("only_grows", False),
        sees_all=row.get("sees_all", False),
        value_range=_value_range(row.get("value_range", (None, None))),
        meaning=_read(row, "meaning", UNSAID, str),
        note=row.get("note", ""),
        source=row["source"],
    )
