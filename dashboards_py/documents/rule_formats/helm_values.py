"""Helm values with rules, plain or in an object of Flux, Argo CD, k3s or Kustomize, or below the key of a subchart.

`additionalPrometheusRulesMap` and `additionalPrometheusRules` of kube-prometheus-stack, `serverFiles` of the chart
prometheus, `alerting` of the chart grafana.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dashboards_py.documents.lines import path_of
from dashboards_py.documents.objects import is_object, mapping, mappings, text
from dashboards_py.documents.rule_formats._carrier import GroupSource, Path, groups_at
from dashboards_py.documents.rule_formats._text import parsed
from dashboards_py.documents.value_formats import Layer, carriers

MAP, LIST = "additionalPrometheusRulesMap", "additionalPrometheusRules"
FILES = ("serverFiles", "alerting")  # file name to content
SUBCHARTS = 3  # levels below which values of a chart are looked for


def groups(document: Mapping[str, Any]) -> Iterator[GroupSource]:
    """The groups in the values of each chart in the document."""
    for carrier in carriers(document):
        for layer in carrier.layers:
            yield from _of_layer(layer, f"{carrier.kind} {carrier.name}")
    if not is_object(document):
        yield from _in_values(document, (), SUBCHARTS)


def _of_layer(layer: Layer, document: str) -> Iterator[GroupSource]:
    path = path_of(layer.path)
    if layer.values is not None:
        yield from (replace(one, document=document) for one in _in_values(layer.values, path, SUBCHARTS))
    for value in parsed(layer.text or "", document):
        for source in _in_values(value, (), SUBCHARTS):
            yield replace(source, path=path, inner=source.path, document=document)


def _in_values(values: Mapping[str, Any], path: Path, levels: int) -> Iterator[GroupSource]:
    for name, file in mapping(values, MAP).items():
        yield from groups_at(file, (*path, MAP, name))
    for index, file in mappings(values, LIST):
        yield from groups_at(file, (*path, LIST, index), text(file, "name"))
    for key in FILES:
        for name, file in mapping(values, key).items():
            yield from groups_at(file, (*path, key, name))
    for key, below in values.items() if levels else ():
        if isinstance(below, Mapping) and key not in (MAP, *FILES):
            yield from _in_values(below, (*path, key), levels - 1)
