"""HelmRelease of Flux: `spec.values`, on top of `spec.valuesFrom`."""

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


def carriers(document: Mapping[str, Any]) -> Iterator[Carrier]:
    """The values of the release; `valuesFrom` in its order, then the inline ones (Flux' helm-controller)."""
    if not is_kind(document, "HelmRelease", "helm.toolkit.fluxcd.io"):
        return
    spec = mapping(document, "spec")
    layers = [
        _from(index, item, text(document, "metadata", "namespace")) for index, item in mappings(spec, "valuesFrom")
    ]
    layers.append(Layer("spec.values", values=mapping(spec, "values")))
    hints = (text(spec, "releaseName"), text(spec, "chartRef", "name"), text(document, "metadata", "name"))
    chart = last_part(text(spec, "chart", "spec", "chart"))
    yield Carrier("HelmRelease", qualified_name(document), chart, hints, tuple(layers), "spec.values")


def _from(index: int, item: Mapping[str, Any], namespace: str) -> Layer:
    reference = Reference(
        text(item, "kind"),
        text(item, "name"),
        text(item, "valuesKey") or "values.yaml",
        namespace,
        optional=item.get("optional") is True,
        target=text(item, "targetPath"),
    )
    return Layer(f"spec.valuesFrom[{index}]", reference=reference)
