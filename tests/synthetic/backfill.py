"""History without waiting: OpenMetrics text that promtool turns into blocks of a real Prometheus."""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.synthetic.series import Series


def lines(series: Iterable[Series], *, end: float, length: float, interval: int) -> Iterator[str]:
    """The samples as OpenMetrics text, each series at its target's own times, never on the evaluation grid."""
    start = end - length
    for each in series:
        head = labelled(each.name, each.labels)
        first = start + each.target.offset_ms / 1000
        for number in range(int((end - first) // interval) + 1):
            moment = first + number * interval
            yield f"{head} {each.shape.at(moment - start)!r} {moment:.3f}\n"
    yield "# EOF\n"


def backfill(
    series: Iterable[Series], into: Path, *, end: float, length: float, interval: int, promtool: str = "promtool"
) -> None:
    """Write the history as blocks below `into` (a Prometheus data directory)."""
    text = into.parent / f"{into.name}.openmetrics"
    with text.open("w", encoding="utf-8") as file:
        file.writelines(lines(series, end=end, length=length, interval=interval))
    given = [
        promtool,
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        "--quiet",
        "--max-block-duration=24h",
        str(text),
        str(into),
    ]
    found = subprocess.run(given, capture_output=True, text=True, check=False)
    text.unlink()
    if found.returncode:
        raise RuntimeError(f"promtool: {found.stderr[-2000:]}")


def labelled(name: str, labels: Iterable[tuple[str, str]]) -> str:
    """A series as both text formats write it: `name{label="value"}`."""
    return name + "{" + ",".join(f'{label}="{_escaped(value)}"' for label, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
