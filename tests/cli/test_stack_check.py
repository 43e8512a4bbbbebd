"""`values stack --check` as a command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards_py.cli import cli
from dashboards_py.errors import ProblemsFound
from tests.upstream.test_answers import write_board

FAULT = pytest.mark.fault("`values` does not look at how the Prometheus stores histograms")
RATE = "rate(cilium_policy_implementation_delay_count[5m])"
SPEC = "prometheus.prometheusSpec"
OBJECT = """
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: monitoring}
spec: {serviceMonitorSelector: {}, convertClassicHistogramsToNHCB: true}
"""


def run(*args: str) -> Result:
    """Run the command; our errors are in the result."""
    return CliRunner().invoke(cli, ["values", "stack", *args])


@pytest.fixture
def complete(tmp_path: Path) -> Path:
    """A file with the output of `values stack`."""
    path = tmp_path / "stack.yaml"
    path.write_text(run().stdout)
    return path


@FAULT
@pytest.mark.parametrize(
    ("switch", "stored"),
    [
        ("scrapeNativeHistograms", "natively without classic series: cilium-agent, cilium-operator"),
        ("scrapeClassicHistograms", "as classic series, which all boards read"),
        ("convertClassicHistogramsToNHCB", "by convertClassicHistogramsToNHCB. These boards read both kinds"),
    ],
)
def test_our_boards_read_histograms_however_they_are_stored(complete: Path, switch: str, stored: str) -> None:
    """Each option is reported with its effect; no panel of ours is empty, so the exit code is 0."""
    result = run("--check", str(complete), "--set", f"{SPEC}.{switch}=true")
    assert result.exit_code == 0, result.output
    assert f"{SPEC}: histograms are stored " in result.stdout
    assert stored in result.stdout
    assert ": 0 with queries that are empty" in result.stderr


@FAULT
def test_panels_of_other_boards_that_become_empty(complete: Path, tmp_path: Path) -> None:
    """They are listed by missing series, `partly` if only one query is empty; a query of both kinds is not listed."""
    both = f"{RATE} or histogram_count({RATE.replace('_count', '')})"
    path = write_board(tmp_path, "theirs.json", Count=RATE, Both=both, Gauge="cilium_bpf_map_pressure")
    board = json.loads(path.read_text())
    board["panels"].append({"id": 9, "type": "graph", "title": "Half", "targets": [{"expr": RATE}, {"expr": "up"}]})
    path.write_text(json.dumps(board))
    args = ["--check", str(complete), "--board", str(path)]
    assert run(*args).exit_code == 0
    args += ["--set", f"{SPEC}.scrapeNativeHistograms=true"]
    result = run(*args)
    assert isinstance(result.exception, ProblemsFound)
    assert "lint FILE prints queries that read both kinds" in str(result.exception)
    assert "not stored: cilium_policy_implementation_delay_count [native-histograms]\n" in result.stdout
    (prometheus,) = json.loads(run(*args, "--json").stdout)["prometheuses"]
    assert prometheus["panels"] == [
        {
            "board": "x",
            "panel": panel,
            "gap": gap,
            "why": ["not stored: cilium_policy_implementation_delay_count"],
            "causes": ["native-histograms"],
        }
        for panel, gap in (("Count", "empty"), ("Half", "partly"))
    ]
    assert run(*args, "--cilium", "1.16").exit_code == 0  # 1.16 exposes no native histograms


@FAULT
def test_an_object_from_standard_input(tmp_path: Path) -> None:
    """As from `kubectl get prometheus -o yaml`; flags of Helm are refused with it."""
    path = write_board(tmp_path, "theirs.json", Latency="histogram_quantile(0.9, rate(http_server_bucket[5m]))")
    args = ["values", "stack", "--check", "-", "--board", str(path)]
    result = CliRunner().invoke(cli, args, input=OBJECT)
    assert isinstance(result.exception, ProblemsFound)
    assert "lint --all FILE" in str(result.exception)
    assert "Prometheus monitoring/k8s: histograms are stored natively" in result.stdout
    assert "empty  x / Latency" in result.stdout
    refused = CliRunner().invoke(cli, [*args, "--set", "a=b"], input=OBJECT)
    assert refused.exit_code == 2
    assert "--set has no effect for Prometheus objects" in refused.stderr
    other = CliRunner().invoke(cli, args, input="apiVersion: v1\nkind: Secret\n")
    assert "standard input: contains no Prometheus" in str(other.exception)


@pytest.mark.fault("`values stack` cannot check the values that a stack has")
def test_values_that_lack_something(tmp_path: Path) -> None:
    """Each key is printed with the reason, as text and JSON, and the error names the command that prints the values."""
    path = tmp_path / "mine.yaml"
    path.write_text("")
    result = run("--check", str(path))
    assert isinstance(result.exception, ProblemsFound)
    assert "cilium-dashboards values stack prints what to set" in str(result.exception)
    assert "grafana.sidecar.dashboards.folderAnnotation: is not set, not grafana_folder" in result.stdout
    document = json.loads(run("--check", str(path), "--json").stdout)
    assert [gap["key"].rpartition(".")[2] for gap in document["gaps"]] == [
        "folderAnnotation",
        "foldersFromFilesStructure",
    ]


def test_a_selector_that_does_not_match(tmp_path: Path) -> None:
    """The advice is to set it, or to check for the label that it does select."""
    path = tmp_path / "mine.yaml"
    path.write_text("prometheus: {prometheusSpec: {serviceMonitorSelector: {matchLabels: {release: other}}}}\n")
    assert "--release NAME" in str(run("--check", str(path)).exception)
    assert "--release NAME" not in str(run("--check", str(path), "--release", "other").exception)
