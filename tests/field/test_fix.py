"""`lint --fix` writes what is certain, and nothing else in the file changes."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dashboards_py.cli import cli
from tests.components import path_of
from tests.field.test_boards import config_map
from tests.field.v2_twin import resource

pytestmark = pytest.mark.fault("findings with a certain fix have to be fixed by hand, panel by panel")
DELAY = "cilium_policy_implementation_delay"
OF_K8S = "{source=`k8s`}[$__rate_interval]"
# By query: the query afterwards.
FIXES = {
    'sum(rate(hubble_drop_total{reason="Policy denied"}[$__rate_interval]))': (
        'sum(rate(hubble_drop_total{reason="POLICY_DENIED"}[$__rate_interval]))'
    ),
    'rate(cilium_drop_count_total{ reason = "POLICY_DENIED" }[$__rate_interval])': (
        'rate(cilium_drop_count_total{ reason="Policy denied" }[$__rate_interval])'
    ),
    'hubble_flows_processed_total{protocol="tcp"}': 'hubble_flows_processed_total{protocol="TCP"}',
    'cilium_version{pod="$pod"}': 'cilium_version{pod=~"$pod"}',
    'cilium_version{pod!="${pod}"}': 'cilium_version{pod!~"${pod}"}',
    'cilium_policy_change_total{outcome="failure"}': 'cilium_policy_change_total{outcome="fail"}',
    'hubble_flows_processed_total{verdict="DROP"}': 'hubble_flows_processed_total{verdict="DROPPED"}',
    'cilium_drop_count_total{reason="POLICY_DENIED",direction="ingress"}': (
        'cilium_drop_count_total{reason="Policy denied",direction="INGRESS"}'
    ),
    'rate(hubble_dns_responses_total{rcode="NXDOMAIN"}[$__rate_interval])': (
        'rate(hubble_dns_responses_total{rcode="Non-Existent Domain"}[$__rate_interval])'
    ),
    'rate(hubble_dns_responses_total{rcode!~"NOERROR|NXDOMAIN"}[$__rate_interval])': (
        'rate(hubble_dns_responses_total{rcode!~"No Error|Non-Existent Domain"}[$__rate_interval])'
    ),
    'hubble_drop_total{reason=~"Policy denied|Stale or unroutable IP"}': (
        'hubble_drop_total{reason=~"POLICY_DENIED|STALE_OR_UNROUTABLE_IP"}'
    ),
    'hubble_drop_total{reason=~"policy denied.*"}': 'hubble_drop_total{reason=~"policy denied.*"}',
    "sum(rate(cilium_policy_l7_denied_total[$__rate_interval]))": (
        'sum(rate(cilium_policy_l7_total{rule="denied"}[$__rate_interval]))'
    ),
    'cilium_policy_l7_parse_errors_total{pod="a"} - cilium_policy_l7_received_total{}': (
        'cilium_policy_l7_total{rule="parse_errors", pod="a"} - cilium_policy_l7_total{rule="received"}'
    ),
    'hubble_drop_total{reason="policy"}': 'hubble_drop_total{reason="policy"}',
    "cilium_operator_workqueue_depth": "cilium_k8s_workqueue_depth",
    f"sum(rate({DELAY}_sum[$__rate_interval])) / sum(rate({DELAY}_count[$__rate_interval]))": (
        f"sum(rate({DELAY}_sum[$__rate_interval]) or histogram_sum(rate({DELAY}[$__rate_interval])))"
        f" / (sum(rate({DELAY}_count[$__rate_interval]) or histogram_count(rate({DELAY}[$__rate_interval]))) > 0)"
    ),
    f"sum(rate({DELAY}_sum{OF_K8S})) / sum(rate({DELAY}_count{OF_K8S}))": (
        f"sum(rate({DELAY}_sum{OF_K8S}) or histogram_sum(rate({DELAY}{OF_K8S})))"
        f" / (sum(rate({DELAY}_count{OF_K8S}) or histogram_count(rate({DELAY}{OF_K8S}))) > 0)"
    ),
    'hubble_drop_total{reason="nonsense"}': 'hubble_drop_total{reason="nonsense"}',
    "cilium_nonsense_total": "cilium_nonsense_total",
    "up": "up",
    "sum by (namespace, source_workload) (rate(hubble_drop_total[$__rate_interval]))": (
        "sum by (source_namespace, source_workload) (rate(hubble_drop_total[$__rate_interval]))"
    ),
    'rate(hubble_drop_total{destination_pod="a", namespace="shop"}[$__rate_interval])': (
        'rate(hubble_drop_total{destination_pod="a", destination_namespace="shop"}[$__rate_interval])'
    ),
    'rate(hubble_drop_total{namespace=~"$of"}[$__rate_interval])': (
        'rate(hubble_drop_total{source_namespace=~"$of"}[$__rate_interval])'
    ),
    **{
        unclear: unclear  # either side may be meant
        for unclear in (
            'sum by (source_workload) (rate(hubble_drop_total{namespace="shop"}[$__rate_interval]))',
            "sum by (namespace, source_pod, destination_pod) (rate(hubble_drop_total[$__rate_interval]))",
            'hubble_drop_total{namespace="a", source_pod="b"} - hubble_drop_total{namespace="a", destination_pod="b"}',
        )
    },
}


def document(*exprs: str) -> dict[str, Any]:
    """A board with a panel for each query, and a variable with several values."""
    variables = [
        {"name": "pod", "type": "query", "query": "label_values(cilium_version, pod)", "multi": True},
        {"name": "of", "type": "query", "query": "label_values(hubble_drop_total, source_namespace)", "multi": True},
    ]
    panels = [
        {"id": index, "type": "stat", "title": f"P{index}", "targets": [{"refId": "A", "expr": expr}]}
        for index, expr in enumerate(exprs)
    ]
    return {"uid": "b", "title": "b", "panels": panels, "templating": {"list": variables}}


def fix(path: Path, *args: str) -> Result:
    """`lint --fix` of a file."""
    return CliRunner().invoke(cli, ["lint", "--fix", str(path), *args])


@pytest.mark.parametrize("as_v2", [False, True], ids=["v1", "v2"])
@pytest.mark.parametrize("indent", [None, 2, 4])
def test_fixes(tmp_path: Path, as_v2: bool, indent: int | None) -> None:
    """Each query becomes its fix, in both schemas and however the file is written; all else stays, byte by byte."""
    before, after = (document(*queries) for queries in (FIXES, FIXES.values()))
    if as_v2:
        before, after = resource(before), resource(after)
    path = tmp_path / "board.json"
    path.write_text(json.dumps(before, indent=indent) + "\n\n")
    result = fix(path)
    assert path.read_text() == json.dumps(after, indent=indent) + "\n\n"
    assert f"fixed: {path}" in result.stderr
    assert "nonsense" in result.stdout
    assert fix(path).stderr.count("fixed:") == 0


def test_fixed_windows(tmp_path: Path) -> None:
    """They are habits: only with --severity info."""
    path = tmp_path / "board.json"
    path.write_text(json.dumps(document("rate(cilium_drop_count_total[5m])")))
    fix(path)
    assert "[5m]" in path.read_text()
    fix(path, "--severity", "info")
    assert "[$__rate_interval]" in path.read_text()


@pytest.mark.fault("lint --fix writes the fix of one panel into others that have the same query")
def test_panels_that_need_different_queries(tmp_path: Path) -> None:
    """An instant query needs its window, where a graph of the same expression does not: neither is written."""
    path = tmp_path / "board.json"
    board = document(*["rate(cilium_drop_count_total[5m])"] * 2)
    board["panels"][0]["targets"][0]["instant"] = True
    path.write_text(json.dumps(board))
    assert "not fixed: rate(cilium_drop_count_total[5m])" in fix(path, "--severity", "info").stderr
    assert json.loads(path.read_text()) == board


def test_what_is_not_written(tmp_path: Path) -> None:
    """A board inside another document is named, and stays as it is."""
    path = tmp_path / "config.yaml"
    path.write_text(json.dumps(config_map(a=json.dumps(document(*FIXES)))))
    before = path.read_text()
    assert "not fixed: " in fix(path).stderr
    assert path.read_text() == before


GRAPH: dict[str, Any] = {
    "aliasColors": {"a": "#cffaff"},
    "datasource": {"type": "prometheus", "uid": "${ds}"},
    "fill": 2,
    "id": 1,
    "lines": True,
    "linewidth": 3,
    "links": [],
    "stack": True,
    "targets": [{"expr": "up", "refId": "A"}],
    "title": "Größe",
    "tooltip": {"shared": True, "sort": 2, "value_type": "individual"},
    "type": "graph",
    "xaxis": {"mode": "time", "show": True},
    "yaxes": [{"format": "bytes", "logBase": 1, "show": True}, {"format": "short"}],
}
TIME_SERIES = {
    "datasource": {"type": "prometheus", "uid": "${ds}"},
    "fieldConfig": {
        "defaults": {
            "unit": "bytes",
            "custom": {
                "drawStyle": "line",
                "lineWidth": 3,
                "fillOpacity": 20,
                "showPoints": "never",
                "spanNulls": False,
                "stacking": {"mode": "normal", "group": "A"},
            },
        },
        "overrides": [
            {
                "matcher": {"id": "byName", "options": "a"},
                "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": "#cffaff"}}],
            }
        ],
    },
    "id": 1,
    "links": [],
    "options": {
        "legend": {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "targets": [{"expr": "up", "refId": "A"}],
    "title": "Größe",
    "type": "timeseries",
}


@pytest.mark.parametrize("ensure_ascii", [False, True])
@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_graphs_become_time_series(tmp_path: Path, indent: int | str | None, ensure_ascii: bool) -> None:
    """As Grafana turns them; in rows too, whatever the style of the file, and nothing else changes."""
    row = {"type": "row", "title": "r", "panels": [GRAPH], "x": 1.50}
    path = tmp_path / "board.json"
    for old, new in ((GRAPH, TIME_SERIES), (row, {**row, "panels": [TIME_SERIES]})):
        before, after = ({"title": "b", "panels": [panel, {"type": "text"}], "version": 1} for panel in (old, new))
        path.write_text(json.dumps(before, indent=indent, ensure_ascii=ensure_ascii))
        result = fix(path)
        assert path.read_text() == json.dumps(after, indent=indent, ensure_ascii=ensure_ascii)
        assert "Größe: type timeseries" in result.stderr


@pytest.mark.parametrize(
    "more",
    [
        {"xaxis": {"mode": "series"}},
        {"xaxis": {"mode": "histogram"}},
        {"timeRegions": [{"op": "time"}]},
        {"nullPointMode": "null as zero"},
        {"thresholds": [{"op": "lt", "value": 1}]},
        {"seriesOverrides": [{"alias": "a", "zindex": 3}]},
        {"decimals": 2},
        {"legend": {"hideZero": True}},
        {"type": "singlestat"},
        {"libraryPanel": {"uid": "x", "name": "x"}},
    ],
    ids=str,
)
def test_graphs_that_would_lose_something_stay(tmp_path: Path, more: dict[str, Any]) -> None:
    """They are reported, and the file is not touched."""
    path = tmp_path / "board.json"
    before = json.dumps({"title": "b", "panels": [{**GRAPH, **more}]})
    path.write_text(before)
    assert "fixed: " not in fix(path).stderr
    assert path.read_text() == before


SOURCES = {
    "panel": ({"panels": [{"type": "stat", "datasource": {"type": "prometheus", "uid": "P18"}}]}, False, True),
    "target": (
        {"panels": [{"type": "stat", "targets": [{"expr": "up", "datasource": {"type": "prometheus", "uid": "P18"}}]}]},
        True,
        True,
    ),
    "a variable already": (
        {"panels": [{"type": "stat", "targets": [{"datasource": {"type": "prometheus", "uid": "$P18"}}]}]},
        True,
        False,
    ),
    "Loki": ({"panels": [{"type": "logs", "targets": [{"datasource": {"type": "loki", "uid": "P18"}}]}]}, True, False),
    "of unknown type": ({"panels": [{"type": "stat", "datasource": "P18"}]}, False, False),
}


@pytest.mark.parametrize("as_v2", [False, True], ids=["v1", "v2"])
@pytest.mark.parametrize(("panels", "has_v2", "is_fixed"), SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize("kinds", [["prometheus"], [], ["prometheus", "prometheus"], ["loki"]], ids=str)
def test_data_sources(tmp_path: Path, panels: Any, has_v2: bool, is_fixed: bool, kinds: list[str], as_v2: bool) -> None:
    """That of Prometheus becomes the board's variable, if it has exactly one; schema v2 has it in queries only."""
    variables = [{"name": f"ds{index}", "type": "datasource", "query": kind} for index, kind in enumerate(kinds)]
    before: Any = {"uid": "b", "title": "b", **panels, "templating": {"list": variables}}
    text = json.dumps(resource(before) if as_v2 and has_v2 else before)
    path = tmp_path / "board.json"
    path.write_text(text)
    fix(path)
    expected = text.replace("P18", "${ds0}") if is_fixed and kinds == ["prometheus"] else text
    assert path.read_text() == expected


