"""Every target carries the same boards: each is read back, as anybody's files are, and compared query by query."""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards_py.board.documents import boards_in
from dashboards_py.board.read import read
from dashboards_py.compile import compile_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.provisioning import provisioning_files
from dashboards_py.review import board_reviewed
from dashboards_py.review.text import lines
from dashboards_py.targets import Payload, configmaps, load
from dashboards_py.targets._manifests import object_name
from dashboards_py.targets._schema_v2 import spec_v2
from tests.targets.small_boards import bloated, payload

NO_CHOICE: Mapping[str, Any] = {"overwrite": False, "prune": False}
DIRECTORIES: Mapping[str, Mapping[str, Any]] = {
    "files": {"path": "/boards"},
    "resources": {"api_version": "v1"},
    "v2": {},
    "perses": {"instances": "app=perses"},
    "operator": {"instances": "app=grafana, team=net", "any_namespace": True},
}


def write(target: str, directory: Path, boards: Payload, **options: Any) -> Any:
    """The deployment of a target that writes files, after it was applied."""
    deployment = load(target).prepare(boards, {**NO_CHOICE, **DIRECTORIES[target], **options, "out": directory})
    list(deployment.apply())
    return deployment


def documents(directory: Path) -> dict[str, dict[str, Any]]:
    """The documents in a directory, by path."""
    files = [path for path in directory.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {str(path.relative_to(directory)): yaml.safe_load(path.read_bytes()) for path in sorted(files)}


def boards_of(content: bytes, name: str) -> list[Any]:
    try:
        return [board for _, board in boards_in(content, name) if not isinstance(board, DashboardsError)]
    except DashboardsError:  # a folder, or a list of resources
        return []


def carried_by_files(target: str, directory: Path, boards: Payload) -> list[Any]:
    """The boards in the files of a target."""
    write(target, directory, boards)
    files = [path for path in directory.rglob("*") if path.is_file() and path.name != ".cilium-dashboards.json"]
    return [board for path in files for board in boards_of(path.read_bytes(), path.name)]


def carried_by_configmaps(_: str, __: Path, boards: Payload) -> list[Any]:
    """The boards in the ConfigMaps."""
    objects = configmaps.config_maps(boards.files)
    return [board for body in objects for board in boards_of(yaml.safe_dump(body).encode(), "x.yaml")]


@pytest.mark.fault("an empty --out writes into the current directory")
@pytest.mark.parametrize("target", DIRECTORIES)
def test_an_empty_directory_name(target: str) -> None:
    """It is refused, as a script has it whose variable is not set."""
    options = {**NO_CHOICE, **DIRECTORIES[target], "out": " "}
    with pytest.raises(DashboardsError, match="--out: is empty"):
        load(target).prepare(payload(), options)


@pytest.mark.parametrize("target", [*(name for name in DIRECTORIES if name != "perses"), "configmaps"])
def test_the_same_boards(tmp_path: Path, target: str) -> None:
    """Read back, each board is the compiled one for `diff`: panels, queries, variables, annotations, links."""
    compiled_boards = compile_boards()
    carried: Callable[..., list[Any]] = carried_by_configmaps if target == "configmaps" else carried_by_files
    boards = carried(target, tmp_path, Payload(provisioning_files(boards=compiled_boards)))
    assert sorted(board.uid for board in boards) == sorted(board.uid for board in compiled_boards)
    for board in boards:
        compiled = next(read(item.json) for item in compiled_boards if item.uid == board.uid)
        review = board_reviewed(compiled, board)
        assert not review.is_different, list(lines([review]))
        exprs = [query.expr for _, query in compiled.queries()]
        assert [query.expr for _, query in board.queries()] == exprs
        assert exprs


@pytest.mark.parametrize("target", ["files", "resources", "operator", "configmaps"])
def test_the_same_json(tmp_path: Path, target: str) -> None:
    """Of classic boards, all keys but those of the identity, which a resource has outside."""
    compiled_boards = compile_boards()
    carried: Callable[..., list[Any]] = carried_by_configmaps if target == "configmaps" else carried_by_files
    for board in carried(target, tmp_path, Payload(provisioning_files(boards=compiled_boards))):
        compiled = next(json.loads(item.json) for item in compiled_boards if item.uid == board.uid)
        for ignored in ("uid", "id", "version"):
            compiled.pop(ignored, None)
        assert {key: value for key, value in board.raw.items() if key in compiled} == compiled


@pytest.mark.parametrize("target", DIRECTORIES)
def test_a_second_run_writes_nothing(tmp_path: Path, target: str) -> None:
    """Bytes are the same, compressed boards included; what the code no longer has goes with --prune only."""
    write(target, tmp_path, bloated(300_000))
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    again = write(target, tmp_path, bloated(300_000))
    assert {str(change.action) for change in again.changes} == {"unchanged"}
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == times
    fewer = payload(uids=("cilium-a", "cilium-b"))
    left = [change for change in write(target, tmp_path, fewer).changes if str(change.action) == "left over"]
    assert any("hubble-c" in change.name for change in left)
    write(target, tmp_path, fewer, prune=True)
    assert not any("hubble" in path.name.lower() for path in tmp_path.rglob("*"))


def test_resources(tmp_path: Path) -> None:
    """A directory for each folder, with its uid and title; the manifest is outside of what gcx reads."""
    write("resources", tmp_path, payload())
    written = documents(tmp_path)
    assert {path.split("/")[0] for path in written} == {"grafana"}
    assert written["grafana/Hubble/_folder.json"] == {
        "apiVersion": "folder.grafana.app/v1",
        "kind": "Folder",
        "metadata": {"name": "hubble"},
        "spec": {"title": "Hubble"},
    }
    board = written["grafana/Cilium/cilium-a.json"]
    assert board["metadata"] == {"name": "cilium-a", "annotations": {"grafana.app/folder": "cilium"}}
    assert not {"uid", "id", "version"} & board["spec"].keys()


def test_what_our_boards_do_not_have_is_carried_in_schema_v2() -> None:
    """Boards of others, such as upstream's, have variables to type in, hidden queries, and a year of their own."""
    typed = {"type": "textbox", "name": "t", "query": "q", "current": {"text": "a", "value": "a"}}
    queries = [{"refId": "A", "expr": "up", "hide": True}, {"refId": "B", "expr": "up"}]
    panel = {"id": 1, "type": "stat", "title": "P", "gridPos": {"w": 6, "h": 4}, "targets": queries}
    spec = spec_v2({"fiscalYearStartMonth": 3, "templating": {"list": [typed]}, "panels": [panel]})
    assert spec["timeSettings"]["fiscalYearStartMonth"] == 3
    (variable,) = spec["variables"]
    assert (variable["kind"], variable["spec"]["query"]) == ("TextVariable", "q")
    assert variable["spec"]["current"] == typed["current"]
    data = spec["elements"]["panel-1"]["spec"]["data"]["spec"]["queries"]
    assert [(query["spec"]["refId"], query["spec"]["hidden"]) for query in data] == [("A", True), ("B", False)]
    (row,) = spec["layout"]["spec"]["rows"]
    (item,) = row["spec"]["layout"]["spec"]["items"]
    element = {"kind": "ElementReference", "name": "panel-1"}
    position = {"x": 0, "y": 0, "width": 6, "height": 4, "element": element}
    assert item == {"kind": "GridLayoutItem", "spec": position}


def test_places_repeats_and_filters_in_schema_v2() -> None:
    """A panel's place is that in its row; a filter has the data source that it filters."""
    heading = {"type": "row", "title": "R", "id": 9, "gridPos": {"y": 4, "w": 24, "h": 1}, "panels": []}
    panel = {"id": 1, "type": "stat", "title": "P", "repeat": "node", "gridPos": {"y": 7, "w": 6, "h": 4}}
    source = {"type": "prometheus", "uid": "p"}
    filters = [{"type": "adhoc", "name": "f", "datasource": source}, {"type": "switch", "name": "s", "current": "x"}]
    spec = spec_v2({"panels": [heading, panel], "templating": {"list": filters}})
    (row,) = spec["layout"]["spec"]["rows"]
    (item,) = row["spec"]["layout"]["spec"]["items"]
    assert (row["spec"]["title"], item["spec"]["y"]) == ("R", 2)
    assert item["spec"]["repeat"] == {"mode": "variable", "value": "node", "direction": "h"}
    down = spec_v2({"panels": [{**panel, "repeatDirection": "v"}]})["layout"]["spec"]["rows"][0]
    (item,) = down["spec"]["layout"]["spec"]["items"]
    assert (item["spec"]["y"], item["spec"]["repeat"]["direction"]) == (7, "v")
    assert [(item.get("group"), item.get("datasource")) for item in spec["variables"]] == [
        ("prometheus", {"name": "p"}),
        (None, None),
    ]


@pytest.mark.parametrize(("target", "version"), [("resources", "v1"), ("v2", "v2")])
def test_versions_of_the_api(tmp_path: Path, target: str, version: str) -> None:
    """A board names the version whose schema it has."""
    write(target, tmp_path, payload())
    kinds = {body["apiVersion"] for body in documents(tmp_path).values() if body["kind"] == "Dashboard"}
    assert kinds == {f"dashboard.grafana.app/{version}"}


def test_grafana_operator(tmp_path: Path) -> None:
    """Large boards are compressed; kustomization.yaml names all files."""
    write("operator", tmp_path, bloated(300_000))
    written = documents(tmp_path)
    assert sorted(written.pop("kustomization.yaml")["resources"]) == sorted(written)
    folder, small, large = (
        written[f"{path}.yaml"]["spec"] for path in ("folders/cilium", "dashboards/cilium-a", "dashboards/cilium-b")
    )
    selection = {
        "instanceSelector": {"matchLabels": {"app": "grafana", "team": "net"}},
        "allowCrossNamespaceImport": True,
    }
    assert folder == {**selection, "uid": "cilium", "title": "Cilium"}
    assert small == {**selection, "folderRef": "cilium", "json": small["json"]}
    assert json.loads(gzip.decompress(base64.b64decode(large["gzipJson"])))["uid"] == "cilium-b"


@pytest.mark.parametrize("text", ["", "grafana", "a=", "=b", "a=b,"])
@pytest.mark.parametrize("target", ["operator", "perses"])
def test_wrong_labels(tmp_path: Path, target: str, text: str) -> None:
    """They are named, and nothing is written."""
    with pytest.raises(DashboardsError, match="is not KEY=VALUE"):
        write(target, tmp_path, payload(), instances=text)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("target", ["v2", "perses"])
@pytest.mark.parametrize("wrong", [5, "x", [None], True])
@pytest.mark.parametrize("key", ["panels", "templating", "links"])
def test_values_of_wrong_types(key: str, wrong: object, target: str, tmp_path: Path) -> None:
    """As in a file that somebody gave: the board is named, or the value is ignored; nothing fails in another way."""
    path = "dashboards/Cilium/cilium-a.json"
    content = payload().files[path]
    files = {path: json.dumps({**json.loads(content), key: wrong}).encode()}
    with suppress(DashboardsError):
        load(target).prepare(Payload(files), {**NO_CHOICE, **DIRECTORIES[target], "out": tmp_path})
    files = {path: json.dumps({**json.loads(content), "panels": [{"type": "stat", "fieldConfig": wrong}]}).encode()}
    with pytest.raises(DashboardsError, match=r"^board cilium-a: has a value of a type"):
        load(target).prepare(Payload(files), {**NO_CHOICE, **DIRECTORIES[target], "out": tmp_path})


def test_names_of_objects() -> None:
    """What Kubernetes takes as a name."""
    assert [object_name(text) for text in ("Cilium_A", "net/é ", "a")] == ["cilium-a", "net", "a"]
