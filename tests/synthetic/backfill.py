"""History without waiting: a Prometheus is sent it by remote write, a whole series at a time, and writes its blocks."""

import json
import shutil
import struct
import urllib.request
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from pathlib import Path

from dashboards_py.demo.cluster.series import Series
from tests.live.processes import prometheus
from tests.synthetic import protobuf as pb
from tests.synthetic.remote_write import encoded_labels, send

BODY = 8 << 20  # bytes: Prometheus accepts 32 MB
# A Prometheus takes samples that are half a block older than its newest: here half a day.
OPTIONS = ("--web.enable-remote-write-receiver", "--web.enable-admin-api", "--storage.tsdb.min-block-duration=1d")
SAMPLE = b"\x12\x10\x09"  # what precedes a value: field 2 of TimeSeries, 16 bytes long, and field 1 of Sample


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
    for one_series in series:
        body.append(_message(one_series, start, times(one_series, length=length, interval=interval)))
        size += len(body[-1])
        if size > BODY:
            send(address, b"".join(body))
            body, size = [], 0
    send(address, b"".join(body))


def times(series: Series, *, length: float, interval: int) -> range:
    """When a series is scraped, in milliseconds of history: never on the evaluation grid."""
    return range(series.target.offset_ms, int(length * 1000) + 1, interval * 1000)


def _message(series: Series, start: float, times: range) -> bytes:
    values = (series.shape.at(moment / 1000) for moment in times)
    layout, stamps = _layout(round(start * 1000), times)
    heads = (SAMPLE,) * len(times)
    samples = layout.pack(*chain.from_iterable(zip(heads, values, stamps, strict=True)))
    return pb.message(1, encoded_labels(series.name, series.labels), samples)


@lru_cache
def _layout(start: int, times: range) -> tuple[struct.Struct, tuple[bytes, ...]]:
    """Samples as bytes, and their timestamps: varints of six bytes from 2004 on."""
    stamps = tuple(pb.integer(2, start + moment) for moment in times)
    return struct.Struct("<" + "3sd7s" * len(times)), stamps
