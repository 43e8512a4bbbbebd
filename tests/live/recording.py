"""Recorded series without waiting: our recording rules evaluated over a history, written as blocks of a Prometheus."""

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from dashboards_py.compile.rules import compile_rules
from dashboards_py.compiled import CompiledRecording
from dashboards_py.configuration import Configuration
from dashboards_py.promql.expand import expanded
from dashboards_py.promql.recording import INTERVAL_SECONDS
from dashboards_py.release import NEWEST, Release
from tests.live.panel_queries import Series, evaluated
from tests.live.processes import prometheus
from tests.synthetic.exposition import labelled

RECORDED = Configuration(recorded=True)
# Rules whose series come and go. Prometheus marks the end of each, which text cannot: only the last evaluation counts.
VANISHING = re.compile(r"(top|bottom)k|[<>=]=? (?!0$)|unless")
Moments = tuple[float, float]  # the first and the last evaluation


def recordings(release: Release = NEWEST) -> tuple[CompiledRecording, ...]:
    """The rules that our boards read."""
    return compile_rules(release, RECORDED).recordings


def over_raw_series(rules: Iterable[CompiledRecording]) -> Mapping[str, str]:
    """The queries of the rules by the series that they record, in terms of raw series alone."""
    rules = tuple(rules)
    chained = {rule.record: rule.expr for rule in rules}
    return {rule.record: expanded(rule.expr, chained) for rule in rules}


@contextmanager
def prometheus_with_rules(
    data: Path, rules: Iterable[CompiledRecording], evaluations: Iterable[Moments], options: Sequence[str] = ()
) -> Iterator[str]:
    """A Prometheus with the series of a data directory, and those that the rules record of them; its address.

    `options` are those of Prometheus.
    """
    rules = tuple(rules)
    text = data.parent / f"{data.name}-recorded.openmetrics"
    with prometheus(data, options=options) as source, text.open("w", encoding="utf-8") as file:
        file.writelines(_recorded(source, rules, tuple(evaluations)))
        file.write("# EOF\n")
    command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=24h"]
    subprocess.run([*command, str(text), str(data)], capture_output=True, text=True, check=True)
    with prometheus(data, options=options) as source:
        yield source


def _recorded(source: str, rules: tuple[CompiledRecording, ...], evaluations: tuple[Moments, ...]) -> Iterator[str]:
    """The samples that the rules record, as OpenMetrics text."""
    raw = over_raw_series(rules)

    def evaluate(rule: CompiledRecording) -> list[tuple[Series, ...]]:
        expr = raw[rule.record]
        last_only = VANISHING.search(expr) is not None
        spans = [(end, end) if last_only else (start, end) for start, end in evaluations]
        return [evaluated(source, expr, moments, INTERVAL_SECONDS) for moments in spans]

    with ThreadPoolExecutor(2) as pool:
        for rule, results in zip(rules, pool.map(evaluate, rules), strict=True):
            for series in (series for result in results for series in result):
                head = labelled(rule.record, (*series.labels, *rule.labels.items()))
                yield from (f"{head} {value!r} {moment:.3f}\n" for moment, value in series.values)
