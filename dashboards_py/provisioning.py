"""The contents of provisioning/: boards, ConfigMaps for the sidecar, a file provider, upstream's IDs, rules."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from dashboards_py.alert_files import FORMATS
from dashboards_py.catalog import NEWEST, Release
from dashboards_py.catalog.upstream import published
from dashboards_py.compiled import Compiled, CompiledRules
from dashboards_py.configuration import DEFAULTS, Configuration
from dashboards_py.documents.write_yaml import write_yaml
from dashboards_py.errors import DashboardsError

WRITTEN_BY = "# Written by `make dashboards` from dashboards_py/. Do not edit: change the Python and compile again.\n"
WIDTH = 120
DATASOURCE_NAME = "Prometheus"  # the name of kube-prometheus-stack's data source


def provisioning_files(release: Release = NEWEST, boards: Sequence[Compiled] | None = None) -> Mapping[str, bytes]:
    """The files of provisioning/ by their paths in it; without `boards`, all boards are compiled for the release."""
    if boards is None:
        from dashboards_py.compile import compile_boards  # takes longer than all the rest

        boards = compile_boards(release)
    compiled = tuple(boards)
    files = {board_path(board): board.json for board in compiled}
    files["kustomization.yaml"] = WRITTEN_BY + write_yaml(kustomization(compiled), WIDTH)
    files["dashboards.yaml"] = WRITTEN_BY + write_yaml(file_provider("/var/lib/grafana/dashboards/cilium"), WIDTH)
    files["upstream.yaml"] = WRITTEN_BY + write_yaml({"dashboards": upstream(compiled)}, WIDTH)
    files["upstream-values.yaml"] = WRITTEN_BY + UPSTREAM_NOTE + write_yaml(upstream_values(), WIDTH)
    return {path: text.encode() for path, text in sorted(files.items())}


def rule_files(
    release: Release = NEWEST, configuration: Configuration = DEFAULTS, rules: CompiledRules | None = None
) -> Mapping[str, bytes]:
    """The files of provisioning/rules by their paths in provisioning/: the alerts in each format.

    Without `rules`, they are compiled.
    """
    if rules is None:
        from dashboards_py.compile.rules import compile_rules

        rules = compile_rules(release, configuration)
    formats = FORMATS.load_all().values()
    documents = {item.FILE: item.document(rules, configuration.alerts) for item in formats}
    return {
        f"rules/{file}": (WRITTEN_BY + write_yaml(document, WIDTH)).encode()
        for file, document in sorted(documents.items())
    }


def board_path(board: Compiled) -> str:
    """The path of a board's JSON in provisioning/; directories become folders in Grafana."""
    return f"dashboards/{board.folder}/{board.uid}.json"


def kustomization(boards: Sequence[Compiled]) -> dict[str, Any]:
    """A Kustomization that creates one ConfigMap per board, labelled for Grafana's sidecar, without a namespace.

    Data keys are unique, because the sidecar writes all ConfigMaps without a folder into one directory. Names have no
    hash, so that a changed board replaces its ConfigMap instead of leaving the old one behind.
    """
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "generatorOptions": {
            "disableNameSuffixHash": True,
            "labels": {"app.kubernetes.io/part-of": "cilium-dashboards", "grafana_dashboard": "1"},
        },
        "configMapGenerator": [
            {
                "name": f"cilium-dashboards-{board.uid}",
                "files": [f"{PurePosixPath(board_path(board)).name}={board_path(board)}"],
                "options": {"annotations": {"grafana_folder": board.folder}},
            }
            for board in boards
        ],
    }


def file_provider(path: str) -> dict[str, Any]:
    """Grafana's provisioning file for a directory of boards at `path`; directories become folders in Grafana."""
    return {
        "apiVersion": 1,
        "providers": [
            {
                "name": "cilium-dashboards",
                "type": "file",
                "allowUiUpdates": False,
                "disableDeletion": False,
                "updateIntervalSeconds": 30,
                "options": {"path": path, "foldersFromFilesStructure": True},
            }
        ],
    }


def upstream(boards: Sequence[Compiled]) -> list[dict[str, Any]]:
    """Upstream's boards, each with the uid of our board that replaces it.

    Raises DashboardsError if two boards replace the same one, or one that is not in catalog/upstream.json.
    """
    replacements: dict[int, str] = {}
    for board in boards:
        for number in board.replaces:
            if number in replacements:
                raise DashboardsError(
                    f"grafana.com board {number}",
                    cause=f"both {replacements[number]} and {board.uid} claim to replace it",
                )
            replacements[number] = board.uid
    published_ids = {original.id for original in published()}
    if unpublished := sorted(set(replacements) - published_ids):
        raise DashboardsError(
            f"grafana.com board {unpublished[0]}",
            cause=f"{replacements[unpublished[0]]} replaces it, but catalog/upstream.json does not list it",
        )
    return [
        {
            "id": original.id,
            "title": original.title,
            "revision": original.revision,
            "chart_file": original.chart_file,
            "replaced_by": replacements.get(original.id),
        }
        for original in published()
    ]


UPSTREAM_NOTE = f"""\
# Values for kube-prometheus-stack that import upstream's own boards next to ours, from grafana.com, at each start of
# the Grafana pod (it needs the internet). Without a pinned revision the chart uses revision 1: see upstream.yaml for
# the pinned ones. The data source is a list, so that the chart replaces ${{DS_PROMETHEUS}} with "{DATASOURCE_NAME}".
"""


def upstream_values() -> dict[str, Any]:
    """kube-prometheus-stack values that import upstream's boards by gnetId into a folder of their own."""
    name = "cilium-upstream"
    provider = {
        "name": name,
        "orgId": 1,
        "folder": "Cilium upstream",
        "type": "file",
        "disableDeletion": False,
        "editable": False,
        "options": {"path": f"/var/lib/grafana/dashboards/{name}"},
    }
    boards = {
        f"grafana-com-{original.id}": {
            "gnetId": original.id,
            **({"revision": original.revision} if original.revision else {}),
            "datasource": [{"name": "DS_PROMETHEUS", "value": DATASOURCE_NAME}],
        }
        for original in published()
    }
    return {
        "grafana": {
            "dashboardProviders": {"cilium-upstream.yaml": {"apiVersion": 1, "providers": [provider]}},
            "dashboards": {name: boards},
        }
    }
