"""Which components answer scrapes with nothing of their own, though their targets are up?"""

from collections.abc import Collection, Iterator, Mapping

from dashboards_py.catalog import entries, names
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.components import component_of
from dashboards_py.doctor.exposed import described_as
from dashboards_py.doctor.house_labels import our_labels
from dashboards_py.doctor.observation import Observation
from dashboards_py.doctor.observe._described import described
from dashboards_py.doctor.observe.targets import of_cilium
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.matcher import Matcher


def empty_pages(client: Client, read: Collection[str], seen: Observation) -> Mapping[str, str]:
    """What such components answer with; only those are looked at of which series are read, and none is stored."""
    components = {metric.component for name in read for metric in entries(name)}
    # Each target has `up`, whatever it answers.
    stored = {component for name, having in seen.series.items() if entries(name) for component in having}
    up = {target.component for target in seen.targets if target.is_up}
    requested = (up & components) - stored
    return dict(_of(client, requested, seen)) if requested else {}


def _of(client: Client, requested: set[str], seen: Observation) -> Iterator[tuple[str, str]]:
    try:
        rows = client.query(of_cilium("scrape_samples_scraped"), seen.server.now)
    except DashboardsError:
        return
    most: dict[str, float] = {}
    for labels, value in rows:
        component = component_of(our_labels(labels, seen.label_names))
        most[component] = max(most.get(component, 0.0), value)
    for component in sorted(requested & most.keys()):
        if most[component] == 0:
            yield component, "scrape_samples_scraped is 0"
        elif pages := list(filter(None, _pages(client, component, seen))):
            own = {name for name in names() if any(metric.component == component for metric in entries(name))}
            if not any(described_as(name) & page for name in own for page in pages):
                yield component, f"it exposes {', '.join(sorted(pages[0])[:3])}, and no metric of {component}"


def _pages(client: Client, component: str, seen: Observation) -> Iterator[frozenset[str]]:
    for instance in seen.sampled_instances([component]):
        yield described(client, Matcher(seen.label("instance"), "=", instance))
