"""Look up metrics by the names of their series."""

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from dashboards_py.catalog.metric import SUFFIXES, Metric, read
from dashboards_py.release import Release

FILE = Path(__file__).with_name("metrics.json")
SPLIT_NAMES = 16_384  # whose parts are remembered: all of Cilium's, and those of a large file of rules

# Metrics that Prometheus itself records, about every target and every alert that is pending or firing.
FOREIGN = frozenset({"up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added", "ALERTS"})
# Metrics of kube-state-metrics and of cert-manager that our alerts read, where they are scraped: never of Cilium.
NEIGHBORS = frozenset(
    {
        "kube_daemonset_status_desired_number_scheduled",
        "kube_daemonset_status_number_ready",
        "kube_daemonset_status_updated_number_scheduled",
        "kube_pod_status_phase",
        "certmanager_certificate_expiration_timestamp_seconds",
    }
)


@cache
def _rows() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    rows: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        rows[row["name"]] = (*rows.get(row["name"], ()), row)
    return rows


@cache
def _metrics(name: str) -> tuple[Metric, ...]:
    return tuple(map(read, _rows().get(name, ())))


@cache
def of_handlers() -> tuple[Metric, ...]:
    """The metrics that Hubble's handlers expose; the others, which are many, are not read."""
    own = (name for name, rows in _rows().items() if any("handler" in row for row in rows))
    return tuple(metric for name in own for metric in _metrics(name) if metric.handler)


def names() -> tuple[str, ...]:
    """The names of all metrics, sorted, histograms without suffix."""
    return tuple(_rows())


@lru_cache(maxsize=SPLIT_NAMES)
def split(name: str) -> tuple[str, str]:
    """Split a series name into the metric's name and the suffix of a histogram or summary ("" if there is none).

    The suffix must fit the metric's type on at least one release. An unknown name is returned unchanged.
    """
    if name not in _rows():
        for suffix in ("_bucket", "_sum", "_count"):
            base = name.removesuffix(suffix)
            if base != name and any(_ever_fits(metric, suffix) for metric in _metrics(base)):
                return base, suffix
    return name, ""


def fits(metric: Metric, suffix: str, release: Release) -> bool:
    """True if a metric of this type has series with that suffix on the release."""
    return not suffix or suffix in SUFFIXES.get(metric.type_on(release), ())


def _ever_fits(metric: Metric, suffix: str) -> bool:
    return not suffix or any(fits(metric, suffix, release) for release in metric.releases)


def entries(name: str) -> tuple[Metric, ...]:
    """The metrics with that name or series name, one for each component that exposes it; () if unknown."""
    base, suffix = split(name)
    return tuple(metric for metric in _metrics(base) if _ever_fits(metric, suffix))


def labels(name: str, release: Release, contexts: Iterable[str] = ()) -> tuple[str, ...]:
    """The labels of the series of that name in all components, including `le`, without target labels.

    `contexts` as in `Metric.labels_on`. Metrics that the release lacks are used only if it has none of them.
    """
    suffix = split(name)[1]
    options = tuple(contexts)
    metrics = entries(name)
    present = tuple(metric for metric in metrics if metric.exists_on(release)) or metrics
    carried = dict.fromkeys(label for metric in present for label in metric.labels_on(release, options))
    kinds = {metric.type_on(release) for metric in present}
    if suffix == "_bucket":
        carried["le"] = None
    elif not suffix and "summary" in kinds:
        carried["quantile"] = None
    return tuple(carried)


@cache
def suggest(name: str) -> tuple[str, ...]:
    """Up to three known names similar to an unknown one, closest first; a series suffix is kept if it fits."""
    from difflib import get_close_matches

    for suffix in ("_bucket", "_sum", "_count", ""):
        base = name.removesuffix(suffix)
        close = get_close_matches(base, names(), n=3, cutoff=0.8) if not suffix or base != name else []
        matches = tuple(match + suffix for match in close if entries(match + suffix))
        if matches:
            return matches
    return ()
