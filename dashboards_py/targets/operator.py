"""Boards and folders as custom resources of grafana-operator v5, in files: for `kubectl apply -k`, Flux or Argo CD.

The fields are those of its CRDs (grafana.integreatly.org/v1beta1). A board names its folder by `folderRef`, which must
be in the same namespace. Large boards are compressed: `kubectl apply` stores the whole object in an annotation, and
those of an object may have 256 KiB (TotalAnnotationSizeLimitB in k8s.io/apimachinery).
"""

import base64
import gzip
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from dashboards_py.targets._directory import OVERWRITE, board_left, compare, out_option
from dashboards_py.targets._folders import folder_uid
from dashboards_py.targets._manifests import labels_of, manifest, object_name, with_kustomization
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
    selection: dict[str, Any] = {"instanceSelector": {"matchLabels": labels_of(str(options["instances"]))}}
    if options["any_namespace"]:
        selection["allowCrossNamespaceImport"] = True
    wanted: dict[str, bytes] = {}
    for folder in {folder for folder, _, _ in payload.boards()}:
        name = folder_uid(folder)
        spec = {**selection, "uid": name, "title": folder}
        wanted[f"folders/{object_name(name)}.yaml"] = manifest(VERSION, "GrafanaFolder", name, spec)
    for folder, uid, content in payload.boards():
        spec = {**selection, "folderRef": object_name(folder_uid(folder)), **_content(content)}
        wanted[f"dashboards/{object_name(uid)}.yaml"] = manifest(VERSION, "GrafanaDashboard", uid, spec)
    return compare(with_kustomization(wanted), options, partial(board_left, payload=payload))


def _content(content: bytes) -> Mapping[str, str]:
    if len(content) <= LARGE:
        return {"json": content.decode()}
    return {"gzipJson": base64.b64encode(gzip.compress(content, mtime=0)).decode()}
