"""Boards as PersesDashboards of perses-operator, in files: for `kubectl apply -k`, Flux or Argo CD.

The fields are those of its CRD (perses.dev/v1alpha2). The namespace of an object is its project in Perses.
"""

from functools import partial
from typing import Any, Final

from dashboards_py.targets._directory import OVERWRITE, board_left, compare, out_option
from dashboards_py.targets._manifests import labels_of, manifest, object_name, with_kustomization
from dashboards_py.targets._plan import PRUNE, Deployment, Option, Options, Payload

SUMMARY = "Files with PersesDashboards of perses-operator."
OPTIONS = (
    out_option("build/perses"),
    Option("instances", "Labels of the Perses objects that show them, e.g. app=perses; all without it."),
    PRUNE,
    OVERWRITE,
)
VERSION: Final = "perses.dev/v1alpha2"


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the directory with the custom resources that should be there."""
    from dashboards_py.targets._perses import perses_dashboard

    instances, selection = options["instances"], dict[str, Any]()
    if instances is not None:
        selection["instanceSelector"] = {"matchLabels": labels_of(str(instances))}
    wanted = {
        f"{object_name(uid)}.yaml": manifest(VERSION, "PersesDashboard", uid, {**selection, "config": board})
        for _, uid, board in payload.converted(perses_dashboard)
    }
    return compare(with_kustomization(wanted), options, partial(board_left, payload=payload))


def page(uid: str) -> str:
    """Where a board is opened; the address needs the project, which only the namespace tells."""
    return f"the dashboard {object_name(uid)} in Perses"
