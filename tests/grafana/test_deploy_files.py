"""Grafana accepts what `deploy files` writes."""

import json
from pathlib import Path

from dashboards_py.compile import compile_boards
from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Payload, files
from tests.grafana.servers import Start, resource_of, wait_until


def deploy(directory: Path, payload: Payload) -> int:
    """Deploy, and return how many files were written."""
    options = {"out": str(directory), "path": str(directory / "dashboards"), "overwrite": False}
    return len(list(files.prepare(payload, options).apply()))


def test_grafana_reads_mounted_files(start: Start, tmp_path: Path) -> None:
    """Every board is in its folder; a changed board is updated at Grafana's next scan."""
    payload = Payload(provisioning_files())
    folders = {uid: folder for folder, uid, _ in payload.boards()}
    assert deploy(tmp_path, payload) == len(folders) + 1
    with start(tmp_path) as server:
        wait_until(server.folders, folders)
        path = "dashboards/Cilium/cilium-agent.json"
        renamed = json.dumps({**json.loads(payload.files[path]), "title": "Another title"}).encode()
        assert deploy(tmp_path, Payload({**payload.files, path: renamed})) == 1
        server.reload()
        wait_until(lambda: server.board("cilium-agent")["title"], "Another title")


def test_grafana_keeps_our_json(start: Start, tmp_path: Path) -> None:
    """Every board is converted, and its spec is ours except for the uid, which is its name."""
    deploy(tmp_path, Payload(provisioning_files()))
    boards = {board.uid: json.loads(board.json) for board in compile_boards()}
    with start(tmp_path) as server:
        wait_until(lambda: server.versions().keys(), boards.keys())
        for uid, board in boards.items():
            resource = resource_of(server, uid)
            assert resource["status"]["conversion"]["failed"] is False
            assert resource["metadata"]["name"] == board.pop("uid")
            if server.version == (12, 2):  # later ones migrate to a schemaVersion above ours
                assert resource["spec"] == board
