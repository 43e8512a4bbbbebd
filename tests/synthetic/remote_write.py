"""History of native histograms as well: samples sent to a Prometheus by its remote-write protocol.

Fields are those of prompb/types.proto, for
version 1 of the protocol; a body is in the format of snappy, where a sequence of literals is valid.
"""

import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import inf

from dashboards_py.demo.cluster.series import Series
from tests.synthetic import protobuf as pb
from tests.synthetic.native import CUSTOM_SCHEMA, SCHEMA, Histogram, Storing, as_stored

LITERAL = 1 << 16  # bytes
ROWS = 10_000  # per request: Prometheus accepts 32 MB
HEADERS = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A series of the protocol: its labels as they are sent, and its sample at a moment of history.

    `sample` takes seconds since the beginning of history and milliseconds since 1970. `during` is the interval of
    history, in seconds and without its end, that has samples.
    """

    labels: bytes
    sample: Callable[[float, int], bytes]
    during: tuple[float, float] = (0.0, inf)

    def at(self, seconds: float, timestamp: int) -> bytes:
        """The series with its sample at a moment."""
        begin, end = self.during
        return pb.message(1, self.labels, self.sample(seconds, timestamp)) if begin <= seconds < end else b""


def rows(series: Iterable[Series | Histogram], storing: Storing) -> Iterator[Row]:
    """The rows that a Prometheus would have stored after scraping these series."""
    for stored in as_stored(series, storing):
        if isinstance(stored, Histogram):
            yield Row(
                encoded_labels(stored.name, stored.labels), _histogram_sample(stored, converted=not stored.is_native)
            )
        else:
            yield Row(encoded_labels(stored.name, stored.labels), _sample(stored))


def write(address: str, series: Iterable[Row], *, start: float, end: float, step: int) -> None:
    """Send history from `start` to `end` (Unix times) in order of time: Prometheus rejects older samples later."""
    every_row = tuple(series)
    for number in range(int((end - start) // step) + 1):
        seconds = float(number * step)
        timestamp = int((start + seconds) * 1000)
        for first in range(0, len(every_row), ROWS):
            send(address, b"".join(row.at(seconds, timestamp) for row in every_row[first : first + ROWS]))


def send(address: str, body: bytes) -> None:
    request = urllib.request.Request(f"{address}/api/v1/write", snappy(body), HEADERS)
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status in (200, 204)


def snappy(body: bytes) -> bytes:
    """A snappy block that consists of literals (google/snappy, format_description.txt)."""
    pieces = [pb.varint(len(body))]
    for begin in range(0, len(body), LITERAL):
        literal = body[begin : begin + LITERAL]
        pieces += [bytes([61 << 2]), (len(literal) - 1).to_bytes(2, "little"), literal]
    return b"".join(pieces)


def encoded_labels(name: str, labels: Iterable[tuple[str, str]]) -> bytes:
    """Labels sorted by name, without empty ones, which equal absent ones."""
    return b"".join(_label(*pair) for pair in sorted((("__name__", name), *labels)) if pair[1])


@cache
def _label(name: str, value: str) -> bytes:
    return pb.message(1, pb.text(1, name), pb.text(2, value))


def _sample(series: Series) -> Callable[[float, int], bytes]:
    def sample(seconds: float, timestamp: int) -> bytes:
        return pb.message(2, pb.double(1, series.shape.at(seconds)), pb.integer(2, timestamp))

    return sample


def _histogram_sample(histogram: Histogram, *, converted: bool) -> Callable[[float, int], bytes]:
    def sample(seconds: float, timestamp: int) -> bytes:
        if converted:
            bounds, counts = histogram.custom(seconds)
            schema, first, custom = CUSTOM_SCHEMA, 0, pb.doubles(16, bounds)
        else:
            first, counts = histogram.exponential(seconds)
            schema, custom = SCHEMA, b""
        return pb.message(
            4,
            pb.double(2, histogram.count.at(seconds)),
            pb.double(3, histogram.sum.at(seconds)),
            pb.integer(4, pb.zigzag(schema)),
            pb.double(5, 0.0),
            pb.double(7, 0.0),
            pb.message(11, pb.integer(1, pb.zigzag(first)), pb.integer(2, len(counts))),
            pb.doubles(13, counts),
            pb.integer(15, timestamp),
            custom,
        )

    return sample
