"""Entries of the record for what others have removed or overwritten."""

from collections.abc import Collection
from dataclasses import replace

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.inspect import boards_in, rules_in
from dashboards_py.cluster.leftovers import is_still_ours, our_namespaces, secret_entry
from dashboards_py.cluster.state import State
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.ownership import is_ours
from dashboards_py.values.keys import get_value


def obsolete_entries(state: State, secrets: Collection[Json]) -> tuple[str, ...]:
    """The entries for what is not there, or is no longer ours; `secrets` are those in the namespaces of ours."""
    releases = {release.qualified_name: release for release in state.helm}
    boards = {body["metadata"]["namespace"] for body in state.config_maps if is_ours(body)}
    rules = {body["metadata"]["namespace"] for body in state.rules if is_ours(body)}
    identities = {(secret_entry(body), body["metadata"]["uid"]) for body in secrets}
    obsolete = []
    for entry, identity in state.record.created.items():
        kind, _, name = entry.partition(" ")
        exists = {
            "boards": name in boards,
            "rules": name in rules,
            "namespace": name in our_namespaces(state),
            "secret": (entry, identity) in identities,
            "release": name in releases and is_still_ours(state, releases[name]),
        }
        obsolete += [] if exists.get(kind) else [entry]
    for name in state.record.values:
        if name not in releases or (releases[name].status == "deployed" and not _has_our_values(state, name)):
            obsolete.append(f"values {name}")
    return tuple(sorted(obsolete))


def still_obsolete(planned: Collection[str], state: State, clients: Clients) -> tuple[str, ...]:
    """Those of the planned entries that are obsolete in the `state` as just read: others may have put things back."""
    if not planned:
        return ()
    names = {kind: {entry.partition(" ")[2] for entry in planned if entry.startswith(f"{kind} ")} for kind in KINDS}
    installed = {
        release.qualified_name: clients.helm.first_deployed(release)
        for release in state.helm
        if release.qualified_name in names["release"]
    }
    values = {
        release.qualified_name: clients.helm.values(release)
        for release in state.helm
        if release.qualified_name in names["values"] and release.qualified_name not in state.values
    }
    state = replace(
        state,
        installed=installed,
        values={**state.values, **values},
        config_maps=boards_in(clients, state, names["boards"]),
        rules=rules_in(clients, state, names["rules"]),
    )
    spaces = {name.partition("/")[0] for name in names["secret"]} & state.namespaces.keys()
    secrets = [body for name in sorted(spaces) for body in clients.at(name).objects("secrets")]
    return tuple(entry for entry in obsolete_entries(state, secrets) if entry in planned)


KINDS = ("boards", "rules", "release", "secret", "values")


def _has_our_values(state: State, release: str) -> bool:
    values = state.values.get(release, {})
    return any(get_value(values, key) == value for key, (_, value) in state.record.values[release].items())
