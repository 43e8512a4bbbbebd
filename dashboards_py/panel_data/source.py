"""Where values come from: something that answers PromQL, such as a Prometheus or the demo's cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of a native histogram: `count` observations from `lower` to `upper`, both in the metric's unit."""

    lower: float
    upper: float
    count: float


@dataclass(frozen=True, slots=True)
class NativeHistogram:
    """A sample of a native histogram; `buckets` in ascending order, those without observations left out."""

    count: float
    sum: float
    buckets: tuple[Bucket, ...] = ()


Sample = tuple[float, float | NativeHistogram]


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer: its labels with `__name__`, and its samples (Unix seconds, value) in order of time."""

    labels: Mapping[str, str]
    samples: tuple[Sample, ...]


class Source(Protocol):
    """What answers PromQL. Times are Unix seconds; a refused or failed query raises DashboardsError with the reason."""

    def range(self, expr: str, start: float, end: float, step: float) -> tuple[Series, ...]:
        """The series of a query at `start`, `start + step` and so on up to `end`; no sample where there is no value."""
        ...

    def instant(self, expr: str, time: float) -> tuple[Series, ...]:
        """The series of a query at a moment, each with one sample."""
        ...

    def label_values(self, label: str, selector: str, start: float, end: float) -> tuple[str, ...]:
        """The values of a label in series that the selector matches ("": in all series), sorted."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark of a source on an answer: a warning, such as of a partial response, or an information."""

    text: str
    is_warning: bool = False


@runtime_checkable
class WithNotices(Protocol):
    """A source that may have remarks on an answer that it gave."""

    def notices(self) -> tuple[Notice, ...]:
        """The remarks on the answers to this thread since it called this last."""
        ...


@runtime_checkable
class Concurrent(Protocol):
    """A source that several threads may ask at once."""

    @property
    def concurrency(self) -> int:
        """As many as may."""
        ...


def concurrency_of(source: Source) -> int:
    """How many threads may ask a source at once."""
    return source.concurrency if isinstance(source, Concurrent) else 1


def notices_of(source: Source) -> tuple[Notice, ...]:
    """The remarks of a source on its answers to this thread since the last call; none of one that makes none."""
    return source.notices() if isinstance(source, WithNotices) else ()
