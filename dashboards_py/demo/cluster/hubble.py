"""Labels and values of Hubble's metrics as its real handlers wrote them, independent of the catalogue.

`hubble.json` is a part of what the programs of tests/oracle print; `make catalogue` writes it.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from dashboards_py.catalog import Handler, Metric, Release
from dashboards_py.catalog.hubble import labels_added

FILE = "hubble.json"


def own_labels(metric: Metric, release: Release) -> tuple[str, ...]:
    """The labels that the handler gave the metric by itself, sorted; the catalogue's where nothing was counted."""
    written = _written(metric, release)
    if written is None:
        return metric.labels_on(release)
    handler = _handlers(_version(release)).get(metric.handler)
    added = labels_added(handler.options, metric.options) if handler else ()
    return tuple(label for label in sorted(written) if label not in added)


def label_values(metric: Metric, label: str, release: Release) -> tuple[str, ...]:
    """What the handlers wrote into that label for one node's traffic, sorted; () where none did."""
    return tuple((_written(metric, release) or {}).get(label, ()))


def _written(metric: Metric, release: Release) -> Mapping[str, list[str]] | None:
    """The values by label; None where the handlers did not write the metric."""
    if metric.component != "hubble":
        return None
    metrics: Mapping[str, Mapping[str, list[str]]] = _recorded()[_version(release)]["metrics"]
    return metrics.get(metric.name)


@cache
def _recorded() -> dict[str, Any]:
    """By version of Cilium, ascending: the handlers' options, and the values by metric and label."""
    recorded: dict[str, Any] = json.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))
    return recorded


@cache
def _version(release: Release) -> str:
    """The recorded version of that release, or of the last one before it."""
    versions = list(_recorded())
    earlier = [version for version in versions if Release.parse(version) <= release]
    return earlier[-1] if earlier else versions[0]


@cache
def _handlers(version: str) -> Mapping[str, Handler]:
    return {handler.name: handler for handler in map(Handler.parse, _recorded()[version]["handlers"])}