def without_fixes(value: Any) -> Any:
    """A board without expressions, and without old graphs and the panels that they become."""
    if isinstance(value, dict) and value.get("type") in ("graph", "timeseries"):
        return value.get("id"), value.get("title"), value.get("gridPos"), len(value.get("targets", []))
    if isinstance(value, dict):
        return {key: None if key == "expr" else without_fixes(inner) for key, inner in value.items()}
    return list(map(without_fixes, value)) if isinstance(value, list) else value


def test_upstream_boards(tmp_path: Path, report: Callable[[str], None]) -> None:
    """Most errors and warnings of Cilium's own boards are fixed; nothing else changes, and nothing new is found.

    Of every ten, six are fixed; of those of queries, which are the others without graphs as time series, nearly five.
    """
    reported: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for source in sorted((Path(path_of("upstream-boards")) / "cilium-1.20.0").glob("*.json")):
        path = tmp_path / source.name
        path.write_bytes(source.read_bytes())
        arguments = ["lint", str(path), "--json", "--severity", "warning"]
        before = json.loads(CliRunner().invoke(cli, arguments).stdout)
        after = json.loads(fix(path, "--json", "--severity", "warning").stdout)
        assert {row["rule"] for row in after} <= {row["rule"] for row in before}
        assert without_fixes(json.loads(path.read_text())) == without_fixes(json.loads(source.read_text()))
        if not any(row["rule"] == "removed-panel-type" for row in before):
            lines = zip(source.read_text().splitlines(), path.read_text().splitlines(), strict=True)
            assert all('"expr": ' in old and '"expr": ' in new for old, new in lines if old != new)
        reported.update(row["rule"] for row in before)
        left.update(row["rule"] for row in after)
    graphs = reported["removed-panel-type"] - left["removed-panel-type"]
    of_queries = 1 - left.total() / (reported.total() - graphs)
    share = 1 - left.total() / reported.total()
    total = reported.total()
    report(f"lint --fix of Cilium's boards: {share:.0%} of {total} findings, {of_queries:.0%} of those but of graphs")
    assert share >= 0.6
    assert of_queries >= 0.48
