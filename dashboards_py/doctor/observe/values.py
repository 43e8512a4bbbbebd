"""Which values do labels have that take theirs from a fixed set?"""

from collections.abc import Collection, Mapping

from dashboards_py.catalog import Release, entries
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.observation import Labels
from dashboards_py.doctor.observe._chunks import chunks
from dashboards_py.doctor.observe.series import ONE_BUCKET
from dashboards_py.errors import DashboardsError
from dashboards_py.promql.matcher import any_of


def stored_values(
    client: Client, names: Collection[str], now: float, release: Release, instances: Collection[str]
) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """The values of such labels by name: those of the instances, if there are any, which costs fewer samples."""
    closed = {name: _closed_labels(name, release) for name in names}
    of_instances = (str(any_of("instance", instances)),) if instances else ()

    def ask(regex: str) -> list[tuple[Labels, float]]:
        by = sorted({"__name__", *(label for name in regex.split("|") for label in closed[name])})
        matchers = ", ".join((f'__name__=~"{regex}"', ONE_BUCKET, *of_instances))
        try:
            return client.query(f"group by ({', '.join(by)}) ({{{matchers}}})", now)
        except DashboardsError:
            return []

    values: dict[str, dict[str, set[str]]] = {}
    for rows in client.map(ask, chunks([name for name in closed if closed[name]])):
        for labels, _ in rows:
            name = labels.get("__name__", "")
            for label in closed.get(name, frozenset()) & labels.keys():
                values.setdefault(name, {}).setdefault(label, set()).add(labels[label])
    return {name: {label: frozenset(own) for label, own in by_label.items()} for name, by_label in values.items()}


def _closed_labels(name: str, release: Release) -> frozenset[str]:
    return frozenset(
        label
        for metric in entries(name)
        if metric.exists_on(release)
        for label in metric.possible_labels_on(release)
        if metric.is_closed(label)
    )
