"""Doctor over a real Prometheus with two clusters and rules, directly and behind proxies and other query APIs."""

import base64
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
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
            "cilium-envoy": {"labels_of": {"1": {"cluster": "east"}, "2": {"cluster": "west"}}},
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


def success(data: Any, **more: Any) -> tuple[int, Any]:
    """An answer with data."""
    return 200, {"status": "success", "data": data, **more}


NO_PAGE = (404, "404 page not found\n")
NO_GROUPS = success({"groups": []})
Answers = Mapping[str, tuple[int, Any]]
# The prefix of a product's paths, and what it answers to those that are no query, by their ends. Thanos Query asks its
# sidecars for targets, metadata and rules, and has none where it reads object storage alone (pkg/api/query/v1.go,
# pkg/api/api.go). Mimir's ruler lists its own rules, and its router knows no targets nor runtimeinfo (pkg/api/api.go).
# VictoriaMetrics answers rules with a placeholder, and an unsupported path with 400 (app/vmselect/main.go).
APIS: Mapping[str, tuple[str, Answers]] = {
    "Thanos": (
        "/thanos",
        {
            "/buildinfo": success({"version": "0.39.2", "revision": "a", "branch": "HEAD", "goVersion": "go1.24"}),
            "/targets": success({"activeTargets": [], "droppedTargets": []}),
            "/runtimeinfo": success({"startTime": "2026-01-01T00:00:00Z", "CWD": "/", "GOMAXPROCS": 2}),
            "/metadata": success({}),
            "/rules": NO_GROUPS,
        },
    ),
    "Mimir": (
        "/prometheus",
        {
            "/buildinfo": success({"application": "Grafana Mimir", "version": "2.17.0", "features": {}}),
            "/targets": NO_PAGE,
            "/runtimeinfo": NO_PAGE,
            "/metadata": success({}),
            "/rules": success({"groups": []}, errorType="", error=""),
        },
    ),
    "VictoriaMetrics": (
        "/select/0/prometheus",
        {
            "/buildinfo": success({"version": "2.24.0"}),
            "/targets": (400, 'unsupported path requested: "/select/0/prometheus/api/v1/targets"\n'),
            "/runtimeinfo": (400, 'unsupported path requested: "/select/0/prometheus/api/v1/status/runtimeinfo"\n'),
            "/metadata": success({}),
            "/rules": NO_GROUPS,
        },
    ),
}


@contextmanager
def api_of(product: str, url: str, warnings: Sequence[str] = ()) -> Iterator[str]:
    """The address of a stand-in for a product; data comes from the real Prometheus behind, `warnings` with it."""
    prefix, answers = APIS[product]

    def answer(path: str, params: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        if not path.startswith(f"{prefix}/api/v1/"):
            return NO_PAGE
        if path.endswith("/buildinfo"):  # which Mimir answers without a tenant
            return answers["/buildinfo"]
        if product == "Mimir" and {name.title(): text for name, text in headers.items()}.get("X-Scope-Orgid") != "one":
            return 401, "no org id\n"
        if own := next((own for end, own in answers.items() if path.endswith(end)), None):
            return own
        status, body = forwarded(url, path.removeprefix(prefix), params)
        return status, {**body, "warnings": list(warnings)} if status == 200 and warnings else body

    with answering(answer) as address:
        yield f"{address}{prefix}"


@pytest.mark.fault("behind Thanos, Mimir or VictoriaMetrics doctor has nothing to say, as they tell no targets")
@pytest.mark.parametrize("product", APIS)
def test_other_query_apis(url: str, capsys: pytest.CaptureFixture[str], product: str) -> None:
    """What is missing is named without targets, behind the product's path and with its tenant; the rest is healthy."""
    with api_of(product, url) as address:
        args = ("--prometheus", address, "--board", "hubble-dns", "--header", "X-Scope-OrgID: one")
        _, report = examined(capsys, *args)
        root = examined(capsys, "--prometheus", address.rpartition(APIS[product][0])[0], "--board", "hubble-dns")
        tenant = examined(capsys, "--prometheus", address, "--board", "hubble-dns") if product == "Mimir" else None
    assert report["clusters"]["east"]["prometheus"]["version"] == APIS[product][1]["/buildinfo"][1]["data"]["version"]
    assert causes(report["clusters"]["east"]) == set()
    assert ("missing-target", "hubble") in causes(report["clusters"]["west"])
    assert (root[0], causes(root[1])) == (2, {("not-a-prometheus", "what")})
    assert tenant is None or (tenant[0], causes(tenant[1])) == (3, {("missing-tenant", "no")})


@pytest.mark.fault("a Thanos whose sidecar does not answer gives wrong sums, and doctor calls them healthy")
def test_partial_answers(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings of answers are a cause; what Prometheus remarks on a query is none."""
    partial = 'receive series from Addr: 10.0.0.1:10901 LabelSets: {replica="a"}: context deadline exceeded'
    for warning, is_cause in ((partial, True), ("PromQL info: metric might not be a counter", False)):
        with api_of("Thanos", url, [warning]) as address:
            _, report = examined(capsys, "--prometheus", address, "--board", "hubble-dns", "--var", "cluster=east")
        named = [item for item in report["findings"] if item["rule"] == "partial-answers"]
        assert [warning in item["why"] for item in named] == [True] * is_cause


@pytest.mark.fault("behind VictoriaMetrics, Thanos or Mimir all rules are called not loaded")
@pytest.mark.parametrize("product", APIS)
def test_rules_of_others(url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, product: str) -> None:
    """Who lists no rule at all does not evaluate any: vmalert does, or the Prometheus that sends the samples."""
    file = tmp_path / "rules.yaml"
    file.write_text(RULES)
    with api_of(product, url) as address:
        args = (
            "--prometheus",
            address,
            "--header",
            "X-Scope-OrgID: one",
            "--var",
            "cluster=east",
            "--rules",
            str(file),
        )
        _, report = examined(capsys, *args)
    assert "unloaded-rule" not in {item["rule"] for item in report["findings"]}


@pytest.mark.fault("doctor --watch misses what changes, or ends when the server is away for a moment")
def test_watch(url: str) -> None:
    """A process that is left running prints each change once, goes on after errors, and ends with 130 by Ctrl-C."""
    state = {"answer": "forward"}

    def answer(path: str, params: Mapping[str, str], _: Mapping[str, str]) -> tuple[int, Any]:
        return (401, "Unauthorized") if state["answer"] == "refuse" else forwarded(url, path, params)

    with answering(answer) as address:
        args = ("--interval", "1s", "--prometheus", address, *WEST[:2], "--var", "cluster=east", "--watch", "1s")
        script = (
            "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # also in a background job
            "from dashboards_py.cli import main; main()"
        )
        command = [sys.executable, "-c", script, "doctor", *args]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert process.stdout
        end = Timer(90, process.kill)  # so that a line that never comes does not hang
        end.start()
        try:
            for change, expected in (
                ("forward", "are as they should be"),
                ("refuse", "refuses"),
                ("forward", "are as"),
            ):
                state["answer"] = change
                texts: list[str] = []
                while not texts or expected not in texts[-1]:
                    texts.append(process.stdout.readline())
                    assert texts[-1], texts
                assert sum("UTC" in text for text in texts) == 1, texts
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 130
        finally:
            end.cancel()
            process.kill()
