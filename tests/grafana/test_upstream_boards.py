"""Upstream's own boards next to ours in Grafana."""

import json

from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_boards
from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Payload
from dashboards_py.targets.grafana import OPTIONS, prepare
from dashboards_py.upstream.available import originals
from dashboards_py.upstream.standalone import standalone
from tests.components import path_of
from tests.grafana.servers import Server


def test_grafana_accepts_the_originals_next_to_ours(server: Server) -> None:
    """Each is deployed into its folder and uses `$datasource`; a second deploy changes nothing."""
    upstream = originals([path_of("upstream-boards")])
    payload = Payload(provisioning_files(NEWEST, (*compile_boards(), *map(standalone, upstream.values()))))
    defaults = {option.key: option.default for option in OPTIONS}
    options = {**defaults, "url": server.url, "token": server.editor, "overwrite": False}
    written = {change.name for change in prepare(payload, options).apply()}
    assert {f"grafana-com-{number}" for number in upstream} < written
    for number, original in upstream.items():
        uid = f"grafana-com-{number}"
        live = server.board(uid)
        assert server.api(f"/dashboards/uid/{uid}")["meta"]["folderTitle"] == "Cilium upstream"
        assert live["title"] == original.board.title
        assert "__inputs" not in live
        assert "DS_PROMETHEUS" not in json.dumps(live)
    assert list(prepare(payload, options).apply()) == []
