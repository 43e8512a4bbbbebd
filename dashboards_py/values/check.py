"""What boards lack with the values that somebody gives Cilium."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboards_py import promql
from dashboards_py.board import Board
from dashboards_py.catalog import CONTEXT_LABELS, Component, Handler, Metric, Release, entries, names
from dashboards_py.catalog.hubble import labels_added
from dashboards_py.needs import added, needed
from dashboards_py.queries import resolve
from dashboards_py.values.dns import problem
from dashboards_py.values.keys import (
    FIVE,
    HANDLERS,
    METRICS,
    RIVALS,
    Values,
    is_monitoring,
    is_nulled,
    label_key,
    look_up,
    texts,
)
from dashboards_py.values.wanted import off

# What the chart runs unless it is told not to.
RUNS = {
    "cilium-agent": "agent",
    "hubble": "agent",
    "cilium-operator": "operator.enabled",
    "cilium-envoy": "envoy.enabled",
}
OTHERS = {"kafka", "sctp", "http"}  # handlers whose metrics no board reads


class Lack(StrEnum):
    """What a panel comes to."""

    EMPTY = "empty"  # none of its queries has an answer
    PARTLY = "partly"  # some have none
    UNNAMED = "unnamed"  # lines lose a label that tells them apart
    FEATURE = "feature off"  # empty because Cilium does not run what it shows: nothing that monitoring can turn on


@dataclass(frozen=True, slots=True)
class Finding:
    """A panel that lacks something, and why."""

    board: str
    panel: str
    lack: Lack
    why: tuple[str, ...]


def check(
    boards: Sequence[Board], values: Values, release: Release, *, labels: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Every panel of the boards that does not show all it could with these values of the Cilium chart.

    `labels` as in `wanted`; none where ServiceMonitors are selected otherwise.
    """
    state = _State(values, release, labels)
    return tuple(_found(boards, state))


def strange(values: Values) -> tuple[str, ...]:
    """Entries of `hubble.metrics.enabled` that Cilium does not know: labels of an entry whose commas split it."""
    known = {metric.handler for name in names() for metric in entries(name) if metric.handler} | OTHERS
    given = look_up(values, HANDLERS)
    return tuple(
        f"{HANDLERS}: {entry!r} is no handler of Hubble"
        + (
            f": in --set the commas of labelsContext want a backslash (\\,{entry})"
            if {*str(entry).split(",")} <= {*CONTEXT_LABELS}
            else ""
        )
        for entry in (given if isinstance(given, list) else ())
        if Handler.read(str(entry)).name not in known
    )


@dataclass(frozen=True, slots=True)
class _State:
    values: Values
    release: Release
    labels: Mapping[str, str]

    def handlers(self) -> Mapping[str, Handler]:
        """The Hubble handlers that are on, by name."""
        return {handler.name: handler for handler in map(Handler.read, texts(self.values, HANDLERS))}

    def absent(self, metric: Metric) -> Iterator[str]:
        """Why the metric is not collected."""
        component = metric.exposed_by
        unset = [each for each in component.enabled_by if look_up(self.values, each.key) != each.value]
        if component.name not in FIVE and not all(is_monitoring(each.key) for each in unset):
            return  # it does not run
        yield from self._not_running(component)
        if component.name in ("cilium-agent", "hubble"):
            stops = (handler for handler in self.handlers().values() if handler.stops_agent)
            yield from (f"{HANDLERS}: {handler.name} {problem(handler)}" for handler in stops)
        yield from (f"{setting.key} is not {str(setting.value).lower()}" for setting in unset)
        for label, value in self.labels.items() if component.service_monitor and not unset else ():
            key = label_key(component, label)
            if look_up(self.values, key) != value:
                yield f"{key} is not {value}: Prometheus does not select the ServiceMonitor"
        named = texts(self.values, METRICS)
        switch = metric.switch_on(self.release)
        if metric.component == "cilium-agent" and f"-{switch}" in named:
            yield f"{METRICS} turns {switch} off"
        elif off(metric, self.release) and f"+{switch}" not in named:
            yield f"{METRICS} does not name +{switch}"
        if metric.handler and metric.handler not in self.handlers():
            rival = RIVALS.get(metric.handler)
            beside = f", and Cilium does not take it beside {rival}" if rival in self.handlers() else ""
            yield f"{HANDLERS} does not name {metric.handler}{beside}"

    def _not_running(self, component: Component) -> Iterator[str]:
        """Why nothing is scraped, whatever is said of metrics."""
        key = RUNS.get(component.name, "")
        if not key or look_up(self.values, key) is not False:
            return
        if key != "envoy.enabled":
            yield f"{key} is null, which deletes the chart's true" if is_nulled(self.values, key) else f"{key} is false"
        elif self.release >= (1, 17):
            yield f"{key} is false: nothing scrapes an Envoy inside the agent"

    def feature(self, metric: Metric) -> Iterator[str]:
        """Features that the metric waits for and these values do not turn on, its component among them."""
        for setting in metric.exposed_by.enabled_by if metric.component not in FIVE else ():
            if not is_monitoring(setting.key) and look_up(self.values, setting.key) != setting.value:
                yield f"only where {setting}"
        for feature in metric.features_on(self.release):
            settings = feature.helm.on(self.release)
            on = [look_up(self.values, setting.key) for setting in settings]
            off = any(look_up(self.values, each.key) is False or is_nulled(self.values, each.key) for each in settings)
            if feature.default and not off:
                continue
            if not settings or any(value != setting.value for value, setting in zip(on, settings, strict=True)):
                yield f"only where {feature.when}"

    def unnamed(self, metric: Metric, used: frozenset[str]) -> frozenset[str]:
        """Labels that the query uses and the metric's handler is not told to add, or loses."""
        handler = self.handlers().get(metric.handler)
        if handler is None:
            return frozenset()
        there = labels_added(handler.options, metric.options)
        own = frozenset(metric.labels_on(self.release))
        lost = own - frozenset(metric.labels_on(self.release, handler.options))
        return (added(metric, used, self.release) - frozenset(there)) | (used & lost)

    def lacks(self, name: str, label: str) -> str:
        """That a handler does not give a label, and why where it is one of its own."""
        why = problem(self.handlers()[name]) if label == "rcode" else ""
        return f"{HANDLERS}: {name} lacks {label}" + (f": {why}" if why else "")


