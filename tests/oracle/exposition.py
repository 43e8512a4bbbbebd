"""Prometheus' text format: its samples; and as facts, each metric's type, its label names and the values seen."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')
ESCAPED = re.compile(r"\\(.)")
OF_DISTRIBUTIONS = re.compile(r"_(bucket|sum|count)$")
MOST_VALUES = 60  # of a label: more are too many to read


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample: its name, labels and value, and the metric that it is of with its type ("" if it has no TYPE line).

    `metric` is the name without suffix where that is a histogram or summary.
    """

    name: str
    labels: tuple[tuple[str, str], ...]
    value: float
    metric: str
    type: str


def samples(lines: Iterable[str]) -> Iterator[Sample]:
    """The samples of an exposition, in the order written; any other line but a comment raises ValueError."""
    types: dict[str, str] = {}
    for line in lines:
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            types[name] = kind
        elif line.strip() and not line.startswith("#"):
            sample = SAMPLE.match(line)
            if sample is None:
                raise ValueError(f"no sample: {line!r}")
            name = sample[1]
            base = OF_DISTRIBUTIONS.sub("", name)
            metric = base if types.get(base) in ("histogram", "summary") else name
            labels = ((label, ESCAPED.sub(_unescaped, value)) for label, value in LABEL.findall(sample[2] or ""))
            yield Sample(name, tuple(labels), float(sample[3]), metric, types.get(metric, ""))


@dataclass(slots=True)
class Exposed:
    """A metric of an exposition; `values` are in the order in which they appear."""

    type: str
    labels: set[str] = field(default_factory=set)
    values: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    def row(self, name: str) -> Mapping[str, object]:
        """As a line of JSON; labels with too many values to read have none."""
        values = {label: sorted(seen) for label, seen in sorted(self.values.items()) if len(seen) <= MOST_VALUES}
        return {"name": name, "type": self.type, "labels": sorted(self.labels), "values": values}


def read(lines: Iterable[str]) -> dict[str, Exposed]:
    """Metrics by name, histograms and summaries without suffix and without `le` and `quantile`."""
    metrics: dict[str, Exposed] = {}
    for sample in samples(lines):
        metric = metrics.setdefault(sample.metric, Exposed(sample.type))
        for label, value in sample.labels:
            if label not in ("le", "quantile"):
                metric.labels.add(label)
                metric.values[label][value] = None
    return metrics


def _unescaped(escape: re.Match[str]) -> str:
    return "\n" if escape[1] == "n" else escape[1]
