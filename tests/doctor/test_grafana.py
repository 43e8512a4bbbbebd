"""doctor --grafana on the stand-in: what differs from compiled boards is named panel by panel; nothing is written."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.cli._grafana import open_grafana
from dashboards_py.cli._run import run
from dashboards_py.errors import DashboardsError
from dashboards_py.targets._mark import marked
from tests.doctor.fault import boards_of
from tests.doctor.test_fixes import unknown_in
from tests.fakes.grafana.faults import Fault
from tests.fakes.grafana.server import fake_grafana
from tests.fakes.grafana.state import FakeGrafana
from tests.fakes.http import answering

UID = "hubble-dns"
Json = dict[str, Any]
COMPILED: Json = next(dict(board.raw) for board in boards_of(NEWEST) if board.uid == UID)
SOURCE = {"uid": "prom", "name": "Prometheus", "type": "prometheus", "isDefault": True}
START = "2026-01-01T00:00:00Z"


def prometheus(*, agents: int = 2, start: str = START) -> Callable[[str, Mapping[str, str]], tuple[int, Any]]:
    """What is behind a data source: a Prometheus with some agents and nothing else."""

    def answer(path: str, query: Mapping[str, str]) -> tuple[int, Any]:
        now = time.time()
        expr = query.get("query", "")
        data: Json = {"resultType": "vector", "result": []}
        if path.endswith("runtimeinfo"):
            return 200, {"status": "success", "data": {"startTime": start}}
        if expr == "time()":
            data = {"resultType": "scalar", "result": [now, str(now)]}
        elif "cilium_version" in expr and agents:
            row = {"metric": {"version": "1.20.0"}, "value": [now, str(agents)]}
            data = {"resultType": "vector", "result": [row]}
        return 200, {"status": "success", "data": data}

    return answer


@pytest.fixture
def grafana(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGrafana]:
    """A Grafana with the board as it was deployed, and a data source that answers."""
    with fake_grafana() as started:
        started.sources, started.proxied = [SOURCE], {"prom": prometheus()}
        started.folders["hubble"] = "Hubble"
        started.put(marked(deepcopy(COMPILED), ""), "hubble")  # type: ignore[arg-type]
        monkeypatch.setenv("GRAFANA_URL", started.url)
        monkeypatch.setenv("GRAFANA_TOKEN", "reader-token")
        yield started


Findings = dict[str, Json]
Examine = Callable[..., Findings]


@pytest.fixture
def examine(capsys: pytest.CaptureFixture[str], grafana: FakeGrafana) -> Examine:
    """The findings about the board and its data source, by cause."""

    def examined(*args: str) -> Findings:
        run(cli, ["doctor", "--grafana", "--board", UID, "--json", *args])
        captured = capsys.readouterr()
        assert all(token not in captured.out + captured.err for token in grafana.tokens)
        assert grafana.writes() == []
        of_prometheus = {"no-cilium", "feature-off", "missing-target", "nothing-recorded", "handler-off"}
        listed = json.loads(captured.out)["findings"]
        return {item["rule"]: item for item in listed if item["rule"] not in of_prometheus}

    return examined


def panels(board: Json) -> list[Json]:
    """The panels of a board, those of closed rows as well."""
    return [inner for panel in board["panels"] for inner in (panel, *panel.get("panels", ())) if inner["type"] != "row"]


def edited(change: Callable[[Json], None]) -> Json:
    """The deployed board after someone saved it in Grafana's pages, which drop the mark."""
    board = deepcopy(COMPILED)
    change(board)
    return board


@pytest.mark.fault("doctor --grafana reports something of boards that are as compiled")
def test_a_board_as_compiled_has_no_finding(examine: Examine) -> None:
    """Deployed by us and not edited: nothing to say, through Grafana's own data source."""
    assert examine() == {}


@pytest.mark.fault("somebody edited a panel in Grafana, and which one is not known")
def test_an_edited_panel_is_named(examine: Examine, grafana: FakeGrafana) -> None:
    """Changed, added and removed panels are named with what changed in them, and who saved it."""

    def change(board: Json) -> None:
        changed, removed = panels(board)[:2]
        changed["targets"][0]["expr"] = "vector(1)"
        board["panels"] = [panel for panel in board["panels"] if panel is not removed]
        board["panels"].append({"id": 7, "type": "text", "title": "Mine", "gridPos": {"x": 0, "y": 99, "w": 1, "h": 1}})
        board["refresh"] = "5s"

    changed, removed = (panel["title"] for panel in panels(COMPILED)[:2])
    grafana.put(edited(change), "hubble")
    finding = examine()["edited-board"]
    assert {location["panel"] for location in finding["locations"]} == {changed, removed, "Mine"}
    assert finding["why"].startswith(f"{UID}, saved by ann on 2026-01-02 03:04: changed '{changed}' (targets)")
    assert f"removed '{removed}'; added 'Mine'; changed refresh of the board" in finding["why"]
    assert f"cilium-dashboards deploy grafana {UID} --cilium {NEWEST} --overwrite`, then" in finding["fix"]
    assert finding["fix"].count("--overwrite") == 1
    assert unknown_in(finding["fix"]) == []


