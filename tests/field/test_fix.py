"""`lint --fix` writes what is certain, and nothing else in the file changes."""

import json
import shutil
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
    "cilium_operator_workqueue_depth": "cilium_k8s_workqueue_depth",
    f"sum(rate({DELAY}_sum[$__rate_interval])) / sum(rate({DELAY}_count[$__rate_interval]))": (
        f"sum(rate({DELAY}_sum[$__rate_interval]) or histogram_sum(rate({DELAY}[$__rate_interval])))"
        f" / (sum(rate({DELAY}_count[$__rate_interval]) or histogram_count(rate({DELAY}[$__rate_interval]))) > 0)"
    ),
    'hubble_drop_total{reason="nonsense"}': 'hubble_drop_total{reason="nonsense"}',
    "cilium_nonsense_total": "cilium_nonsense_total",
    "up": "up",
}


def document(*exprs: str) -> dict[str, Any]:
    """A board with a panel for each query, and a variable with several values."""
    variable = {"name": "pod", "type": "query", "query": "label_values(cilium_version, pod)", "multi": True}
    panels = [
        {"id": index, "type": "stat", "title": f"P{index}", "targets": [{"refId": "A", "expr": expr}]}
        for index, expr in enumerate(exprs)
    ]
    return {"uid": "b", "title": "b", "panels": panels, "templating": {"list": [variable]}}


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


def test_what_is_not_written(tmp_path: Path) -> None:
    """A board inside another document is named, and stays as it is."""
    path = tmp_path / "config.yaml"
    path.write_text(json.dumps(config_map(a=json.dumps(document(*FIXES)))))
    before = path.read_text()
    assert "not fixed: " in fix(path).stderr
    assert path.read_text() == before


def test_upstream_boards(tmp_path: Path) -> None:
    """Only lines with queries differ, and no board has more findings than before."""
    fixed = 0
    for source in sorted((Path(path_of("upstream-boards")) / "cilium-1.20.0").glob("*.json")):
        path = tmp_path / source.name
        shutil.copyfile(source, path)
        arguments = ["lint", str(path), "--json", "--severity", "warning"]
        before = json.loads(CliRunner().invoke(cli, arguments).stdout)
        after = json.loads(fix(path, "--json", "--severity", "warning").stdout)
        assert {row["rule"] for row in after} <= {row["rule"] for row in before}
        lines = zip(source.read_text().splitlines(), path.read_text().splitlines(), strict=True)
        assert all('"expr": ' in old and '"expr": ' in new for old, new in lines if old != new)
        fixed += len(before) - len(after)
    assert fixed > 30
