"""HelmChart and HelmChartConfig of k3s and RKE2: `spec.valuesContent`, and `spec.set`."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.value_formats._carrier import (
    Carrier,
    Layer,
    Reference,
    is_kind,
    last_part,
    mapping,
    mappings,
    qualified_name,
    text,
)

GROUP = "helm.cattle.io"
CHARTS = {"rke2-cilium": "cilium"}  # RKE2's package of the chart, with the same keys


def carriers(document: Mapping[str, Any]) -> Iterator[Carrier]:
    """The values of a chart, or those of a HelmChartConfig, which come on top of its HelmChart's."""
    for kind in ("HelmChart", "HelmChartConfig"):
        if not is_kind(document, kind, GROUP):
            continue
        spec, name = mapping(document, "spec"), text(document, "metadata", "name")
        chart = last_part(text(spec, "chart")) or (name if name in CHARTS else "")
        layers = tuple(_layers(spec, text(document, "metadata", "namespace")))
        yield Carrier(kind, qualified_name(document), CHARTS.get(chart, chart), (name,), layers, "spec.valuesContent")


def _layers(spec: Mapping[str, Any], namespace: str) -> Iterator[Layer]:
    """`--values` of the content and of the Secrets, then `--set` (helm-controller)."""
    if content := text(spec, "valuesContent"):
        yield Layer("spec.valuesContent", text=content)
    if values := mapping(spec, "values"):
        yield Layer("spec.values", values=values)
    for index, item in mappings(spec, "valuesSecrets"):
        keys = item.get("keys")
        for key in keys if isinstance(keys, list) else ("values.yaml",):
            reference = Reference("Secret", text(item, "name"), str(key), namespace, item.get("ignoreUpdates") is True)
            yield Layer(f"spec.valuesSecrets[{index}]", reference=reference)
    assignments = [
        f"{key}={str(value).lower() if isinstance(value, bool) else value}"
        for key, value in mapping(spec, "set").items()
    ]
    if assignments:
        yield Layer("spec.set", assignments={"set": assignments})
