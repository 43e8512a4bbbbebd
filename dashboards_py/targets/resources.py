"""Boards and folders as resources of Grafana's API, in files: for Git Sync, gcx, or `kubectl` against Grafana.

Grafana's apps/dashboard/kinds/manifest.cue has the versions: v1 and v1beta1 are the same; Grafana 12 has the latter.
Git Sync drops `uid`, `id` and `version` of a spec (parser.go in pkg/registry/apis/provisioning/resources).
"""

from collections.abc import Mapping
from typing import Any, Final

from dashboards_py.targets._directory import OVERWRITE, out_option
from dashboards_py.targets._plan import PRUNE, Deployment, Option, Options, Payload
from dashboards_py.targets._resources import compare_resources

SUMMARY = "Files with Grafana's resources, for Git Sync and gcx."
OPTIONS = (
    out_option("build/resources"),
    Option("api-version", "Version of the API: v1beta1 is served by Grafana 12 and 13, v1 by 13.", default="v1beta1"),
    PRUNE,
    OVERWRITE,
)
IDENTITY: Final = ("uid", "id", "version")  # of a classic board; a resource has its name


def prepare(payload: Payload, options: Options) -> Deployment:
    """Compare the directory with the resources that should be there."""

    def spec(board: Mapping[str, Any]) -> Mapping[str, Any]:
        return {key: value for key, value in board.items() if key not in IDENTITY}

    return compare_resources(payload, options, str(options["api_version"]), spec)
