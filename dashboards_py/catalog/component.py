"""The components of Cilium that expose metrics, and how each is scraped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dashboards_py.catalog.setting import Setting

FILE = Path(__file__).with_name("components.json")


@dataclass(frozen=True, slots=True)
class Component:
    """A process with a metrics endpoint.

    `pod` is a regular expression that Prometheus anchors, `sample_pod` an example of a pod's name. `scrape_values`
    are the labels that scraping through the chart's ServiceMonitor adds, with a value if it is the same on all
    targets (namespace: the default); they are the same for the charts 1.16 to 1.20. `port` and `service_monitor` are
    None if the chart renders nothing that scrapes the component. `enabled_by` enables metrics and ServiceMonitor. The
    labels come from a real Prometheus, those of Cluster Mesh from its rendered ServiceMonitor.
    """

    name: str
    port: int | None
    port_name: str
    service_monitor: str | None
    pod: str
    sample_pod: str
    container: str
    scrape_values: Mapping[str, str | None] = field(hash=False)
    enabled_by: tuple[Setting, ...]
    note: str = ""

    @property
    def scrape_labels(self) -> tuple[str, ...]:
        """The names of the labels that scraping adds, sorted."""
        return tuple(self.scrape_values)

    @property
    def has_node(self) -> bool:
        """True if its series have the label `node`."""
        return "node" in self.scrape_values


@cache
def components() -> Mapping[str, Component]:
    """All components by name."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        row["name"]: Component(
            name=row["name"],
            port=row.get("port"),
            port_name=row.get("port_name", ""),
            service_monitor=row.get("service_monitor"),
            pod=row["pod"],
            sample_pod=row["sample_pod"],
            container=row["container"],
            scrape_values=row.get("labels", {}),
            enabled_by=tuple(map(Setting.read, row["helm"])),
            note=row.get("note", ""),
        )
        for row in rows
    }
