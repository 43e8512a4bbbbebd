"""What the synthetic Hubble of dashboards_py.demo writes: labels and values of the real handlers, in one file."""

import json
from importlib.resources import files
from pathlib import Path

from dashboards_py.demo.cluster import hubble
from tests.oracle import facts

PATH = Path(str(files(hubble.__package__ or "").joinpath(hubble.FILE)))


def text() -> str:
    """The file by the committed facts: of each version the first of the entries that were tried, with all handlers."""
    recorded = {}
    for version in facts.versions():
        entry = facts.entries(version)[0]
        metrics = {
            name: {label: sorted(fact.values.get(label, ())) for label in sorted(fact.labels or ())}
            for name, fact in sorted(entry.metrics.items())
        }
        recorded[version] = (entry.handlers, metrics)
    blocks = [
        f"  {json.dumps(version)}: {{\n"
        f'    "handlers": {json.dumps(handlers)},\n'
        f'    "metrics": {{\n'
        + ",\n".join(f"      {json.dumps(name)}: {json.dumps(labels)}" for name, labels in metrics.items())
        + "\n    }\n  }"
        for version, (handlers, metrics) in recorded.items()
    ]
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def write() -> None:
    """Bring the file in the package up to date."""
    PATH.write_text(text(), encoding="utf-8")
