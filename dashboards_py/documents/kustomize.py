"""The ConfigMaps and Secrets that a Kustomization generates from files and literals."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from dashboards_py.documents.objects import Object, mapping, mappings, text

GENERATORS = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
FIELDS = {"ConfigMap": "data", "Secret": "stringData"}


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated object without its content: `files` and `literals` by key. Names are without the hash at their end.

    References in the same tree have no hash either: kustomize adds it to both.
    """

    kind: str
    metadata: Object
    files: Mapping[str, str]
    literals: Mapping[str, str]

    def without_files(self, names: Callable[[str], bool]) -> "Generated":
        """The object without the keys whose file has such a name."""
        return replace(self, files={key: file for key, file in self.files.items() if not names(file)})

    def as_object(self, load_file: Callable[[str], bytes | None]) -> dict[str, Any]:
        """The object as it is generated; files that cannot be read, and what is not text, are left out."""
        content = dict(self.literals)
        for key, file in self.files.items():
            source = load_file(file)
            if source is not None:
                content[key] = source.decode("utf-8-sig", errors="replace")
        return {"apiVersion": "v1", "kind": self.kind, "metadata": self.metadata, FIELDS[self.kind]: content}


def generated(document: Object) -> Iterator[Generated]:
    """The objects that a Kustomization generates; nothing for other documents.

    Source: kubernetes-sigs/kustomize, api/kv/kv.go: ParseFileSource() takes the base name of a file without a key,
    parseLiteralSource() removes quotes around a literal.
    """
    if document.get("kind", "Kustomization") not in ("Kustomization", "Component"):
        return
    options = mapping(document, "generatorOptions")
    for generator, kind in GENERATORS.items():
        for _, item in mappings(document, generator):
            namespace = text(document, "namespace") or text(item, "namespace")
            labels = {**mapping(options, "labels"), **mapping(item, "options", "labels")}
            metadata = {"name": text(item, "name"), "namespace": namespace, "labels": labels}
            files = dict(_keyed(file) for file in _texts(item, "files"))
            pairs = (literal.partition("=") for literal in _texts(item, "literals"))
            literals = {key: value[1:-1] if _is_quoted(value) else value for key, _, value in pairs}
            yield Generated(kind, metadata, files, literals)


def _texts(item: Object, key: str) -> Iterator[str]:
    values = item.get(key)
    yield from (value for value in (values if isinstance(values, list) else ()) if isinstance(value, str))


def _keyed(source: str) -> tuple[str, str]:
    key, equals, file = source.partition("=")
    return (key, file) if equals else (PurePath(source).name, source)


def _is_quoted(value: str) -> bool:
    return len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
