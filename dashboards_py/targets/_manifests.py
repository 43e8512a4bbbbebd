"""Custom resources in files, for `kubectl apply -k`, Flux or Argo CD."""

import re
from collections.abc import Mapping
from typing import Any

from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes.ownership import OWNER_LABEL


def object_name(text: str) -> str:
    """A uid as the name of an object of Kubernetes (RFC 1123): lower case, digits and hyphens."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


def labels_of(text: str) -> Mapping[str, str]:
    """The labels of the option `--instances`: KEY=VALUE,KEY=VALUE."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(key.strip() and equals and value.strip() for key, equals, value in pairs):
        raise DashboardsError(f"--instances {text}", cause="is not KEY=VALUE, with commas between several")
    return {key.strip(): value.strip() for key, _, value in pairs}


def manifest(version: str, kind: str, name: str, spec: Mapping[str, Any]) -> bytes:
    """The file of an object of ours."""
    metadata = {"name": object_name(name), "labels": dict([OWNER_LABEL])}
    return _yaml({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec})


def with_kustomization(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files in order, and a kustomization.yaml that names them all."""
    ordered = dict(sorted(files.items()))
    document = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": list(ordered)}
    return {**ordered, "kustomization.yaml": _yaml(document)}


def _yaml(document: Any) -> bytes:
    from dashboards_py.documents.write_yaml import write_yaml

    return write_yaml(document, 10**6, blocks=True).encode()
