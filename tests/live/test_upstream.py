"""Upstream's own boards beside ours in the real Grafana."""

import json
from pathlib import Path
from urllib.request import Request, urlopen

from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.provisioning import tree
from dashboards_py.targets.grafana import prepare
from dashboards_py.targets.plan import Payload
from dashboards_py.upstream import compiled, originals
from tests.components import path_of, require
from tests.live.processes import grafana
from tests.live.test_deploy_grafana import ADMIN

OPTIONS = {"token": None, "user": "admin", "password": "admin", "ca_file": None, "timeout": "20", "overwrite": False}


def test_grafana_takes_the_originals_beside_ours(tmp_path: Path) -> None:
    """Each is deployed into its folder and asks `$datasource`; once is enough."""
    require("grafana-home")
    theirs = originals([path_of("upstream-boards")])
    payload = Payload(tree(NEWEST, (*compile_boards(), *map(compiled, theirs.values()))))
    with grafana(tmp_path) as url:
        given = {**OPTIONS, "url": url, "folder": ()}
        written = {change.name for change in prepare(payload, given).apply()}
        assert {f"grafana-com-{number}" for number in theirs} < written
        for number, original in theirs.items():
            path = f"/api/dashboards/uid/grafana-com-{number}"
            with urlopen(Request(url + path, headers={"Authorization": ADMIN}), timeout=20) as answer:
                found = json.load(answer)
            assert found["meta"]["folderTitle"] == "Cilium upstream"
            assert found["dashboard"]["title"] == original.board.title
            assert "__inputs" not in found["dashboard"]
            assert "DS_PROMETHEUS" not in json.dumps(found["dashboard"])
        assert list(prepare(payload, given).apply()) == []
