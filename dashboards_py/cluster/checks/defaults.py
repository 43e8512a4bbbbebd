"""Defaults for options, from the record and the cluster."""

from collections.abc import Collection
from dataclasses import replace
from itertools import chain
from typing import get_args

from dashboards_py.cluster.options import Options
from dashboards_py.cluster.refuse import STACK
from dashboards_py.cluster.state import State
from dashboards_py.kubernetes.ownership import is_ours
from dashboards_py.peer_label import DEFAULT_PEER_LABEL, PeerLabel


def options_from_record(options: Options, state: State, unset: Collection[str]) -> Options:
    """The options; those in `unset` (namespace, release, stack) are taken from the record."""
    created = set(state.record.created)
    boards = sorted(what.removeprefix("boards ") for what in created if what.startswith("boards "))
    if "namespace" in unset and len(boards) == 1:
        options = replace(options, namespace=boards[0])
    stacks = [release for release in state.release(STACK) if release.namespace == options.namespace]
    if "release" in unset and len(stacks) == 1:
        options = replace(options, release=stacks[0].name)
    is_not_ours = boards and not any(_is_stack(what, options) for what in created)
    if "stack" in unset and not stacks and (is_not_ours or (state.vm_agents and not state.prometheuses)):
        options = replace(options, stack=False)
    return options


def recorded_peer_label(state: State) -> PeerLabel:
    """The label of pods that `up` used last: that of the boards in the cluster.

    If there are none, or they may not be read, it is the one that `up` added to the entries of Hubble's handlers, or
    else the default.
    """
    labels: tuple[PeerLabel, ...] = get_args(PeerLabel)
    boards = "".join(text for body in state.config_maps if is_ours(body) for text in (body.get("data") or {}).values())
    pairs = [pair for keys in state.record.values.values() for pair in keys.values()]
    on_boards = (label for label in labels if f"source_{label}" in boards)
    added = (
        label
        for label in labels
        for before, value in pairs
        if f"source_{label}" in str(value) and f"source_{label}" not in str(before)
    )
    return next(chain(on_boards, added), DEFAULT_PEER_LABEL)


def _is_stack(what: str, options: Options) -> bool:
    """Whether an entry of the record is a stack that `up` installed there; it may have been removed since."""
    return what == f"release {options.qualified_release}"
