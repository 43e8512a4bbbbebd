"""Removing entries of the record that no longer apply."""

from collections.abc import Iterator

from dashboards_py.cluster.leftovers import Leftovers, our_namespaces, secret_entry
from dashboards_py.cluster.plan_down.releases import is_still_ours
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.settle_record import SettleRecord
from dashboards_py.cluster.steps.step import Step
from dashboards_py.kubernetes.ownership import is_ours
from dashboards_py.values.keys import get_value


def record_steps(state: State, left: Leftovers) -> Iterator[Step]:
    """Forget what others have removed or overwritten."""
    releases = {release.qualified_name: release for release in state.helm}
    boards = {body["metadata"]["namespace"] for body in state.config_maps if is_ours(body)}
    secrets = {
        (secret_entry(body), body["metadata"]["uid"])
        for contents in left.contents.values()
        for body in contents
        if body["kind"] == "Secret"
    }
    obsolete = []
    for entry, identity in state.record.created.items():
        kind, _, name = entry.partition(" ")
        exists = {
            "boards": name in boards,
            "rules": any(body["metadata"]["namespace"] == name and is_ours(body) for body in state.rules),
            "namespace": name in our_namespaces(state),
            "secret": (entry, identity) in secrets,
            "release": name in releases and is_still_ours(state, releases[name]),
        }
        obsolete += [] if exists.get(kind) else [entry]
    for name in state.record.values:
        if name not in releases or (releases[name].status == "deployed" and not _has_our_values(state, name)):
            obsolete.append(f"values {name}")
    if obsolete:
        yield SettleRecord(obsolete=tuple(sorted(obsolete)))


def _has_our_values(state: State, release: str) -> bool:
    values = state.values.get(release, {})
    return any(get_value(values, key) == value for key, (_, value) in state.record.values[release].items())
