"""The history of a scene in a real Prometheus: sent by remote write, which knows stale markers, a slab at a time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dashboards_py.demo.engine.labels import NAME, Labels
from dashboards_py.demo.engine.matching import Matcher
from dashboards_py.demo.engine.storage import Block, Storage
from dashboards_py.demo.engine.vector import Floats, Integers
from dashboards_py.panel_data import Source, over
from dashboards_py.prometheus import over_http
from tests.demo import memory
from tests.live.processes import prometheus
from tests.synthetic import protobuf as pb
from tests.synthetic.remote_write import send

SLAB = 1800_000  # milliseconds: a Prometheus takes no samples that are an hour older than its newest
BATCH = 4000  # series of a request
STALE = np.array(0x7FF0000000000002, dtype="<u8").view("<f8")[()]  # model/value/value.go
# A message Sample of prompb/types.proto within its series: value, and a timestamp whose varint has six bytes.
SAMPLE = np.dtype([("head", "u1", 3), ("value", "<f8"), ("tag", "u1"), ("time", "u1", 6)])


@dataclass(frozen=True, slots=True)
class Row:
    """A series as it is sent: its labels, and its samples."""

    labels: bytes
    times: Integers
    samples: np.ndarray


@contextmanager
def stored(storage: Storage, names: Iterable[str], directory: Path, begin: int, end: int) -> Iterator[str]:
    """A Prometheus with the samples of series of these names between two moments in milliseconds; its address."""
    rows = [row for name in sorted(names) for row in _rows(storage, name, begin, end)]
    (directory / "data").mkdir(parents=True)
    with prometheus(directory / "data", options=["--web.enable-remote-write-receiver"]) as address:
        for first in range(begin, end + 1, SLAB):
            for start in range(0, len(rows), BATCH):
                body = b"".join(_message(row, first, first + SLAB) for row in rows[start : start + BATCH])
                if body:
                    send(address, body)
        yield address


@contextmanager
def stored_small(directory: Path) -> Iterator[Source]:
    """A Prometheus that holds what the small storage of tests/demo holds."""
    storage = memory.small()
    names = {dict(one.labels)[NAME] for one in storage.series}
    with stored(storage, names, directory / "small", memory.BEGIN - 600_000, memory.END) as address:
        yield over(over_http(address))


def _rows(storage: Storage, name: str, begin: int, end: int) -> Iterator[Row]:
    selection = storage.select((Matcher(NAME, "=", name),), begin, end)
    for block in selection.blocks:
        inside = (block.times >= begin) & (block.times <= end)
        times = block.times[inside]
        for row, samples in zip(block.rows.tolist(), _samples(times, _with_markers(block)[:, inside]), strict=True):
            yield Row(_labels(selection.labels[row]), times, samples)


def _with_markers(block: Block) -> Floats:
    return block.values if block.stale is None else np.where(block.stale, STALE, block.values)


def _labels(labels: Labels) -> bytes:
    return b"".join(pb.message(1, pb.text(1, name), pb.text(2, value)) for name, value in labels)


def _samples(times: Integers, values: Floats) -> np.ndarray:
    """The samples of series that are scraped at the same times, a row each."""
    result = np.zeros(values.shape, dtype=SAMPLE)
    result["head"] = (0x12, SAMPLE.itemsize - 2, 0x09)
    result["value"] = values
    result["tag"] = 0x10
    for index in range(6):
        more = 0x80 if index < 5 else 0
        result["time"][..., index] = (times >> (7 * index)) & 0x7F | more
    assert not len(times) or 1 << 35 <= times.min() <= times.max() < 1 << 42
    return result


def _message(row: Row, begin: int, end: int) -> bytes:
    inside = (row.times >= begin) & (row.times < end)
    return pb.message(1, row.labels, row.samples[inside].tobytes()) if inside.any() else b""
