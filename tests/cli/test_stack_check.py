"""`values stack --check` as a command."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
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


WRAPPED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "HelmRelease of Flux": (
        {
            "apiVersion": "helm.toolkit.fluxcd.io/v2",
            "kind": "HelmRelease",
            "metadata": {"name": "monitoring"},
            "spec": {"releaseName": "kps", "chart": {"spec": {"chart": "kube-prometheus-stack"}}},
        },
        ("spec", "values"),
    ),
    "Application of Argo CD": (
        {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": {"name": "monitoring"},
            "spec": {"source": {"chart": "kube-prometheus-stack", "helm": {"releaseName": "kps"}}},
        },
        ("spec", "source", "helm", "valuesObject"),
    ),
    "HelmChart of k3s": (
        {
            "apiVersion": "helm.cattle.io/v1",
            "kind": "HelmChart",
            "metadata": {"name": "kps"},
            "spec": {"chart": "kube-prometheus-stack"},
        },
        ("spec", "valuesContent"),
    ),
}


def wrapped(name: str, values: Any) -> str:
    """Values of the stack in an object, as YAML."""
    body, path = deepcopy(WRAPPED[name])
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = yaml.safe_dump(values) if path[-1] == "valuesContent" else values
    return yaml.safe_dump(body)


@pytest.mark.fault("`values stack --check` refuses the stack's values in the object that installs it")
@pytest.mark.parametrize("name", WRAPPED)
@pytest.mark.parametrize("is_complete", [True, False], ids=["complete", "lacking"])
def test_wrapped_values(tmp_path: Path, name: str, is_complete: bool) -> None:
    """The answer is that of the plain values, with the Helm release that the object names."""
    values = yaml.safe_load(run("--release", "kps").stdout) if is_complete else {"prometheus": {"enabled": True}}
    plain, path = tmp_path / "plain.yaml", tmp_path / "object.yaml"
    plain.write_text(yaml.safe_dump(values))
    path.write_text(wrapped(name, values))
    expected, result = run("--check", str(plain), "--release", "kps"), run("--check", str(path))
    assert (result.exit_code, result.stdout, result.stderr) == (expected.exit_code, expected.stdout, expected.stderr)
    assert (result.exit_code == 0) is is_complete
    switched = run("--check", str(path), "--set", f"{SPEC}.scrapeNativeHistograms=true")
    assert "natively without classic series" in switched.stdout


@pytest.mark.fault("`values stack --check` takes a file that holds no values of the stack for empty values")
@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param("hubble: {enabled: true}\n", "contains no Prometheus", id="values-of-Cilium"),
        pytest.param(wrapped("HelmChart of k3s", {}) + "---\n" + wrapped("HelmChart of k3s", {}), "2 times", id="two"),
    ],
)
def test_no_values_of_the_stack(tmp_path: Path, text: str, cause: str) -> None:
    """The error says what is wrong; two stacks in one file are not merged."""
    path = tmp_path / "object.yaml"
    path.write_text(text)
    assert cause in str(run("--check", str(path)).exception)
