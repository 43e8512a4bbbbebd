"""Put the values of a chart together from the documents that hold them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from os.path import normpath
from pathlib import PurePath
from typing import Any

from dashboards_py.documents import objects
from dashboards_py.documents.kustomize import generated
from dashboards_py.documents.value_formats import Carrier, Reference
from dashboards_py.documents.value_formats.config_map import contents
from dashboards_py.documents.yaml import load_yaml
from dashboards_py.errors import DashboardsError
from dashboards_py.values import helm_set
from dashboards_py.values.keys import merge_values
from dashboards_py.values.placeholders import placeholders

ENCRYPTED = "ENC["
QUOTES = "'\""
# `load_file` reads a file that a document names, relative to it; None if there is none.
LoadFile = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file with the values of its documents; `load_file` reads what it names."""

    name: str
    documents: tuple[Any, ...]
    load_file: LoadFile = field(default=lambda _: None, compare=False)


@dataclass(frozen=True, slots=True)
class UserValues:
    """Values of a chart, with the file, the document in it (kind and name) and the path in that.

    `below` are keys of a chart around it, below which the values are. `unread` names parts that are elsewhere and are
    not known, `notes` are about anomalies.
    """

    values: Mapping[str, Any]
    file: str
    document: str = ""
    path: str = ""
    below: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """File, document and path."""
        return ": ".join(filter(None, (self.file, self.document, self.path or ".".join(self.below))))


def documents_of(file: InputFile) -> Iterator[Mapping[str, Any]]:
    """The maps in a file; the items of a List are documents of their own."""
    for document in file.documents:
        if isinstance(document, Mapping) and is_object(document) and str(document.get("kind")).endswith("List"):
            items = document.get("items")
            yield from (item for item in (items if isinstance(items, list) else ()) if isinstance(item, Mapping))
        elif isinstance(document, Mapping):
            yield document


def is_object(document: Mapping[str, Any]) -> bool:
    """True for a Kubernetes object, and for a kustomization without its kind."""
    return objects.is_object(document) or isinstance(document.get("helmCharts"), list)


def objects_of(files: Sequence[InputFile]) -> list[tuple[InputFile, Mapping[str, Any]]]:
    """The documents of all files; of the ConfigMaps and Secrets that are generated, the keys that are no file here."""
    names = {normpath(file.name) for file in files}

    def is_read(file: InputFile, name: str) -> bool:
        return normpath(PurePath(file.name).parent / name) in names

    return [
        (file, item)
        for file in files
        for document in documents_of(file)
        for item in (
            document,
            *(
                config_map.without_files(partial(is_read, file)).as_object(file.load_file)
                for config_map in generated(document)
            ),
        )
    ]


class Stored:
    """The ConfigMaps and Secrets of the files, also generated ones, and which of them were referred to."""

    def __init__(self, documents: Sequence[tuple[InputFile, Mapping[str, Any]]]) -> None:
        self.used: set[str] = set()
        self._contents: dict[tuple[str, str], list[tuple[str, dict[str, str]]]] = {}
        self._files: dict[tuple[str, str, str], str] = {}
        for file, document in documents:
            if document.get("kind") in ("ConfigMap", "Secret"):
                self._add(document)
            for item in generated(document):
                self._add(item.as_object(file.load_file))
                for key, name in item.files.items():
                    path = normpath(PurePath(file.name).parent / name)
                    self._files[item.kind, objects.text(item.metadata, "name"), key] = path

    def _add(self, document: Mapping[str, Any]) -> None:
        name, namespace = (objects.text(document, "metadata", key) for key in ("name", "namespace"))
        stored = self._contents.setdefault((str(document["kind"]), name), [])
        stored.append((namespace, contents(document)))

    def text(self, reference: Reference, file: InputFile) -> str | None:
        """The text that a reference in a file names; None if it is in none of the files."""
        if reference.kind == "file":
            content = file.load_file(reference.name)
            if content is None:
                return None
            self.used.add(normpath(PurePath(file.name).parent / reference.name))
            return content.decode("utf-8", errors="replace")
        for namespace, texts in self._contents.get((reference.kind, reference.name), ()):
            is_same = not namespace or not reference.namespace or namespace == reference.namespace
            if is_same and reference.key in texts:
                self.used.add(f"{reference.kind} {f'{namespace}/' if namespace else ''}{reference.name}")
                self.used.add(self._files.get((reference.kind, reference.name, reference.key), ""))
                return texts[reference.key]
        return None

    def has_used(self, values: "UserValues") -> bool:
        """True if values are those of a file, ConfigMap or Secret that was referred to: they are part of others."""
        return (values.document or normpath(values.file)) in self.used


