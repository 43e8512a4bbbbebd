"""A list of metrics: all of them, or those whose name matches a pattern or whose help has a word."""

from fnmatch import fnmatchcase
from typing import Any

from dashboards_py.catalog import Metric, Release, entries, names


def search(text: str) -> list[Metric]:
    """The metrics that match a text, by name; "" matches all.

    A text with `*`, `?` or `[` is a pattern for the name or an end of it (`drop*` finds cilium_drop_count_total); any
    other text is searched for in names and help, ignoring case.
    """
    known = [metric for name in names() for metric in entries(name)]
    if any(character in text for character in "*?["):
        return [metric for metric in known if any(fnmatchcase(end, text) for end in _ends(metric.name))]
    wanted = text.casefold()
    return [metric for metric in known if wanted in metric.name or wanted in metric.help.casefold()]


def _ends(name: str) -> list[str]:
    words = name.split("_")
    return ["_".join(words[start:]) for start in range(len(words))]


def _releases(metric: Metric) -> str:
    releases = metric.releases
    return f"{releases[0]} to {releases[-1]}" if len(releases) > 1 else "".join(map(str, releases))


def lines(metrics: list[Metric]) -> list[str]:
    """A table: name, component, releases, help."""
    rows = [("METRIC", "COMPONENT", "RELEASES", "HELP")]
    rows += [(metric.name, metric.exposed_by.name, _releases(metric), metric.help) for metric in metrics]
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:3]]
    return [
        "  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
    ]


def objects(metrics: list[Metric]) -> list[dict[str, Any]]:
    """The metrics as JSON."""
    return [
        {
            "name": metric.name,
            "component": metric.exposed_by.name,
            "help": metric.help,
            "releases": [str(release) for release in metric.releases],
        }
        for metric in metrics
    ]


def on(metrics: list[Metric], release: Release | None) -> list[Metric]:
    """The metrics that a release has; all if `release` is None."""
    return [metric for metric in metrics if release is None or metric.exists_on(release)]
