"""The synthetic Cilium in a real Prometheus: the model's values are Prometheus' answers."""

import json
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.demo.cluster.series import generate
from dashboards_py.demo.cluster.shapes import Counter, Gauge
from tests.components import require
from tests.live.cluster import HISTORY, full_cluster, history
from tests.live.processes import prometheus
from tests.synthetic.backfill import times

DELAY = "cilium_policy_implementation_delay"
ONLY = frozenset(
    {
        "cilium_drop_count_total",
        "cilium_version",
        "cilium_endpoint_state",
        *(f"{DELAY}_{suffix}" for suffix in ("bucket", "sum", "count")),
    }
)


def instant_values(source: str, expr: str, moment: float) -> dict[str, float]:
    """The values of an instant query, by labels."""
    parameters = urllib.parse.urlencode({"query": expr, "time": moment})
    with urllib.request.urlopen(f"{source}/api/v1/query?{parameters}", timeout=20) as answer:
        results = json.load(answer)["data"]["result"]
    return {
        json.dumps({key: value for key, value in series["metric"].items() if key != "__name__"}, sort_keys=True): float(
            series["value"][1]
        )
        for series in results
    }


@pytest.mark.parametrize("release", [RELEASES[0], RELEASES[-1]], ids=str)
def test_prometheus_agrees_with_the_model(tmp_path: Path, release: Release) -> None:
    """Series, rates, levels and means agree with the generator's parameters."""
    require("prometheus")
    cluster = full_cluster(release, nodes=2, clusters=("east",))
    hour = history(cluster, ONLY, tmp_path / "data")
    model = list(generate(cluster, end=hour[1], only=ONLY))
    with prometheus(tmp_path / "data") as source:
        for name in ("cilium_drop_count_total", "cilium_version", "up", f"{DELAY}_bucket"):
            assert instant_values(source, f"count({name})", hour[1])["{}"] == sum(
                series.name == name for series in model
            )
        drops = sum(
            series.shape.rate
            for series in model
            if series.name == "cilium_drop_count_total" and isinstance(series.shape, Counter)
        )
        measured = instant_values(source, "sum(rate(cilium_drop_count_total[40m]))", hour[1])[
            "{}"
        ]  # one period of the wave
        assert measured == pytest.approx(drops, rel=0.02)
        ready = sum(
            series.shape.at(HISTORY - 15)
            for series in model
            if dict(series.labels).get("endpoint_state") == "ready" and isinstance(series.shape, Gauge)
        )
        assert instant_values(source, 'sum(cilium_endpoint_state{endpoint_state="ready"})', hour[1])[
            "{}"
        ] == pytest.approx(ready, abs=2)
        mean = instant_values(
            source,
            f"sum(rate({DELAY}_sum[5m])) / sum(rate({DELAY}_count[5m]))",
            hour[1],
        )
        assert mean["{}"] == pytest.approx(0.35, rel=1e-6)
        assert set(instant_values(source, "count by (cluster) (up)", hour[1])) == {'{"cluster": "east"}'}


def test_no_sample_is_on_a_whole_second() -> None:
    """No target of two large clusters is scraped on a whole second, where faults of windows would not show."""
    generated = generate(full_cluster(nodes=1000, clusters=("east", "west")), end=7200.0, only=frozenset())
    moments = [(series, moment) for series in generated for moment in times(series.target, length=60, interval=30)]
    assert len(moments) > 2 * 2 * 3 * 1000
    assert [series for series, moment in moments if moment % 1000 == 0] == []
