"""The Cilium metrics that Prometheus collects with a user's values, and reasons why others are missing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dashboards_py.catalog import Component, Handler, Metric, Release, Setting
from dashboards_py.catalog.hubble import labels_added
from dashboards_py.needs import labels_from_options
from dashboards_py.values.dns import problem
from dashboards_py.values.handler_problems import ALL, HandlerProblem, handler_problems
from dashboards_py.values.hubble_metrics import HubbleMetrics, hubble_metrics
from dashboards_py.values.keys import (
    COMPONENTS,
    ENABLED,
    METRICS,
    MUTUALLY_EXCLUSIVE,
    Values,
    effective_value,
    get_value,
    is_monitoring,
    is_nulled,
    label_key,
    monitor_labels,
    string_list,
)
from dashboards_py.values.placeholders import is_placeholder
from dashboards_py.values.reason import Reason
from dashboards_py.values.relabelings import dropped_by, label_dropped_by
from dashboards_py.values.required import is_off_by_default
from dashboards_py.values.switched_off import has_envoy_daemonset

# The keys with which the chart runs a component, unless they are false.
RUN_KEYS = {
    "cilium-agent": "agent",
    "hubble": "agent",
    "cilium-operator": "operator.enabled",
}


@dataclass(frozen=True)  # without slots, as it keeps what it computed of the values
class Exposed:
    """The Cilium metrics that Prometheus collects with `values`, on a release.

    `labels` are those by which it selects ServiceMonitors; empty if it does not select by labels. `scraped` and
    `selects` are as in `check`.
    """

    values: Values
    release: Release
    labels: Mapping[str, str]
    scraped: Collection[str] = ()
    selects: Callable[[Mapping[str, str]], bool] | None = None

    @cached_property
    def hubble(self) -> HubbleMetrics:
        """The handlers, static or dynamic."""
        return hubble_metrics(self.values, self.release)

    @cached_property
    def handlers(self) -> Mapping[str, Handler]:
        """The enabled Hubble handlers, by name."""
        return {handler.name: handler for handler in self.hubble.handlers}

    def reasons_absent(self, metric: Metric) -> Iterator[str]:
        """Reasons why the metric is not collected."""
        component = metric.exposed_by
        unset = [
            setting
            for setting in component.enabled_by
            if effective_value(self.values, setting.key) != setting.value
            and not (component.name in self.scraped and setting.key.endswith(ENABLED))
        ]
        if component.name not in COMPONENTS and not all(is_monitoring(setting.key) for setting in unset):
            return  # the component does not run
        yield from self._not_running(component)
        if component.name in ("cilium-agent", "hubble"):
            stops = (handler for handler in self.handlers.values() if handler.stops_agent)
            texts = (f"{self.hubble.key}: {handler.name} {problem(handler)}" for handler in stops)
            yield from (Reason(text, "refused-handler") for text in texts)
        yield from self._refused_handlers(metric)
        for setting in unset:
            cause = "missing-monitor" if setting.key.endswith("serviceMonitor.enabled") else "metrics-off"
            yield Reason(f"{setting.key} is {self._shown(setting)}", cause)
        monitored = component.service_monitor and not unset and component.name not in self.scraped
        if monitored:
            yield from self._not_selected(component)
        metric_entries = string_list(self.values, METRICS)
        switch = metric.switch_on(self.release)
        if metric.component == "cilium-agent" and f"-{switch}" in metric_entries:
            yield Reason(f"{METRICS} turns {switch} off", "switched-off")
        elif is_off_by_default(metric, self.release) and f"+{switch}" not in metric_entries:
            yield Reason(f"{METRICS} does not list +{switch}", "metric-off")
        if metric.handler and not self.hubble.config_map and metric.handler not in self.handlers:
            yield Reason(self.not_listed(metric.handler), "handler-off")

    def _shown(self, setting: Setting) -> str:
        """The value of a setting that has not the one that is needed, in words."""
        value = get_value(self.values, setting.key)
        return f"{value}, which is not known" if is_placeholder(value) else f"not {str(setting.value).lower()}"

    def not_listed(self, handler: str) -> str:
        """The reason for a handler that is not configured, with the one that excludes it."""
        exclusive = MUTUALLY_EXCLUSIVE.get(handler)
        also = f", and Cilium does not accept it together with {exclusive}" if exclusive in self.handlers else ""
        return f"{self.hubble.key} does not list {handler}{also}"

    def _not_selected(self, component: Component) -> Iterator[str]:
        """The labels without which Prometheus does not select the component's ServiceMonitor."""
        own_labels = monitor_labels(self.values, component, self.release)
        if self.selects and self.selects(own_labels):
            return
        missing = [(label, value) for label, value in self.labels.items() if own_labels.get(label) != value]
        for label, value in missing:
            text = f"{label_key(component, label)} is not {value}: Prometheus does not select the ServiceMonitor"
            yield Reason(text, "unselected-monitor")
        if self.selects and not missing:  # a rule such as NotIn
            text = f"Prometheus does not select a ServiceMonitor with the labels of {component.service_monitor}"
            yield Reason(text, "unselected-monitor")

    @cached_property
    def _handler_problems(self) -> tuple[HandlerProblem, ...]:
        return handler_problems(self.values, self.release)

    def _refused_handlers(self, metric: Metric) -> Iterator[str]:
        """Problems of the handlers for which the metric is not registered.

        From 1.18 on the agent does not start with handlers that it refuses (newFlowProcessor,
        pkg/hubble/metrics/cell/cell.go:107); handlers named twice crash it from 1.17 on.
        """
        if metric.exposed_by.name not in ("hubble", "cilium-agent"):
            return
        for item in self._handler_problems:
            agent = not self.hubble.is_dynamic or self.hubble.both
            if metric.exposed_by.name == "cilium-agent" and not (
                item.stops == ALL and agent and self.release >= (1, 18)
            ):
                continue
            if item.stops == ALL or (item.error and metric.handler in item.stops):
                yield Reason(item.text, "refused-handler")

    def _not_running(self, component: Component) -> Iterator[str]:
        """The reason why nothing is scraped, whatever the metrics' own values are."""
        key = RUN_KEYS.get(component.name, "")
        if component.name == "cilium-envoy":
            if self.release >= (1, 17) and component.name not in self.scraped:
                why = has_envoy_daemonset(self.values)[1]
                yield from (f"{text}: nothing scrapes an Envoy inside the agent" for text in (why,) if text)
            return
        if not key or effective_value(self.values, key) is not False:
            return
        yield f"{key} is null, which deletes the chart's true" if is_nulled(self.values, key) else f"{key} is false"

    def reasons_idle(self, metric: Metric) -> Iterator[str]:
        """Features and components that the metric needs and these values do not enable."""
        for setting in metric.exposed_by.enabled_by if metric.component not in COMPONENTS else ():
            if not is_monitoring(setting.key) and effective_value(self.values, setting.key) != setting.value:
                yield Reason(f"only with {setting}", "feature-off")
        for feature in metric.features_on(self.release):
            settings = feature.helm.on(self.release)
            on = [effective_value(self.values, setting.key) for setting in settings]
            off = any(
                effective_value(self.values, setting.key) is False or is_nulled(self.values, setting.key)
                for setting in settings
            )
            if feature.default and not off:
                continue
            if not settings or any(value != setting.value for value, setting in zip(on, settings, strict=True)):
                yield Reason(f"only when {feature.when}", "feature-off")

    def reasons_partial(self, metric: Metric) -> Iterator[str]:
        """Reasons why the metric is collected, but does not count all events."""
        for setting in metric.events:
            if effective_value(self.values, setting.key) != setting.value:
                yield Reason(f"{setting.key} is not true: {metric.name} lacks these events", "feature-off")
        if metric.handler in self.hubble.filtered:
            text = f"{self.hubble.key}: {metric.handler} counts only flows that its filters let through"
            yield Reason(text, "filtered-handler")

    def reasons_dropped(self, metric: Metric, series: str) -> Iterator[str]:
        """The reason if the user's metricRelabelings drop a series of the metric."""
        component = metric.exposed_by
        if component.name not in self.scraped and (rule := dropped_by(self.values, component, series)):
            yield Reason(f"{rule}: {series} is dropped", "dropped-metric")

    def reasons_label_dropped(self, metric: Metric, label: str) -> Iterator[str]:
        """The reason if the user's metricRelabelings drop a label that the metric has."""
        component = metric.exposed_by
        has = {*metric.possible_labels_on(self.release), *component.scrape_labels}
        if (
            component.name not in self.scraped
            and label in has
            and (rule := label_dropped_by(self.values, component, label))
        ):
            yield f"{rule}: the label {label} is dropped"

    def missing_labels(self, metric: Metric, used: frozenset[str]) -> frozenset[str]:
        """Labels that the query uses and the metric's handler is not configured to add, or loses."""
        handler = self.handlers.get(metric.handler)
        if handler is None:
            return frozenset()
        added_labels = labels_added(handler.options, metric.options)
        own = frozenset(metric.labels_on(self.release))
        lost = own - frozenset(metric.labels_on(self.release, handler.options))
        return (labels_from_options(metric, used, self.release) - frozenset(added_labels)) | (used & lost)

    def missing_label_text(self, name: str, label: str) -> str:
        """A text that a handler does not add a label, with the reason if the label is its own."""
        why = problem(self.handlers[name]) if label == "rcode" else ""
        return Reason(f"{self.hubble.key}: {name} lacks {label}" + (f": {why}" if why else ""), "missing-context")
