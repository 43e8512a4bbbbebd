"""History without waiting: a Prometheus is sent it by remote write, a whole series at a time, and writes its blocks."""

import json
import shutil
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from math import pi
from pathlib import Path

import numpy as np

from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.shapes import PERIOD, Counter, Gauge, Shape
from dashboards_py.demo.cluster.topology import Target
from dashboards_py.demo.motion import Floats
from tests.live.processes import prometheus
from tests.synthetic import protobuf as pb
from tests.synthetic.remote_write import encoded_labels, send

BODY = 8 << 20  # bytes: Prometheus accepts 32 MB
# A Prometheus takes samples that are half a block older than its newest: here half a day.
OPTIONS = ("--web.enable-remote-write-receiver", "--web.enable-admin-api", "--storage.tsdb.min-block-duration=1d")
# A message Sample of prompb/types.proto within its series: value, and a timestamp whose varint has six bytes.
SAMPLE = np.dtype([("head", "u1", 3), ("value", "<f8"), ("stamp", "u1", 7)])


def backfill(
    series: Iterable[Series], into: Path, *, end: float, length: float, interval: int, binary: str = "prometheus"
) -> None:
    """Write the history as a block below `into` (a Prometheus data directory), each series at its target's own times.

    `binary` is the Prometheus that writes it.
    """
    into.mkdir(parents=True, exist_ok=True)
    head = into.with_name(f"{into.name}-head")
    with prometheus(head, binary, options=OPTIONS) as address:
        _send(address, series, end - length, length, interval)
        snapshot = urllib.request.Request(f"{address}/api/v1/admin/tsdb/snapshot", method="POST")
        with urllib.request.urlopen(snapshot, timeout=120) as answer:
            blocks = head / "snapshots" / json.load(answer)["data"]["name"]
    for block in blocks.iterdir():
        block.rename(into / block.name)
    shutil.rmtree(head)


def _send(address: str, series: Iterable[Series], start: float, length: float, interval: int) -> None:
    body, size = [], 0
    for _, of_target in groupby(series, lambda one_series: one_series.target):
        for message in _messages(tuple(of_target), start, length, interval):
            body.append(message)
            size += len(message)
            if size > BODY:
                send(address, b"".join(body))
                body, size = [], 0
    send(address, b"".join(body))


def times(target: Target, *, length: float, interval: int) -> range:
    """When a target is scraped, in milliseconds of history: never on the evaluation grid."""
    return range(target.offset_ms, int(length * 1000) + 1, interval * 1000)


def _messages(series: Sequence[Series], start: float, length: float, interval: int) -> Iterator[bytes]:
    """Series of one target, each with all of its samples."""
    moments = times(series[0].target, length=length, interval=interval)
    samples = np.tile(_stamped(round(start * 1000), moments), (len(series), 1))
    samples["value"] = _values([one_series.shape for one_series in series], np.array(moments) / 1000)
    for one_series, row in zip(series, samples, strict=True):
        yield pb.message(1, encoded_labels(one_series.name, one_series.labels), row.tobytes())


@lru_cache
def _stamped(start: int, moments: range) -> np.ndarray:
    """Samples without values: a varint of a moment has six bytes from 2004 on."""
    samples = np.zeros(len(moments), dtype=SAMPLE)
    samples["head"] = (0x12, SAMPLE.itemsize - 2, 0x09)
    samples["stamp"] = [list(pb.integer(2, start + moment)) for moment in moments]
    return samples


def _values(shapes: Sequence[Shape], seconds: Floats) -> Floats:
    """The values of shapes at some moments, a row each: `at` for all of them at once."""
    result = np.empty((len(shapes), len(seconds)))
    counters = [row for row, shape in enumerate(shapes) if isinstance(shape, Counter) and shape.restart is None]
    gauges = [row for row, shape in enumerate(shapes) if isinstance(shape, Gauge)]
    if counters:
        result[counters] = _counted([shapes[row] for row in counters], seconds)  # type: ignore[misc]
    if gauges:
        result[gauges] = _measured([shapes[row] for row in gauges], seconds)  # type: ignore[misc]
    for row in {*range(len(shapes))}.difference(counters, gauges):
        result[row] = [shapes[row].at(moment) for moment in seconds.tolist()]
    return result


def _counted(counters: Sequence[Counter], seconds: Floats) -> Floats:
    rate, start, wave, phase = np.array([(one.rate, one.start, one.wave, one.phase) for one in counters]).T[:, :, None]
    turn = 2 * pi / PERIOD
    values: Floats = start + rate * (seconds + wave * ((np.cos(phase) - np.cos(turn * seconds + phase)) / turn))
    return values


def _measured(gauges: Sequence[Gauge], seconds: Floats) -> Floats:
    level, wave, phase, whole = np.array([(one.level, one.wave, one.phase, one.whole) for one in gauges]).T[:, :, None]
    values = level * (1 + wave * np.sin(2 * pi / PERIOD * seconds + phase))
    rounded: Floats = np.where(whole, np.round(values), values)
    return rounded
