"""Application and ApplicationSet of Argo CD: `helm` of the source, or of each of the sources."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dashboards_py.documents.objects import is_kind, mapping, mappings, qualified_name, text
from dashboards_py.documents.value_formats._carrier import Carrier, Layer, Reference, last_part

GROUP = "argoproj.io"


def carriers(document: Mapping[str, Any]) -> Iterator[Carrier]:
    """The values of each source that is a chart."""
    if is_kind(document, "Application", GROUP):
        yield from _sources("Application", qualified_name(document), mapping(document, "spec"), "spec")
    elif is_kind(document, "ApplicationSet", GROUP):
        spec = mapping(document, "spec", "template", "spec")
        patch = text(document, "spec", "templatePatch")
        for carrier in _sources("ApplicationSet", qualified_name(document), spec, "spec.template.spec"):
            patches = (Layer("spec.templatePatch", why="is a template, and may change the values"),)
            yield replace(carrier, layers=(*carrier.layers, *patches)) if "helm:" in patch else carrier


def _sources(kind: str, name: str, spec: Mapping[str, Any], path: str) -> Iterator[Carrier]:
    """With `sources`, Argo CD ignores `source`."""
    listed = [(f"{path}.sources[{index}]", item) for index, item in mappings(spec, "sources")]
    for where, source in listed or [(f"{path}.source", mapping(spec, "source"))]:
        helm = mapping(source, "helm")
        if not helm and not text(source, "chart"):
            continue
        chart = last_part(text(source, "chart"))
        hints = (text(helm, "releaseName"), last_part(text(source, "path")), last_part(text(source, "repoURL")), name)
        own = "values" if text(helm, "values") and not _has_object(helm) else "valuesObject"
        yield Carrier(kind, name, chart, hints, tuple(_layers(helm, f"{where}.helm")), f"{where}.helm.{own}")


def _has_object(helm: Mapping[str, Any]) -> bool:
    """True if `valuesObject` counts, and `values` does not; an empty map counts, too."""
    return isinstance(helm.get("valuesObject"), Mapping)


def _layers(helm: Mapping[str, Any], path: str) -> Iterator[Layer]:
    """Files, then `valuesObject` or else `values`, then parameters.

    Source: argoproj/argo-cd, helmTemplate() in reposerver/repository/repository.go passes the files and then the values
    as `--values`, parameters as `--set`, `--set-string` and `--set-file`; ValuesYAML() in
    pkg/apis/application/v1alpha1/values.go reads `values` only without `valuesObject`.
    """
    files = helm.get("valueFiles")
    for index, file in enumerate(files if isinstance(files, list) else ()):
        optional = helm.get("ignoreMissingValueFiles") is True
        yield Layer(f"{path}.valueFiles[{index}]", reference=Reference("file", str(file), optional=optional))
    if _has_object(helm):
        yield Layer(f"{path}.valuesObject", values=mapping(helm, "valuesObject"))
    elif text(helm, "values"):
        yield Layer(f"{path}.values", text=text(helm, "values"))
    assignments: dict[str, list[str]] = {"set": [], "set_string": []}
    for _, item in mappings(helm, "parameters"):
        value = item.get("value", "")
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        # Commas of a value that is not a list in braces are escaped (cleanSetParameters() in util/helm/cmd.go).
        if not (shown.startswith("{") and shown.endswith("}")):
            shown = shown.replace("\\,", ",").replace(",", "\\,")
        kind = "set_string" if item.get("forceString") is True else "set"
        assignments[kind].append(f"{text(item, 'name')}={shown}")
    if any(assignments.values()):
        yield Layer(f"{path}.parameters", assignments=assignments)
    for index, item in mappings(helm, "fileParameters"):
        reference = Reference("file", text(item, "path"), target=text(item, "name"), literal=True)
        yield Layer(f"{path}.fileParameters[{index}]", reference=reference)
