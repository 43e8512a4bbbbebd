"""Answers of a real Prometheus about the small storage, for where there is none.

`python -m tests.demo.recorded` writes them, with prometheus on PATH; tests/live/test_demo_expressions.py compares them
with one.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboards_py.panel_data.source import Series, Source
from tests.demo import memory

PATH = Path(__file__).with_name("recorded.jsonl")
RANGE = (memory.BEGIN / 1000 + 300, memory.END / 1000, 600.0)
EXPRESSIONS = (
    "requests_total",
    'requests_total{code=~"5.*", instance!="2"}',
    "queue offset 7m",
    "temperature @ end()",
    "leader",
    "timestamp(temperature)",
    "rate(requests_total[5m])",
    "increase(requests_total[2m] offset 1m)",
    "irate(requests_total[5m])",
    "delta(temperature[10m])",
    "idelta(queue[5m])",
    "deriv(queue[10m])",
    "predict_linear(queue[10m], 600)",
    "resets(requests_total[15m])",
    "changes(queue[10m])",
    "avg_over_time(queue[5m])",
    "min_over_time(odd[5m])",
    "quantile_over_time(0.9, temperature[15m])",
    "stddev_over_time(queue[15m])",
    "max_over_time(rate(requests_total[2m])[10m:1m])",
    'absent(nothing{job="api"})',
    'absent_over_time(leader{pod="a"}[1m])',
    "sum by (job) (rate(requests_total[5m]))",
    "avg without (instance, le) (temperature)",
    "max(odd)",
    "stdvar(queue)",
    "quantile(0.3, temperature)",
    'count_values("value", queue)',
    "topk(2, temperature)",
    "histogram_quantile(0.9, sum by (le, job) (rate(duration_seconds_bucket[5m])))",
    'requests_total{code="500"} / ignoring (code) requests_total{code="200"}',
    "requests_total * on (job, instance) group_left (version) build_info",
    "temperature > bool 22",
    "2 ^ queue",
    "queue and on (instance) leader or temperature",
    "temperature unless on (job) queue > 3",
    'label_replace(leader, "node", "node-$1", "pod", "(.*)")',
    'label_join(build_info, "both", "-", "job", "version")',
    "clamp(queue, 2, 5)",
    "round(temperature, 0.5)",
    "-queue % 3",
    "scalar(leader) + time()",
    "vector(1) + hour(started)",
    "sort_desc(sum by (instance) (queue))",
    "histogram_count(rate(requests_total[5m]))",
)


def lines(source: Source) -> Iterator[str]:
    """A line for each expression, with what the source answers."""
    for expr in EXPRESSIONS:
        series = [[dict(one.labels), [*map(list, one.samples)]] for one in source.range(expr, *RANGE)]
        yield json.dumps({"expr": expr, "series": _written(series)}) + "\n"


def _written(value: Any) -> Any:
    """JSON has no NaN and no infinity."""
    if isinstance(value, list):
        return [_written(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def answers() -> dict[str, tuple[Series, ...]]:
    """The recorded answers by expression."""
    rows = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
    return {
        row["expr"]: tuple(
            Series(labels, tuple((time, float(value)) for time, value in samples)) for labels, samples in row["series"]
        )
        for row in rows
    }


def main() -> None:
    """Write the answers of the Prometheus on PATH."""
    from tempfile import TemporaryDirectory

    from tests.live.demo_history import stored_small

    with TemporaryDirectory() as directory, stored_small(Path(directory)) as source:
        PATH.write_text("".join(lines(source)), encoding="utf-8")


if __name__ == "__main__":
    main()
