"""Boards and folders as custom resources of grafana-operator v5, in files: for `kubectl apply -k`, Flux or Argo CD.

The fields are those of its CRDs (grafana.integreatly.org/v1beta1). A board names its folder by `folderRef`, which must
be in the same namespace. Large boards are compressed: `kubectl apply` stores the whole object in an annotation, and
those of an object may have 256 KiB (TotalAnnotationSizeLimitB in k8s.io/apimachinery).
"""

import base64
import gzip
import re
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Final

from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes.ownership import OWNER_LABEL
from dashboards_py.targets._directory import OVERWRITE, compare, leftover_of, out_option
from dashboards_py.targets._folders import folder_uid
from dashboards_py.targets._plan import PRUNE, Deployment, Option, Options, Payload

SUMMARY = "Files with GrafanaDashboards and GrafanaFolders of grafana-operator."
OPTIONS = (
    out_option("build/operator"),
    Option(
        "instances",
        "Labels of the Grafana objects that show them, e.g. app=grafana,team=net.",
        default="dashboards=grafana",
    ),
    Option("any-namespace", "For Grafana objects in other namespaces as well.", flag=True),
    PRUNE,
    OVERWRITE,
)
VERSION: Final = "grafana.integreatly.org/v1beta1"
LARGE: Final = 200 * 1024  # bytes of JSON, beyond which it is compressed


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the directory with the custom resources that should be there."""
    selection: dict[str, Any] = {"instanceSelector": {"matchLabels": _labels(str(options["instances"]))}}
    if options["any_namespace"]:
        selection["allowCrossNamespaceImport"] = True
    wanted: dict[str, bytes] = {}
    for folder in {folder for folder, _, _ in payload.boards()}:
        name = folder_uid(folder)
        spec = {**selection, "uid": name, "title": folder}
        wanted[f"folders/{object_name(name)}.yaml"] = _file("GrafanaFolder", name, spec)
    for folder, uid, content in payload.boards():
        spec = {**selection, "folderRef": object_name(folder_uid(folder)), **_content(content)}
        wanted[f"dashboards/{object_name(uid)}.yaml"] = _file("GrafanaDashboard", uid, spec)
    wanted = dict(sorted(wanted.items()))
    wanted["kustomization.yaml"] = _kustomization(list(wanted))
    return compare(wanted, options, lambda path: leftover_of(PurePosixPath(path).stem, payload))


def object_name(text: str) -> str:
    """A uid as the name of an object of Kubernetes (RFC 1123): lower case, digits and hyphens."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


def _labels(text: str) -> Mapping[str, str]:
    """The labels of `KEY=VALUE,KEY=VALUE`."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(key.strip() and equals and value.strip() for key, equals, value in pairs):
        raise DashboardsError(f"--instances {text}", cause="is not KEY=VALUE, with commas between several")
    return {key.strip(): value.strip() for key, _, value in pairs}


def _content(content: bytes) -> Mapping[str, str]:
    if len(content) <= LARGE:
        return {"json": content.decode()}
    return {"gzipJson": base64.b64encode(gzip.compress(content, mtime=0)).decode()}


def _file(kind: str, name: str, spec: Mapping[str, Any]) -> bytes:
    metadata = {"name": object_name(name), "labels": dict([OWNER_LABEL])}
    return _yaml({"apiVersion": VERSION, "kind": kind, "metadata": metadata, "spec": spec})


def _kustomization(paths: list[str]) -> bytes:
    return _yaml({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": paths})


def _yaml(document: Any) -> bytes:
    import yaml

    return yaml.dump(document, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=10**6).encode()


@cache
def _dumper() -> Any:
    """A dumper of texts of several lines as blocks, in which a change of a board is a change of its lines."""
    import yaml

    class Dumper(yaml.SafeDumper):
        pass

    def represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)

    Dumper.add_representer(str, represent)
    return Dumper
