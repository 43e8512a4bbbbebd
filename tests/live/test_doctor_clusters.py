"""Doctor over a real Prometheus with two clusters and rules, directly and behind proxies and other query APIs."""

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.cli import cli
from dashboards_py.cli._run import run
from tests.components import require
from tests.doctor.fault import Fault
from tests.doctor.lab import WARM
from tests.doctor.worlds import configuration, served
from tests.fakes.http import answering
from tests.live.processes import prometheus

# Two nodes in two clusters; the second lacks Hubble. What runs once (operator, Relay) is in the first.
WORLD = Fault(
    "two-clusters",
    "",
    "",
    "",
    {
        "changes": {
            "*": {"labels": {"cluster": "east"}},
            "cilium-agent": {"labels_of": {"1": {"cluster": "east"}, "2": {"cluster": "west"}}},
            "hubble": {"remove": [2], "labels_of": {"1": {"cluster": "east"}}},
        }
    },
).world
RULES = """
groups:
- name: cilium
  rules:
  - {alert: AgentGone, expr: "sum(up{k8s_app=\\"cilium\\"}) < 1"}
  - {alert: Never, expr: "sum(rate(hubble_dns_queries_total[1m])) > 1e9"}
  - {alert: Dead, expr: "sum(cilium_endpoint_regenerations_never) > 0"}
  - {record: "x:agents", expr: "count(cilium_version)"}
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus that scrapes both, and has loaded an older version of two of the rules."""
    require("prometheus")
    directory = tmp_path_factory.mktemp("clusters")
    loaded = {
        "groups": [
            {
                "name": "cilium",
                "rules": [
                    {"alert": "AgentGone", "expr": 'sum(up{k8s_app="cilium"})<1'},
                    {"record": "x:agents", "expr": "count(cilium_version) - 1"},
                ],
            }
        ]
    }
    (directory / "rules.json").write_text(json.dumps(loaded))
    with served([WORLD]) as address:
        config = {**configuration(WORLD, address), "rule_files": [str(directory / "rules.json")]}
        (directory / "data").mkdir()
        with prometheus(directory / "data", "prometheus", json.dumps(config)) as started:
            time.sleep(WARM)
            yield started


def examined(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, Any]:
    """The exit code and the JSON of doctor."""
    code = run(cli, ["doctor", "--interval", "1s", "--json", *args])
    return code, json.loads(capsys.readouterr().out)


def causes(report: Any) -> set[tuple[str, str]]:
    """The causes of errors, with the beginnings of what is wrong."""
    return {(item["rule"], item["what"].split()[0]) for item in report["findings"] if item["severity"] == "error"}


