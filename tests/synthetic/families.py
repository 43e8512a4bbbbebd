"""The synthetic Cilium's metrics as messages io.prometheus.client.MetricFamily: the only format with native histograms.

Fields are those of prometheus/client_model, io/prometheus/client/metrics.proto. Counts are floating-point numbers, as
those of the synthetic cluster are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from dashboards_py.catalog import Release, entries, split
from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.topology import Target
from tests.synthetic import protobuf as pb
from tests.synthetic.native import SCHEMA, Histogram, histograms

CONTENT_TYPE = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
TYPES = {"counter": 0, "gauge": 1, "summary": 2, "histogram": 4}
VALUES = {"counter": 3, "gauge": 2}  # the field of a metric that holds the value of each type


def families(series: Iterable[Series], release: Release, seconds: float) -> bytes:
    """The metrics page of one target at a moment of its history."""
    metrics: dict[str, list[bytes]] = defaultdict(list)
    types: dict[str, str] = {}
    summaries: dict[tuple[str, tuple[tuple[str, str], ...]], list[Series]] = defaultdict(list)
    for one_series in histograms(series, release):
        name = one_series.name if isinstance(one_series, Histogram) else split(one_series.name)[0]
        metric = next(entry for entry in entries(name) if entry.component == one_series.target.component)
        types[name] = metric.type_on(release)
        if isinstance(one_series, Histogram):
            labels = _labels(one_series.labels, one_series.target)
            metrics[name].append(pb.message(4, labels, pb.message(7, *_histogram(one_series, seconds))))
        elif types[name] == "summary":
            own = tuple(pair for pair in one_series.labels if pair[0] != "quantile")
            summaries[name, own].append(one_series)
        else:
            value = pb.message(VALUES[types[name]], pb.double(1, one_series.shape.at(seconds)))
            metrics[name].append(pb.message(4, _labels(one_series.labels, one_series.target), value))
    for (name, own), members in summaries.items():
        summary = b"".join(_of_summary(member, seconds) for member in members)
        metrics[name].append(pb.message(4, _labels(own, members[0].target), pb.message(4, summary)))
    return b"".join(
        pb.delimited(pb.text(1, name) + pb.integer(3, TYPES[types[name]]) + b"".join(members))
        for name, members in metrics.items()
    )


def _labels(labels: Iterable[tuple[str, str]], target: Target) -> bytes:
    """The labels that the target itself exposes, without those that scraping adds."""
    scraped = dict(target.labels)
    return b"".join(
        pb.message(1, pb.text(1, label), pb.text(2, value)) for label, value in labels if scraped.get(label) != value
    )


def _of_summary(series: Series, seconds: float) -> bytes:
    value, quantile = series.shape.at(seconds), dict(series.labels).get("quantile")
    if quantile is not None:
        return pb.message(3, pb.double(1, float(quantile)), pb.double(2, value))
    return pb.integer(1, int(value)) if series.name.endswith("_count") else pb.double(2, value)


def _histogram(histogram: Histogram, seconds: float) -> Iterator[bytes]:
    yield pb.double(2, histogram.sum.at(seconds))
    counts = histogram.cumulative(seconds)
    yield pb.double(4, counts[-1])
    for (bound, _), count in zip(histogram.buckets, counts, strict=True):
        yield pb.message(3, pb.double(2, bound), pb.double(4, count))
    if histogram.is_native:
        first, native_counts = histogram.exponential(seconds)
        yield pb.integer(5, pb.zigzag(SCHEMA))
        yield pb.double(6, 0.0)
        yield pb.double(8, 0.0)
        yield pb.message(12, pb.integer(1, pb.zigzag(first)), pb.integer(2, len(native_counts)))
        yield pb.doubles(14, native_counts)
