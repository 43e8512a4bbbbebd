"""Parsing the output of kubectl and helm within limits: it may contain arbitrary objects and values."""

from functools import lru_cache
from typing import Any

from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import ANSWERS, MANIFESTS


def read_json(stdout: str, program: str) -> Any:
    """The value that a program printed as JSON; anything else, or a document over a limit, raises DashboardsError."""
    fix = f"check that {program} on PATH is the real one: `type {program}`"
    return load_json(stdout, f"the output of {program}", ANSWERS, fix).value


def objects_of(text: str) -> list[dict[str, Any]]:
    """The objects of a manifest, without empty documents, and with the items of a List instead of the List.

    Helm wrote the text and Kubernetes accepted it, so it is YAML that Go can read.
    """
    from dashboards_py.documents.yaml import independent_copy  # PyYAML is slow to import: --help need not wait

    return [independent_copy(item) for item in _objects(text)]


@lru_cache(maxsize=8)
def _objects(text: str) -> list[dict[str, Any]]:
    """The same, once for a text: a manifest is read again just before each change, and is mostly as it was."""
    from dashboards_py.documents.yaml import load_yaml_documents

    documents = [document.value for document in load_yaml_documents(text, "the manifest", MANIFESTS) if document.value]
    return [item for body in documents for item in (body["items"] if body.get("kind") == "List" else [body])]
