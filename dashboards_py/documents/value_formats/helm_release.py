"""HelmRelease of Flux: `spec.values`, on top of `spec.valuesFrom`."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.objects import is_kind, mapping, mappings, qualified_name, text
from dashboards_py.documents.value_formats._carrier import Carrier, Layer, Reference, last_part


def carriers(document: Mapping[str, Any]) -> Iterator[Carrier]:
    """The values of the release: `valuesFrom` in its order, the inline ones, then the references with a `targetPath`.

    Source: fluxcd/helm-controller, docs/spec/v2/helmreleases.md, "Values references": "When `targetPath` is set, it
    will overwrite everything before, including inline values"; ChartValuesFromReferences() in fluxcd/pkg/chartutil.
    """
    if not is_kind(document, "HelmRelease", "helm.toolkit.fluxcd.io"):
        return
    spec = mapping(document, "spec")
    references = [
        _from(index, item, text(document, "metadata", "namespace")) for index, item in mappings(spec, "valuesFrom")
    ]
    layers = [layer for layer in references if layer.reference and not layer.reference.target]
    layers.append(Layer("spec.values", values=mapping(spec, "values")))
    layers += [layer for layer in references if layer.reference and layer.reference.target]
    hints = (_release(document), text(spec, "chartRef", "name"), text(document, "metadata", "name"))
    chart = last_part(text(spec, "chart", "spec", "chart"))
    yield Carrier("HelmRelease", qualified_name(document), chart, hints, tuple(layers), "spec.values")


def _release(document: Mapping[str, Any]) -> str:
    """The name of the Helm release (GetReleaseName() in api/v2/helmrelease_types.go)."""
    spec, name = mapping(document, "spec"), text(document, "metadata", "name")
    target = text(spec, "targetNamespace")
    return text(spec, "releaseName") or (f"{target}-{name}" if target else name)


def _from(index: int, item: Mapping[str, Any], namespace: str) -> Layer:
    reference = Reference(
        text(item, "kind"),
        text(item, "name"),
        text(item, "valuesKey") or "values.yaml",
        namespace,
        optional=item.get("optional") is True,
        target=text(item, "targetPath"),
        literal=item.get("literal") is True,
    )
    return Layer(f"spec.valuesFrom[{index}]", reference=reference)
