"""Values for any board: Cilium's metrics are read, and everything else is reported."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.cli import cli
from dashboards_py.errors import ProblemsFound
from dashboards_py.needs import needs, skipped_selectors
from dashboards_py.values.check import check
from tests.components import path_of

EXITS = pytest.mark.fault("`values --board` exits 2 on boards with metrics that are not Cilium's, or empty targets")
FORGETS = pytest.mark.fault("`label_values( cilium_x , node)` and query_result(...) are forgotten by `values`")
REGEX = '/destination_namespace="(.*)"/'
MIXED = {
    "title": "Mixed",
    "panels": [
        {"title": "Node", "targets": [{"expr": "rate(node_cpu_seconds_total[5m]) + kube_pod_info"}, {}]},
        {"title": "Recorded", "targets": [{"expr": "job:cilium:sum"}]},
        {"title": "Logs", "datasource": {"type": "loki"}, "targets": [{"expr": '{app="x"} |= "y"'}]},
        {"title": "Drops", "targets": [{"expr": "rate(hubble_drop_total[5m]) / rate(node_x[5m])"}]},
        {"title": "Typo", "targets": [{"expr": "cilium_drop_cuont_total"}]},
        {"title": "Gone", "targets": [{"expr": "cilium_triggers_policy_update_total"}]},
        {"title": "Wrong", "targets": [{"expr": "sum("}]},
        {"title": "Deep", "targets": [{"expr": "(" * 5000 + "cilium_bpf_syscall_duration_seconds_sum" + ")" * 5000}]},
        {"title": "Open", "targets": [{"expr": "$agg(cilium_operator_version)"}, {"expr": "$metric"}]},
        {"title": "Nameless", "targets": [{"expr": '{__name__=~"cilium_(drop|forward)_count_total"}'}]},
        {"title": "Anybody's", "targets": [{"expr": "go_goroutines"}]},
        {"title": "Library", "libraryPanel": {"uid": "l", "name": "L"}},
        {"title": "Text", "type": "text", "targets": [{}]},
    ],
    "templating": {
        "list": [
            {"name": "top", "type": "query", "query": "query_result(topk(3, cilium_policy_change_total))"},
            {"name": "w", "type": "query", "query": "label_values( hubble_dns_queries_total , source_workload )"},
            {
                "name": "r",
                "type": "query",
                "query": {"query": "query_result(hubble_icmp_total)"},
                "regex": '/destination_namespace="(.*)"/',
            },
            {"name": "all", "type": "query", "query": "label_names()"},
        ]
    },
    "annotations": {"list": [{"name": "m", "expr": "changes(cilium_version[1h]) > 0"}]},
}


def values(*args: str) -> Result:
    """Run `values`; errors are raised."""
    return CliRunner().invoke(cli, ["values", *args], catch_exceptions=False)


@pytest.fixture
def mixed(tmp_path: Path) -> str:
    """A file with the mixed board."""
    path = tmp_path / "mixed.json"
    path.write_text(json.dumps(MIXED))
    return str(path)


@EXITS
def test_metrics_of_cilium_are_read() -> None:
    """Panels, variables and annotations need their metrics, with the labels that a variable reads from the result."""
    needed = {(need.panel, need.metric.name, need.labels) for need in needs(read(MIXED), NEWEST)}
    none: frozenset[str] = frozenset()
    assert needed == {
        ("Drops", "hubble_drop_total", none),
        ("Deep", "cilium_bpf_syscall_duration_seconds", none),
        ("Open", "cilium_operator_version", none),
        ("variable top", "cilium_policy_change_total", none),
        ("variable w", "hubble_dns_queries_total", frozenset({"source_workload"})),
        ("variable r", "hubble_icmp_total", frozenset({"destination_namespace"})),
        ("annotation m", "cilium_version", none),
    }


@EXITS
def test_skipped_parts_are_reported() -> None:
    """Each with its reason; a metric that is just not Cilium's has none."""
    skipped_items = [(skipped.panel, skipped.what, skipped.why) for skipped in skipped_selectors(read(MIXED), NEWEST)]
    assert [(panel, what) for panel, what, why in skipped_items if not why] == [
        ("Node", "node_cpu_seconds_total"),
        ("Node", "kube_pod_info"),
        ("Recorded", "job:cilium:sum"),
        ("Drops", "node_x"),
    ]
    reasons = {panel: f"{what}: {why}" for panel, what, why in skipped_items if why}
    assert reasons.keys() == {"Logs", "Typo", "Gone", "Wrong", "Open", "Nameless", "Anybody's", "Library"}
    assert reasons["Logs"] == ": has no PromQL"
    assert "Did you mean cilium_drop_count_total" in reasons["Typo"]
    assert "Removed in 1.17" in reasons["Gone"]
    assert "unclosed" in reasons["Wrong"]
    assert reasons["Open"].startswith("$metric: ")
    assert reasons["Nameless"].startswith(': {__name__=~"cilium_(drop|forward)_count_total"} chooses series without')
    assert "every Go program has it: add a matcher on `pod`" in reasons["Anybody's"]
    assert "library panel L" in reasons["Library"]


