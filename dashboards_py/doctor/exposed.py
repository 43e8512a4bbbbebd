"""What targets expose: what they call a metric when they describe it, and what each has from its start."""

from dashboards_py.catalog import Metric, Release, split
from dashboards_py.queries.histograms import SUFFIXES

# With labels whose values are known when the agent starts: NewLegacyMetrics in pkg/metrics/metrics.go sets it.
FROM_START = frozenset({"cilium_version"})


def base(name: str) -> str:
    """The name of a metric without the suffix of a histogram or summary, whether the catalogue knows it or not."""
    known, suffix = split(name)
    if suffix:
        return known
    return next((name.removesuffix(part) for part in SUFFIXES if name.endswith(part)), name)


def described_as(name: str) -> frozenset[str]:
    """The names that its description may have: OpenMetrics describes counters without _total.

    Hubble has it with `hubble.metrics.enableOpenMetrics`; see expfmt/openmetrics_create.go of prometheus/common.
    """
    return frozenset({base(name), name.removesuffix("_total")})


def is_from_start(metric: Metric, release: Release) -> bool:
    """Whether each agent has it from its start: it has no labels whose values are known later, and no handler."""
    labels = () if metric.name in FROM_START else metric.labels_on(release)
    return metric.component == "cilium-agent" and not labels and not metric.handler