def _found(boards: Sequence[Board], state: _State) -> Iterator[Finding]:
    for board in boards:
        for panel in board.panels:
            whys = [_query(query.expr, state) for query in panel.queries if query.expr.strip()]
            dead = [why for why in whys if why[0] in (Lack.EMPTY, Lack.FEATURE)]
            reasons = tuple(sorted({reason for _, found in whys for reason in found}))
            if not reasons:
                continue
            lacks = {lack for lack, _ in whys}
            if len(dead) == len(whys):
                lack = Lack.FEATURE if lacks == {Lack.FEATURE} else Lack.EMPTY
            elif Lack.EMPTY in lacks:
                lack = Lack.PARTLY
            elif Lack.UNNAMED in lacks:
                lack = Lack.UNNAMED
            else:
                continue  # what remains is a feature that one of several queries shows
            yield Finding(board.uid, panel.title, lack, reasons)


def _query(expr: str, state: _State) -> tuple[Lack | None, tuple[str, ...]]:
    """What a query comes to, and why."""
    resolved = resolve(expr, state.release)
    if any(each.reason for each in resolved):
        return None, ()  # what becomes of a query that cannot be read, nobody can say
    meant = {each.selector: needed(each) for each in resolved if each.selector}
    used = promql.labels(expr)

    def lost(selector: promql.Selector) -> list[str]:
        metrics = meant[selector]
        reasons = [list(state.absent(metric)) for metric in metrics]
        return [why for each in reasons for why in each] if reasons and all(reasons) else []

    def idle(selector: promql.Selector) -> list[str]:
        reasons = [list(state.feature(metric)) for metric in meant[selector]]
        return [why for each in reasons for why in each] if reasons and all(reasons) else []

    absent = {selector: lost(selector) or unlabelled(selector, state, meant[selector]) for selector in meant}
    if not promql.survives(expr, lambda selector: bool(absent[selector])):
        return Lack.EMPTY, tuple(dict.fromkeys(why for each in absent.values() for why in each))
    if not promql.survives(expr, lambda selector: bool(absent[selector] or idle(selector))):
        return Lack.FEATURE, tuple(dict.fromkeys(why for selector in meant for why in idle(selector)))
    missing = {
        (metric.handler, label)
        for metrics in meant.values()
        for metric in metrics
        for label in state.unnamed(metric, used)
    }
    if missing:
        return Lack.UNNAMED, tuple(state.lacks(handler, label) for handler, label in sorted(missing))
    return None, ()


def unlabelled(selector: promql.Selector, state: _State, metrics: Sequence[Metric]) -> list[str]:
    """Why a selector matches nothing: it asks for a value of a label that its handler does not add."""
    return [
        state.lacks(metric.handler, matcher.label)
        for metric in metrics
        for matcher in selector.matchers
        if matcher.accepts("") is False and matcher.label in state.unnamed(metric, frozenset({matcher.label}))
    ]
