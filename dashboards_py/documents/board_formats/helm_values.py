"""Helm values of the chart grafana with dashboards, plain, or in an object of Flux, Argo CD, k3s or Kustomize.

Values of kube-prometheus-stack have them below `grafana`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.board_formats._carrier import BoardSource
from dashboards_py.documents.objects import is_object, mapping
from dashboards_py.documents.value_formats import Layer, carriers
from dashboards_py.documents.yaml import load_yaml
from dashboards_py.errors import DashboardsError

SUBCHARTS: tuple[tuple[str, ...], ...] = ((), ("grafana",))


def boards(document: Mapping[str, Any]) -> Iterator[BoardSource]:
    """The dashboards in `dashboards.<provider>.<name>.json`.

    Source: grafana/helm-charts, charts/grafana/templates/_pod.tpl mounts them as `<provider>/<name>.json`.
    """
    if not is_object(document) and "helmCharts" not in document:
        yield from _of_values(document, "", "")
        return
    for carrier in carriers(document):
        for layer in carrier.layers:
            yield from _of_values(_values(layer), f"{carrier.kind} {carrier.name}", layer.path)


def _values(layer: Layer) -> Mapping[str, Any]:
    """The values of a layer; a text is only parsed if it may have dashboards."""
    if layer.text is None or "dashboards" not in layer.text or "json" not in layer.text:
        return layer.values or {}
    try:
        value = load_yaml(layer.text, layer.path).value
    except DashboardsError:  # another text, in a ConfigMap for example
        return {}
    return value if isinstance(value, Mapping) else {}


def _of_values(values: Mapping[str, Any], document: str, path: str) -> Iterator[BoardSource]:
    for subchart in SUBCHARTS:
        for provider, items in mapping(values, *subchart, "dashboards").items():
            for name, item in items.items() if isinstance(items, Mapping) else ():
                text = item.get("json") if isinstance(item, Mapping) else None
                if isinstance(text, str) and text.strip():
                    where = ".".join(filter(None, (path, *subchart, "dashboards", provider, name, "json")))
                    yield BoardSource(document, where, text=text)
