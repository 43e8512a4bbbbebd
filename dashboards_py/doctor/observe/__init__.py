"""Look at a Prometheus once: the server, its targets, and which series, labels and releases of Cilium there are."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import chain

from dashboards_py.catalog import Release
from dashboards_py.doctor.client import Client
from dashboards_py.doctor.components import component_of
from dashboards_py.doctor.house_labels import our_names, our_target
from dashboards_py.doctor.observation import Labels, Observation, sampled_instances
from dashboards_py.doctor.observe.absent import last_samples, names_before, names_exposed
from dashboards_py.doctor.observe.dropped_by_value import dropped_by_value
from dashboards_py.doctor.observe.dropped_of_some import dropped_of_some
from dashboards_py.doctor.observe.embedded import embedded_envoys
from dashboards_py.doctor.observe.empty_pages import empty_pages
from dashboards_py.doctor.observe.flows import flows
from dashboards_py.doctor.observe.handlers_of_some import handlers_of_some
from dashboards_py.doctor.observe.overwritten import overwritten_labels
from dashboards_py.doctor.observe.partial import partial_metrics
from dashboards_py.doctor.observe.recorded import recorded
from dashboards_py.doctor.observe.releases import release_of, releases_of, versions
from dashboards_py.doctor.observe.series import (
    WINDOW,
    counted_series,
    features,
    latest_starts,
    moving_starts,
    sampled_series,
)
from dashboards_py.doctor.observe.server import look_at_server
from dashboards_py.doctor.observe.targets import look_at_targets
from dashboards_py.doctor.observe.values import stored_values

MARGIN = 60.0  # seconds before the last sample, when all agents still ran as before

__all__ = ["observe", "observe_release"]


def observe_release(client: Client, local_time: float) -> Observation:
    """The server and the release of Cilium that it has the most agents of; `local_time` is this machine's."""
    server = look_at_server(client, local_time)
    if server.failure:
        return Observation(server=server)
    counts = versions(client, server.now)
    return Observation(server=server, versions=counts, release=release_of(counts))


def observe(client: Client, begun: Observation, names: Collection[str], release: Release) -> Observation:
    """The whole observation of a server that answers; `names` are the series that the boards read."""
    if begun.server.failure:
        return begun
    now = begun.server.now
    targets = look_at_targets(client, now)
    instances = sampled_instances(targets.listed)
    series = counted_series(client, names, now, release, instances)
    sampled = sampled_series(client, series, now, instances)
    missing = frozenset(names) - series.keys()
    before = names_before(client, missing, now)
    last = last_samples(client, before, now)
    moving = moving_starts(client, series, now)
    looked = replace(
        begun,
        versions={**_versions_of_turns(client, moving, now), **begun.versions},
        targets=tuple(our_target(target, begun.label_names) for target in targets.listed),
        release=release,
        series=series,
    )
    return replace(
        looked,
        hides_series=targets.are_hidden,
        pending=targets.pending,
        embedded=embedded_envoys(client, looked),
        empty_pages=empty_pages(client, names, looked),
        before=before,
        exposed=names_exposed(client) if missing else None,
        last_samples=last,
        versions_before=versions(client, min(last.values()) - MARGIN) if last else {},
        starts=latest_starts(client, series, now) if last else {},
        labels={name: our_names(chain.from_iterable(rows), begun.label_names) for name, rows in sampled.items()},
        values=stored_values(client, series, now, release, instances),
        overwritten=overwritten_labels(sampled, looked),
        recorded=recorded(client) if any(":" in name for name in missing) else None,
        features=features(client, now, begun.label_names.values()) if missing else (),
        flows=flows(client, series, now) if missing else frozenset(),
        moving_starts=moving,
        dropped_values=dropped_by_value(client, names, looked),
        partial={
            **dropped_of_some(client, names, looked),
            **handlers_of_some(client, names, looked),
            **(
                partial_metrics(client, names, looked, {release, *releases_of(looked.versions)})
                if not looked.unknown_versions
                else {}
            ),
        },
    )


def _versions_of_turns(client: Client, moving: Collection[Labels], now: float) -> Mapping[str, int]:
    """The versions of agents that answer in turns at one address: at any time only one of them has series."""
    is_any = any(component_of(labels) == "cilium-agent" for labels in moving)
    return versions(client, now, WINDOW) if is_any else {}
