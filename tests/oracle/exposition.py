"""Prometheus' text format as facts: each metric's type, the names of its labels, and the values seen."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+")
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')
ESCAPED = re.compile(r"\\(.)")
OF_DISTRIBUTIONS = re.compile(r"_(bucket|sum|count)$")
MOST_VALUES = 60  # of a label: more are too many to read


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
    types: dict[str, str] = {}
    metrics: dict[str, Exposed] = {}
    for line in lines:
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            types[name] = kind
        elif (sample := SAMPLE.match(line)) and not line.startswith("#"):
            name = sample[1]
            base = OF_DISTRIBUTIONS.sub("", name)
            if types.get(base) in ("histogram", "summary"):
                name = base
            metric = metrics.setdefault(name, Exposed(types.get(name, "")))
            for label, value in LABEL.findall(sample[2] or ""):
                if label not in ("le", "quantile"):
                    metric.labels.add(label)
                    metric.values[label][ESCAPED.sub(_unescaped, value)] = None
    return metrics


def _unescaped(escape: re.Match[str]) -> str:
    return "\n" if escape[1] == "n" else escape[1]
