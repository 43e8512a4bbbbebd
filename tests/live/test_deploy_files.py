"""`deploy files`: what it writes, the real Grafana takes as it is."""

import json
import time
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from dashboards_py.provisioning import tree
from dashboards_py.targets import files
from dashboards_py.targets.plan import Payload
from tests.components import require
from tests.live.processes import grafana

ADMIN = "Basic " + b64encode(b"admin:admin").decode()


def ask(url: str, path: str, method: str = "GET") -> Any:
    with urlopen(Request(f"{url}/api{path}", headers={"Authorization": ADMIN}, method=method), timeout=20) as answer:
        return json.load(answer)


def deploy(directory: Path, given: Payload) -> int:
    """How many files were written."""
    options = {"out": str(directory), "path": str(directory / "dashboards"), "overwrite": False}
    return len(list(files.prepare(given, options).apply()))


def test_grafana_mounts_what_is_written(tmp_path: Path) -> None:
    """Every board stands in its folder; a board deployed anew follows when Grafana looks again."""
    require("grafana-home")
    whole = Payload(tree())
    folders = {uid: folder for folder, uid, _ in whole.boards()}
    assert deploy(tmp_path, whole) == len(folders) + 1
    with grafana(tmp_path) as url:
        deadline = time.monotonic() + 30
        while len(found := ask(url, "/search?type=dash-db")) < len(folders) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert {each["uid"]: each["folderTitle"] for each in found} == folders
        path = "dashboards/Cilium/cilium-agent.json"
        renamed = json.dumps({**json.loads(whole.files[path]), "title": "Another title"}).encode()
        assert deploy(tmp_path, Payload({**whole.files, path: renamed})) == 1
        ask(url, "/admin/provisioning/dashboards/reload", "POST")
        assert ask(url, "/dashboards/uid/cilium-agent")["dashboard"]["title"] == "Another title"
