"""History without waiting: OpenMetrics text that promtool turns into blocks of a real Prometheus."""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from dashboards_py.demo.cluster.series import Series


def lines(series: Iterable[Series], *, end: float, length: float, interval: int) -> Iterator[str]:
    """The samples as OpenMetrics text, each series at its target's own times, never on the evaluation grid."""
    start = end - length
    for one_series in series:
        head = labelled(one_series.name, one_series.labels)
        first = start + one_series.target.offset_ms / 1000
        for number in range(int((end - first) // interval) + 1):
            moment = first + number * interval
            yield f"{head} {one_series.shape.at(moment - start)!r} {moment:.3f}\n"
    yield "# EOF\n"


def backfill(
    series: Iterable[Series], into: Path, *, end: float, length: float, interval: int, promtool: str = "promtool"
) -> None:
    """Write the history as blocks below `into` (a Prometheus data directory)."""
    text = into.parent / f"{into.name}.openmetrics"
    with text.open("w", encoding="utf-8") as file:
        file.writelines(lines(series, end=end, length=length, interval=interval))
    command = [
        promtool,
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        "--quiet",
        "--max-block-duration=24h",
        str(text),
        str(into),
    ]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    text.unlink()
    if completed.returncode:
        raise RuntimeError(f"promtool: {completed.stderr[-2000:]}")


def labelled(name: str, labels: Iterable[tuple[str, str]]) -> str:
    """A series as both text formats write it: `name{label="value"}`."""
    return name + "{" + ",".join(f'{label}="{_escaped(value)}"' for label, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
