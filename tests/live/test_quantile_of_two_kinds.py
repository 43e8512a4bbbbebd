"""A group with classic and native targets, as during a rollout from Cilium 1.19 to 1.20, in a real Prometheus."""

import json
import subprocess
from pathlib import Path

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.promql import for_both_kinds
from dashboards_py.queries import catalogued_series
from tests.components import require

METRIC = "cilium_endpoint_regeneration_time_stats_seconds"
# The classic half takes at most 1 s, the native half between 16 and 32 s (schema 0, bucket 5).
CLASSIC = {f'{METRIC}_bucket{{pod="classic", le="{le}"}}': "0+60x10" for le in ("1", "60", "+Inf")} | {
    f'{METRIC}_count{{pod="classic"}}': "0+60x10"
}
NATIVE = {
    f'{METRIC}{{pod="native"}}': "{{schema:0 sum:0 count:0 offset:5 buckets:[0]}}"
    "+{{schema:0 sum:1440 count:60 offset:5 buckets:[60]}}x10"
}
QUANTILE = f"histogram_quantile(1, sum by (le) (rate({METRIC}_bucket[5m])))"
BY_POD = f"max(histogram_quantile(1, sum by (le, pod) (rate({METRIC}_bucket[5m]))))"


@pytest.mark.fault("CHANGELOG says of quantiles that they join classic and native targets")
@pytest.mark.parametrize(
    ("query", "halves", "expected"),
    [
        pytest.param(f"sum(rate({METRIC}_count[5m]))", CLASSIC | NATIVE, 2, id="a sum has both halves"),
        pytest.param(QUANTILE, CLASSIC, 1, id="classic alone"),
        pytest.param(QUANTILE, NATIVE, 32, id="native alone"),
        pytest.param(QUANTILE, CLASSIC | NATIVE, 1, id="a quantile of both lacks the native half"),
        pytest.param(BY_POD, CLASSIC | NATIVE, 32, id="a quantile by target has both halves"),
    ],
)
def test_sums_join_the_halves_and_quantiles_do_not(
    query: str, halves: dict[str, str], expected: float, tmp_path: Path
) -> None:
    """What the docstring of `for_both_kinds` says of sums and of quantiles."""
    require("promtool")
    case = {"expr": for_both_kinds(query, catalogued_series(NEWEST)), "eval_time": "10m"}
    test = {
        "interval": "1m",
        "input_series": [{"series": series, "values": values} for series, values in halves.items()],
        "promql_expr_test": [{**case, "exp_samples": [{"labels": "{}", "value": expected}]}],
    }
    file = tmp_path / "test.json"  # which is YAML, too
    file.write_text(json.dumps({"fuzzy_compare": True, "tests": [test]}))
    run = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
