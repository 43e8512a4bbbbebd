"""The series that keep rules would save in a Prometheus, counted there."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards_py.errors import DashboardsError
from dashboards_py.prometheus.answers import rows_of, whole
from dashboards_py.shapes import Ask
from dashboards_py.values.keep import Read, matches
from dashboards_py.values.keys import core_components

# Added by Prometheus to each scrape, and not relabeled.
OF_PROMETHEUS = ("up", "scrape_")


@dataclass(frozen=True, slots=True)
class Savings:
    """The series of a component now, how many of them remain, and those dropped by name."""

    component: str
    series: int
    remaining: int
    dropped: Mapping[str, int]


def savings(ask: Ask, read: Read) -> tuple[Savings, ...]:
    """Count the series that Prometheus has now, by component and name, with one instant query.

    The components' jobs are those that the chart's ServiceMonitors give them; without any of them DashboardsError.
    """
    jobs = {component.scrape_values.get("job") or component.name: component for component in core_components()}
    query = f'count by (job, __name__) ({{job=~"{"|".join(jobs)}", __name__!~"up|scrape_.*"}})'
    counts: dict[str, dict[str, int]] = {}
    for labels, count in rows_of(ask("query", {"query": query})):
        if component := jobs.get(labels.get("job", "")):
            counts.setdefault(component.name, {})[labels.get("__name__", "")] = whole(count)
    if not counts:
        listed = ", ".join(jobs)
        fix = "scrape them with the chart's ServiceMonitors"
        raise DashboardsError("Prometheus", cause=f"has no series of the jobs {listed}", fix=fix)
    return tuple(
        _savings(component.name, counts[component.name], read.pattern(component))
        for component in jobs.values()
        if component.name in counts
    )


def _savings(component: str, counts: Mapping[str, int], pattern: str) -> Savings:
    dropped = {name: count for name, count in counts.items() if pattern and not matches(pattern, name)}
    total = sum(counts.values())
    return Savings(component, total, total - sum(dropped.values()), dropped)
