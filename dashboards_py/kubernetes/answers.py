"""Parsing the output of kubectl and helm within limits: it may contain arbitrary objects and values."""

from typing import Any

from dashboards_py.documents.json import load_json
from dashboards_py.documents.limits import ANSWERS, MANIFESTS


def read_json(stdout: str, program: str) -> Any:
    """The value that a program printed as JSON; what is not JSON, or over a limit, raises DashboardsError."""
    fix = f"is it {program} that is called {program} on PATH?"
    return load_json(stdout, f"what {program} printed", ANSWERS, fix).value


def objects_of(text: str) -> list[dict[str, Any]]:
    """The objects of a manifest: empty documents are none, and a List counts as what it holds.

    Helm wrote the text and Kubernetes took it, so that it is YAML as Go reads it.
    """
    from dashboards_py.documents.yaml import load_yaml_documents  # PyYAML is slow to import, and --help waits for it

    documents = [document.value for document in load_yaml_documents(text, "the manifest", MANIFESTS) if document.value]
    return [item for body in documents for item in (body["items"] if body.get("kind") == "List" else [body])]