def assembled(carrier: Carrier, file: InputFile, stored: Stored) -> UserValues:
    """The values of a carrier: its layers, merged in their order."""
    values: dict[str, Any] = {}
    unread: list[str] = []
    notes: list[str] = []
    document = f"{carrier.kind} {carrier.name}"
    for layer in carrier.layers:
        name = f"{file.name}: {document}: {layer.path}"
        reference = layer.reference
        text = stored.text(reference, file) if reference else layer.text
        if layer.why:
            unread.append(f"{layer.path} {layer.why}")
            continue
        if reference and text is None:
            if not reference.optional:
                unread.append(f"{layer.path}: {reference} is not in these files")
            continue
        if text is not None and text.startswith(ENCRYPTED):
            unread.append(f"{layer.path}: {reference or 'it'} is encrypted with SOPS")
            continue
        if reference and reference.target:
            values = _with_target(values, reference, text or "", name)
            continue
        if layer.assignments:
            values = helm_set.apply(values, **layer.assignments)
            continue
        more, layer_notes = _parsed(text, name) if text is not None else (layer.values or {}, ())
        notes += layer_notes
        values = merge_values(values, more)
    unread += placeholders(values)
    path = carrier.path if carrier.kind not in ("ConfigMap", "Secret") else carrier.layers[0].path
    return UserValues(values, file.name, document, path, unread=tuple(unread), notes=tuple(notes))


def is_for(
    chart: str, carrier: Carrier, file: InputFile, stored: Stored, is_its_own: Callable[[Mapping[str, Any]], bool]
) -> bool:
    """True if a carrier is for a chart: by the chart's name, or else by other names, or values that only it has."""
    if carrier.chart:
        return carrier.chart == chart
    if carrier.kind not in ("ConfigMap", "Secret") and any(chart in hint for hint in carrier.hints):
        return True
    try:
        return is_its_own(assembled(carrier, file, stored).values)
    except DashboardsError:
        return False


def _parsed(text: str, name: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """A YAML text that must be a map, or empty."""
    document = load_yaml(text, name)
    if document.value is None:
        return {}, ()
    if not isinstance(document.value, Mapping):
        raise DashboardsError(name, cause="holds no values of a chart, but another YAML value")
    return document.value, document.notes


def _with_target(values: dict[str, Any], reference: Reference, text: str, name: str) -> dict[str, Any]:
    """The values with a stored text at the reference's target.

    Flux passes text in quotes as of `--set-string` (ReplacePathValue() in fluxcd/pkg/chartutil). Errors do not show the
    text: it may be a secret.
    """
    quoted = text[:1] == text[-1:] and text[:1] in ("'", '"')
    try:
        if reference.literal:
            return helm_set.apply(values, set_json=[f"{reference.target}={json.dumps(text)}"])
        if quoted:
            return helm_set.apply(values, set_string=[f"{reference.target}={text.strip(QUOTES)}"])
        return helm_set.apply(values, set=[f"{reference.target}={text}"])
    except DashboardsError:
        cause = f"{reference} is no value that Helm takes for {reference.target}"
    # Raised here, because the error above has the text.
    raise DashboardsError(name, cause=cause, fix=helm_set.ESCAPE)
