"""A Kustomization with `helmCharts`: files and `valuesInline` of each."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.objects import mapping, mappings, text
from dashboards_py.documents.value_formats._carrier import Carrier, Layer, Reference, last_part


def carriers(document: Mapping[str, Any]) -> Iterator[Carrier]:
    """The values of each chart. `kind: Kustomization` may be left out in kustomization.yaml."""
    if document.get("kind", "Kustomization") != "Kustomization":
        return
    for index, chart in mappings(document, "helmCharts"):
        path = f"helmCharts[{index}]"
        name = last_part(text(chart, "name"))
        hints = (text(chart, "releaseName"),)
        layers = tuple(_layers(chart, path))
        yield Carrier("Kustomization", text(chart, "releaseName") or name, name, hints, layers, f"{path}.valuesInline")


def _layers(chart: Mapping[str, Any], path: str) -> Iterator[Layer]:
    """By `valuesMerge`: override (inline values win, the default), merge (the file's win) or replace (no file).

    Without inline values the file counts in any case. Source: kubernetes-sigs/kustomize, Generate() and
    replaceValuesInline() in api/internal/builtins/HelmChartInflationGenerator.go; AsHelmArgs() in
    api/types/helmchartargs.go passes the additional files last.
    """
    order = text(chart, "valuesMerge") or "override"
    inline = Layer(f"{path}.valuesInline", values=mapping(chart, "valuesInline"))
    file = text(chart, "valuesFile")
    files = [Layer(f"{path}.valuesFile", reference=Reference("file", file))] if file else []
    if order == "replace" and inline.values:
        files = []
    yield from [inline, *files] if order == "merge" else [*files, inline]
    more = chart.get("additionalValuesFiles")
    for index, name in enumerate(more if isinstance(more, list) else ()):
        yield Layer(f"{path}.additionalValuesFiles[{index}]", reference=Reference("file", str(name)))
