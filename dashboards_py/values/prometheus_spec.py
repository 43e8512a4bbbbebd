"""Read a Prometheus' selector and storage of histograms from values of kube-prometheus-stack or from its object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.catalog import components
from dashboards_py.errors import DashboardsError
from dashboards_py.shapes import Json
from dashboards_py.values.histograms import HISTOGRAM_SWITCHES, HistogramStorage, histogram_switches
from dashboards_py.values.keys import Values, get_value, is_nulled

GROUP = "monitoring.coreos.com/"
SPEC = "prometheus.prometheusSpec"
OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
COMMAND = "kubectl get prometheus -A -o yaml prints them"


@dataclass(frozen=True, slots=True)
class PrometheusSpec:
    """The spec of a Prometheus; `name` is a key of values, or the kind, namespace and name of an object.

    `selector` selects ServiceMonitors by label (None: none; {}: all). `is_template`: the selector contains a template
    that Helm renders, so the ServiceMonitors that it selects are unknown.
    """

    name: str
    storage: HistogramStorage
    selector: Json | None
    is_template: bool = False


def spec_of_values(values: Values, helm_release: str) -> PrometheusSpec | None:
    """The spec that the chart renders (templates/prometheus/prometheus.yaml), None if it renders no Prometheus.

    Raises DashboardsError for values that the chart or the API server does not accept.
    """
    if is_off(values, "prometheus.enabled"):
        return None
    selector = get_value(values, f"{SPEC}.serviceMonitorSelector")
    if not selector and is_off(values, f"{SPEC}.serviceMonitorSelectorNilUsesHelmValues"):
        selector = {}
    elif not selector:
        selector = {"matchLabels": {"release": helm_release}}
    switches = {switch: _switch(values, f"{SPEC}.{switch}") for switch in HISTOGRAM_SWITCHES}
    return PrometheusSpec(
        SPEC,
        HistogramStorage(switches),
        _checked_selector(selector, f"{SPEC}.serviceMonitorSelector"),
        is_template="{{" in str(selector),
    )


def is_off(values: Values, key: str) -> bool:
    """True if a switch that is on by default is off for the chart's templates: false, or deleted by a null."""
    value = get_value(values, key)
    return is_nulled(values, key) or (value is not None and not value)


def specs_of_objects(document: Mapping[str, Any], source: str) -> tuple[PrometheusSpec, ...]:
    """The specs of the Prometheus objects in a document (one object or a List), with Cilium's ServiceMonitors in it.

    Raises DashboardsError if there is no Prometheus, or for an object that the API server would not accept.
    """
    objects = list(_objects(document, source))
    monitors = {
        component.name: histogram_switches(monitor["spec"])
        for component in components().values()
        for monitor in objects
        if component.service_monitor
        and (monitor["kind"], monitor["metadata"].get("name")) == ("ServiceMonitor", component.service_monitor)
    }
    specs = tuple(
        PrometheusSpec(
            name := f"{item['kind']} {_qualified_name(item)}",
            HistogramStorage(_object_switches(item["spec"], name), monitors),
            _checked_selector(item["spec"].get("serviceMonitorSelector"), f"{name}: serviceMonitorSelector"),
        )
        for item in objects
        if item["kind"] in ("Prometheus", "PrometheusAgent")
    )
    if not specs:
        kinds = ", ".join(dict.fromkeys(str(item["kind"]) for item in objects))
        cause = f"contains no Prometheus{f', but {kinds}' if kinds else ''}"
        raise DashboardsError(source, cause=cause, fix=COMMAND)
    return specs


def _objects(document: Mapping[str, Any], source: str) -> Iterator[Json]:
    """The objects in a document, with kind, metadata and spec."""
    items = document.get("items") if str(document["kind"]).endswith("List") else [document]
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, Mapping):
            raise DashboardsError(source, cause="contains an item that is not an object", fix=COMMAND)
        parts = {part: item.get(part) or {} for part in ("metadata", "spec")}
        for part, value in parts.items():
            if not isinstance(value, Mapping):
                raise DashboardsError(f"{source}: {item.get('kind')}", cause=f"its {part} is not a map", fix=COMMAND)
        is_operators = str(item.get("apiVersion")).startswith(GROUP)
        yield {"kind": str(item.get("kind")) if is_operators else f"{item.get('kind')} of another API", **parts}


def _qualified_name(item: Json) -> str:
    return f"{item['metadata'].get('namespace', 'default')}/{item['metadata'].get('name', '')}"


def _object_switches(spec: Mapping[str, Any], name: str) -> Mapping[str, bool]:
    for switch in HISTOGRAM_SWITCHES:
        if not isinstance(spec.get(switch), bool | None):
            raise DashboardsError(f"{name}: {switch}", cause=f"is neither true nor false: {spec[switch]!r}")
    return histogram_switches(spec)


def _switch(values: Values, key: str) -> bool:
    """A switch as the chart renders it: its template prints any value that is set, with or without quotes."""
    value = get_value(values, key)
    text = str(value).lower() if isinstance(value, bool) else value
    if not value or text == "false":
        return False
    if text != "true":
        raise DashboardsError(key, cause=f"is neither true nor false: {value!r}", fix="write true or false")
    return True


def _checked_selector(selector: Any, name: str) -> Json | None:
    """Check a label selector; raises DashboardsError for one that Kubernetes does not accept."""
    if selector is None:
        return None
    if not isinstance(selector, dict):
        raise DashboardsError(name, cause=f"is not a label selector: {selector!r}")
    labels, rules = selector.get("matchLabels") or {}, selector.get("matchExpressions") or []
    if not isinstance(labels, dict) or not isinstance(rules, list):
        raise DashboardsError(name, cause=f"is not a label selector: {selector!r}")
    for rule in rules:
        complete = isinstance(rule, dict) and isinstance(rule.get("key"), str) and rule.get("operator") in OPERATORS
        if not complete or (rule["operator"] in OPERATORS[:2] and not isinstance(rule.get("values"), list)):
            raise DashboardsError(name, cause=f"has an expression that Kubernetes does not accept: {rule!r}")
    return selector