@pytest.mark.fault("the fix of a board of another origin is a command that does not have it")
def test_an_edited_board_of_others(examine: Examine, grafana: FakeGrafana, tmp_path: Path) -> None:
    """It is no board of ours, and is imported again."""
    file = tmp_path / "foreign.json"
    foreign = {**deepcopy(COMPILED), "uid": "foreign"}
    file.write_text(json.dumps(foreign))
    grafana.put({**foreign, "refresh": "5s"}, "hubble")
    assert examine("--board", str(file))["edited-board"]["fix"] == (
        "save a copy of what you need, then import foreign again"
    )
    grafana.put(edited(lambda board: board.update(refresh="5s")), "hubble")
    fix = examine("--board", str(file))["edited-board"]["fix"]
    assert f"deploy grafana {UID} --cilium" in fix
    assert fix.endswith("; and import foreign again")


@pytest.mark.fault("the dashboards in Grafana are of an older version")
def test_an_older_board(examine: Examine, grafana: FakeGrafana) -> None:
    """What an earlier deployment or a file left there is not called an edit."""
    older = edited(lambda board: panels(board)[0].update(title="Then"))
    grafana.put(marked(older, ""), "hubble")  # type: ignore[arg-type]
    assert examine().keys() == {"older-board"}
    grafana.put(older, "hubble", provisioned=True, provisionedExternalId="boards/hubble-dns.json")
    assert "(from boards/hubble-dns.json)" in examine()["older-board"]["why"]


@pytest.mark.fault("the dashboard is not in Grafana")
def test_a_missing_board(examine: Examine, grafana: FakeGrafana) -> None:
    """A board that is not there is one finding, and its data source is not a finding."""
    grafana.remove(UID)
    assert examine().keys() == {"undeployed-board"}


@pytest.mark.fault("the dashboard is stored in schema v2")
def test_a_board_in_schema_v2(examine: Examine, grafana: FakeGrafana) -> None:
    """What the resource says of the stored version is reported, as a remark."""
    grafana.stored_versions[UID] = "v2beta1"
    assert examine()["board-in-schema-v2"]["severity"] == "info"


@pytest.mark.fault("a panel is a library panel, whose content nobody deployed")
def test_a_library_panel(examine: Examine, grafana: FakeGrafana) -> None:
    """The panel is named; the edit that made it one is a finding of its own."""
    title = panels(COMPILED)[0]["title"]

    def change(board: Json) -> None:
        panels(board)[0]["libraryPanel"] = {"uid": "lib", "name": "Shared"}

    grafana.put(edited(change), "hubble")
    findings = examine()
    assert findings.keys() == {"edited-board", "library-panel"}
    assert [location["panel"] for location in findings["library-panel"]["locations"]] == [title]


@pytest.mark.fault("panels name a data source that does not exist")
def test_a_missing_data_source(examine: Examine, grafana: FakeGrafana) -> None:
    """A uid of another Grafana in one panel is that panel's finding; without any Prometheus it is all panels'."""
    title = panels(COMPILED)[0]["title"]

    def change(board: Json) -> None:
        panels(board)[0]["datasource"] = {"type": "prometheus", "uid": "gone"}

    grafana.put(edited(change), "hubble")
    finding = examine()["missing-data-source"]
    assert (finding["severity"], [location["panel"] for location in finding["locations"]]) == ("error", [title])

    def share(board: Json) -> None:
        panels(board)[0]["datasource"] = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}

    grafana.put(edited(share), "hubble")
    finding = examine()["missing-data-source"]
    assert ("${DS_PROMETHEUS}" in finding["what"], len(finding["locations"])) == (True, 1)
    grafana.put(COMPILED, "hubble")
    grafana.sources = [{"uid": "loki", "name": "Loki", "type": "loki"}]
    with fake_prometheus() as url:
        finding = examine("--prometheus", url)["missing-data-source"]
    assert len(finding["locations"]) > 3


@pytest.mark.fault("the data source asks another Prometheus")
def test_another_prometheus(examine: Examine, grafana: FakeGrafana) -> None:
    """One without Cilium is an error; one with Cilium that is another server is a remark; a broken one says how."""
    with fake_prometheus() as url:
        grafana.proxied["prom"] = prometheus(agents=0, start="2025-01-01T00:00:00Z")
        finding = examine("--prometheus", url)["another-prometheus"]
        assert (finding["severity"], "another server" in finding["why"]) == ("error", True)
        grafana.proxied["prom"] = prometheus(start="2025-01-01T00:00:00Z")
        assert examine("--prometheus", url)["another-replica"]["severity"] == "info"
        grafana.proxied["prom"] = lambda *_: (400, {"message": "dial tcp: connection refused"})
        assert "connection refused" in examine("--prometheus", url)["failing-data-source"]["why"]


