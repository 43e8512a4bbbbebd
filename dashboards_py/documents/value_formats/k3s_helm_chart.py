"""HelmChart and HelmChartConfig of k3s and RKE2: `spec.valuesContent`, and `spec.set`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.objects import is_kind, mapping, mappings, qualified_name, text
from dashboards_py.documents.value_formats._carrier import Carrier, Layer, Reference, last_part

GROUP = "helm.cattle.io"
CHARTS = {"rke2-cilium": "cilium"}  # RKE2's package of the chart, with the same keys
TYPED = ("true", "false", "null")  # texts that are passed with `--set`, as numbers are; others with `--set-string`
COMMA = re.compile(r"\\*,")


def carriers(document: Mapping[str, Any]) -> Iterator[Carrier]:
    """The values of a chart, or those of a HelmChartConfig, which come on top of its HelmChart's."""
    for kind in ("HelmChart", "HelmChartConfig"):
        if not is_kind(document, kind, GROUP):
            continue
        spec, name = mapping(document, "spec"), text(document, "metadata", "name")
        chart = last_part(text(spec, "chart")) or (name if name in CHARTS else "")
        layers = tuple(_layers(spec, name, text(document, "metadata", "namespace")))
        yield Carrier(kind, qualified_name(document), CHARTS.get(chart, chart), (name,), layers, "spec.valuesContent")


def _layers(spec: Mapping[str, Any], name: str, namespace: str) -> Iterator[Layer]:
    """`--values` of the content, the map and the Secrets, then flags.

    Source: k3s-io/helm-controller, setValuesSecret(), valuesSecretAddConfig() and args() in
    pkg/controllers/chart/chart.go number the files in this order, and k3s-io/klipper-helm passes them by name; in
    pkg/apis/helm.cattle.io/v1/types.go, "If no keys are specified, the secret is not used".
    """
    if content := text(spec, "valuesContent"):
        yield Layer("spec.valuesContent", text=content)
    if values := mapping(spec, "values"):
        yield Layer("spec.values", values=values)
    for index, item in mappings(spec, "valuesSecrets"):
        keys = item.get("keys")
        if text(item, "name") == f"chart-values-{name}":  # the controller's own
            continue
        for key in keys if isinstance(keys, list) else ():
            reference = Reference("Secret", text(item, "name"), str(key), namespace, item.get("ignoreUpdates") is True)
            yield Layer(f"spec.valuesSecrets[{index}]", reference=reference)
    assignments: dict[str, list[str]] = {"set": [], "set_string": []}
    for key, value in sorted(mapping(spec, "set").items()):
        if isinstance(value, int) or str(value).lower() in TYPED:
            assignments["set"].append(f"{key}={str(value).lower() if isinstance(value, bool) else value}")
        else:
            assignments["set_string"].append(f"{key}={COMMA.sub(_escaped, str(value))}")
    if any(assignments.values()):
        yield Layer("spec.set", assignments=assignments)


def _escaped(comma: re.Match[str]) -> str:
    """A comma with its backslashes, of which an even number would not escape it."""
    return comma[0] if len(comma[0]) % 2 == 0 else f"\\{comma[0]}"