@pytest.mark.fault("of many clusters one lacks Hubble, and no panel shows it")
def test_each_cluster_is_examined(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What one cluster lacks is reported for it alone; a value of the variable chooses one; a table counts both."""
    code, report = examined(capsys, "--prometheus", url, "--board", "hubble-dns", "--board", "cilium-agent")
    east, west = (report["clusters"][name] for name in ("east", "west"))
    assert (code, causes(east)) == (1, set())
    assert ("missing-target", "hubble") in causes(west)
    _, only = examined(capsys, "--prometheus", url, "--board", "hubble-dns", "--var", "cluster=east")
    assert causes(only) == set()
    run(cli, ["doctor", "--interval", "1s", "--prometheus", url, "--board", "hubble-dns"])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("== ")] == ["== east", "== west"]
    (row,) = (line.split() for line in lines if line.startswith("missing-target "))
    assert (row[1], int(row[2]) > 5) == ("0", True)


@pytest.mark.fault("one of several Prometheus servers does not answer, and hides what the others say")
def test_several_servers(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each server is examined; one that does not answer is named, and the exit code says that it is partly done."""
    one = ("--var", "cluster=east", "--board", "hubble-dns")
    code, report = examined(capsys, "--prometheus", url, "--prometheus", "http://127.0.0.1:9", *one)
    assert (code, len(report["clusters"])) == (4, 2)
    assert [causes(part) for part in report["clusters"].values()] == [set(), {("unreachable", "Prometheus")}]


@pytest.mark.fault("alerts whose metric does not exist, or that are not loaded, look like alerts that do not fire")
def test_rules_are_examined(url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A rule without data has its cause, one that merely does not fire has none; what is not loaded is named."""
    file = tmp_path / "rules.yaml"
    file.write_text(RULES)
    args = ("--rules", str(file), "--board", "cilium-agent", "--var", "cluster=east", "--prometheus", url)
    _, report = examined(capsys, *args)
    by_cause = {
        item["rule"]: {location["panel"] for location in item["locations"] if location.get("file") == str(file)}
        for item in report["findings"]
    }
    assert by_cause["unloaded-rule"] == {"alert Never", "alert Dead"}
    assert by_cause["older-rule"] == {"rule x:agents"}
    explained = {cause for cause, panels in by_cause.items() if "alert Dead" in panels}
    assert explained > {"unloaded-rule"}
    assert {cause for cause, panels in by_cause.items() if {"alert AgentGone", "alert Never"} & panels} == {
        "unloaded-rule"
    }


@contextmanager
def proxy(url: str, refuse: Callable[[Mapping[str, str]], tuple[int, str] | None]) -> Iterator[str]:
    """A proxy before the Prometheus, which refuses requests by their headers with a status and a text."""

    def answer(path: str, params: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        return refuse(headers) or forwarded(url, path, params)

    with answering(answer) as address:
        yield address


def forwarded(url: str, path: str, params: Mapping[str, str]) -> tuple[int, Any]:
    """The answer of the Prometheus."""
    try:
        with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(params)}", timeout=30) as response:
            return 200, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


BASIC = f"Basic {base64.b64encode(b'ann:s3cret').decode()}"
WEST = ("--board", "hubble-dns", "--var", "cluster=west")


@pytest.mark.fault("doctor does not get through a proxy with a password, a token or a tenant")
@pytest.mark.parametrize(
    ("header", "value", "refusal", "cause"),
    [
        pytest.param("Authorization", BASIC, (401, "401 Authorization Required"), "refused-credentials", id="password"),
        pytest.param("Authorization", "Bearer s3cret", (403, "forbidden"), "refused-credentials", id="token"),
        pytest.param("X-Scope-Orgid", "s3cret", (401, "no org id"), "missing-tenant", id="tenant"),
    ],
)
def test_behind_a_proxy(
    url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    header: str,
    value: str,
    refusal: tuple[int, str],
    cause: str,
) -> None:
    """Without what the proxy demands it is the cause, and exit 3; with it the cluster is examined."""

    def refuse(headers: Mapping[str, str]) -> tuple[int, str] | None:
        return None if {name.title(): text for name, text in headers.items()}.get(header) == value else refusal

    with proxy(url, refuse) as address:
        code, report = examined(capsys, "--prometheus", address, *WEST)
        assert (code, {rule for rule, _ in causes(report)}) == (3, {cause})
        args = []
        if value == BASIC:
            address = address.replace("http://", "http://ann:s3cret@")
        elif value.startswith("Bearer"):
            monkeypatch.setenv("PROMETHEUS_TOKEN", "s3cret")
        else:
            args = ["--header", "X-Scope-OrgID: s3cret"]
        code = run(cli, ["doctor", "--interval", "1s", "--json", "--prometheus", address, *WEST, *args])
        printed = capsys.readouterr()
    assert (code, causes(json.loads(printed.out))) == (1, causes_of_west(url, capsys))
    assert "s3cret" not in printed.out + printed.err


def causes_of_west(url: str, capsys: pytest.CaptureFixture[str]) -> set[tuple[str, str]]:
    """The same without a proxy."""
    return causes(examined(capsys, "--prometheus", url, *WEST)[1])


@pytest.mark.fault("behind Thanos, Mimir or VictoriaMetrics doctor has nothing to say, as they tell no targets")
@pytest.mark.parametrize("product", ["Thanos", "Mimir", "VictoriaMetrics"])
def test_other_query_apis(url: str, capsys: pytest.CaptureFixture[str], product: str) -> None:
    """Their documented answers: no targets, metadata or runtimeinfo; data comes from the real Prometheus behind."""
    buildinfo = {
        "Thanos": {"version": "0.39.2"},
        "Mimir": {"application": "Grafana Mimir", "version": "2.17.0"},
        "VictoriaMetrics": {"version": "2.24.0"},
    }

    def answer(path: str, params: Mapping[str, str], _: Mapping[str, str]) -> tuple[int, Any]:
        if path.endswith("/buildinfo"):
            return 200, {"status": "success", "data": buildinfo[product]}
        if path.endswith(("/targets", "/runtimeinfo", "/rules")):
            return 404, "404 page not found"
        if path.endswith("/metadata"):
            return 200, {"status": "success", "data": {}}
        return forwarded(url, path, params)

    with answering(answer) as address:
        _, report = examined(capsys, "--prometheus", address, "--board", "hubble-dns")
    assert report["clusters"]["east"]["prometheus"]["version"] == buildinfo[product]["version"]
    assert causes(report["clusters"]["east"]) == set()
    assert ("missing-target", "hubble") in causes(report["clusters"]["west"])