REFUSALS = {
    "refused-query": (422, "many-to-many matching not allowed: matching labels must be unique on one side", 1),
    "busy-server": (503, "query timed out in expression evaluation", 3),
}


@pytest.mark.fault("doctor --grafana hides why Prometheus refuses a query, and asks it again and again")
@pytest.mark.parametrize("cause", REFUSALS)
def test_a_refusal_of_prometheus_keeps_its_reason(
    cause: str, examine: Examine, grafana: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Grafana passes on status and message of an error (web/api/v1/api.go); only a busy server is asked again."""
    monkeypatch.setattr("dashboards_py.prometheus.patience.PAUSES", (0, 0))
    status, message, times = REFUSALS[cause]
    healthy, requests = prometheus(), Counter[str]()

    def answer(path: str, query: Mapping[str, str]) -> tuple[int, Any]:
        if "hubble_dns_queries_total" in query.get("query", "") and "__name__" not in query["query"]:
            requests[query["query"]] += 1
            return status, {"status": "error", "errorType": "execution", "error": message}
        return healthy(path, query)

    grafana.proxied["prom"] = answer
    finding = examine()[cause]
    assert message in finding["why"]
    assert len(finding["locations"]) > 3
    assert set(requests.values()) == {times}


@pytest.mark.fault("the data source's password is wrong, or it names no tenant, and doctor says it is no Prometheus")
def test_credentials_of_the_data_source(grafana: FakeGrafana, capsys: pytest.CaptureFixture[str]) -> None:
    """A 401 behind a data source, which Grafana turns into a text with 400 (pkg/api/pluginproxy/ds_proxy.go)."""
    text = "Authentication to data source failed"
    grafana.faults.append(Fault("GET /datasources/proxy", status=400, body=text, kind="text/plain", times=-1))
    assert run(cli, ["doctor", "--grafana", "--board", UID, "--json"]) == 3
    findings = {item["rule"]: item for item in json.loads(capsys.readouterr().out)["findings"]}
    assert "X-Scope-OrgID" in findings["refused-credentials"]["fix"]


@pytest.mark.fault("through Grafana a query that is too long for an address has no answer, and its panel another cause")
@pytest.mark.parametrize(
    "refusal", [(414, "<h1>414 Request-URI Too Large</h1>"), (431, ""), (400, "<h1>Bad request</h1>")]
)
def test_a_long_query_is_sent_as_a_form(refusal: tuple[int, str], grafana: FakeGrafana) -> None:
    """Grafana lets viewers send queries as forms; the values of a label have none, and keep their refusal."""
    status, page = refusal
    query = f"count(cilium_version) + {' + '.join(['0'] * 1500)}"
    grafana.faults.append(Fault("GET /datasources/proxy", status=status, body=page, kind="text/html", times=-1))
    ask = open_grafana().ask
    assert ask("prom", "query", {"query": query})["result"][0]["metric"] == {"version": "1.20.0"}
    with pytest.raises(DashboardsError) as refused:
        ask("prom", "label/node/values", {"match[]": query})
    assert refused.value.status == status
    assert [line.split()[0] for line in grafana.log[-3:]] == ["GET", "POST", "GET"]


@pytest.mark.fault("doctor --grafana asks Grafana twice for the same")
def test_nothing_is_asked_twice(examine: Examine, grafana: FakeGrafana) -> None:
    """Health and data sources are read once, though the Prometheus, the boards and their sources need them."""
    examine()
    requests = Counter(line for line in grafana.log if "/proxy/" not in line)
    assert max(requests.values()) == 1, requests


def test_a_viewer_may_ask(examine: Examine, grafana: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not list data sources reads them from the settings of Grafana's pages."""
    monkeypatch.setenv("GRAFANA_TOKEN", "viewer-token")
    grafana.proxied["prom"] = prometheus(agents=0)
    assert "another-prometheus" in examine()


@pytest.mark.fault("doctor --grafana with a wrong token says that there are no boards")
def test_a_wrong_token(
    grafana: FakeGrafana, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused credentials are exit code 3, also where anonymous visitors may read."""
    grafana.anonymous = True
    monkeypatch.setenv("GRAFANA_TOKEN", "wrong")
    assert run(cli, ["doctor", "--grafana", "--board", UID]) == 3
    assert "wrong" not in capsys.readouterr().out


def fake_prometheus() -> AbstractContextManager[str]:
    """The address of a server with the answers of `prometheus()`."""
    return answering(lambda path, query, _: prometheus()(path, query))