@EXITS
@FORGETS
def test_the_command_prints_values_and_what_it_skipped(mixed: str) -> None:
    """Exit 0: values on standard output, one line for all foreign metrics and one for each other part on stderr."""
    result = values("--board", mixed)
    handlers = yaml.safe_load(result.stdout)["hubble"]["metrics"]["enabled"]
    assert result.exit_code == 0
    assert handlers == ["dns:labelsContext=source_workload", "drop", "icmp:labelsContext=destination_namespace"]
    lines = result.stderr.splitlines()
    foreign = "job:cilium:sum, kube_pod_info, node_cpu_seconds_total, node_x"
    assert lines[0] == f"skipped: Mixed: not Cilium's: {foreign}"
    assert len(lines) == 9
    assert all(line.startswith("skipped: Mixed: ") for line in lines)


@EXITS
def test_check_and_merge_with_read_the_same(mixed: str, tmp_path: Path) -> None:
    """--check checks Cilium's metrics only, --merge-with adds missing values."""
    values_file = tmp_path / "values.yaml"
    values_file.write_text("hubble: {metrics: {enabled: [flow]}}\n")
    with pytest.raises(ProblemsFound):
        values("--board", mixed, "--check", str(values_file))
    merged = values("--board", mixed, "--merge-with", str(values_file))
    assert merged.exit_code == 0
    assert yaml.safe_load(merged.stdout)["hubble"]["metrics"]["enabled"][0] == "flow"
    full = tmp_path / "full.yaml"
    full.write_text(values("--board", mixed).stdout)
    assert values("--board", mixed, "--check", str(full)).exit_code == 0


def test_a_title_is_not_a_value(tmp_path: Path) -> None:
    """A title with a line break is kept inside its comment."""
    panel = {"title": "a\nhostNetwork: true\r\x1b[31m", "targets": [{"expr": "cilium_version"}]}
    (tmp_path / "b.json").write_text(json.dumps({"title": "B", "panels": [panel]}))
    result = values("--board", str(tmp_path / "b.json"))
    assert "hostNetwork" not in yaml.safe_load(result.stdout)
    assert "\x1b" not in result.stdout


@EXITS
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_ciliums_own_boards_are_read(release: Release) -> None:
    """Every board of every available chart, on every release: values, and a check of them without problems."""
    boards = [
        (path.name, read(path.read_bytes(), path.name)) for path in sorted(path_of("upstream-boards").glob("*/*.json"))
    ]
    assert boards
    for name, board in boards:
        board_needs = needs(board, release)
        assert board_needs, name
        assert all(need.metric.exists_on(release) for need in board_needs)
        assert all(
            skipped.why or not skipped.what.startswith(("cilium_", "hubble_"))
            for skipped in skipped_selectors(board, release)
        )
        check([board], {}, release, labels={})


@pytest.mark.parametrize("target", [{"expr": ""}, {"expr": None}, {}, {"expr": " \n"}, {"expr": 5}], ids=str)
def test_targets_without_a_query(target: dict[str, Any]) -> None:
    """They need no metrics."""
    board = read({"title": "B", "panels": [{"title": "P", "targets": [target, {"expr": "cilium_version"}]}]})
    assert [need.metric.name for need in needs(board, NEWEST)] == ["cilium_version"]
    assert skipped_selectors(board, NEWEST) == ()
    assert check([board], {}, NEWEST, labels={}) != ()


@pytest.mark.fault("`values --check` is silent about `new or old` where the release lacks one and the values the other")
def test_an_alternative_that_the_release_does_not_have() -> None:
    """It is no reason to expect data: the panel is empty if the values lack the other metric."""
    expr = "sum(cilium_hive_jobs_runs_failed) or sum(cilium_controllers_failing)"
    board = read({"uid": "mine", "panels": [{"title": "Loops", "targets": [{"expr": expr}]}]})
    (finding,) = check([board], {}, Release(1, 18), labels={})
    assert (finding.panel, finding.gap) == ("Loops", "empty")
    assert "prometheus.enabled is not true" in finding.why
