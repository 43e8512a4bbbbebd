"""Applying the boards as ConfigMaps."""

from collections.abc import Iterator, Sequence

from dashboards_py.catalog import Release
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.apply_boards import ApplyBoards, board_changes
from dashboards_py.cluster.steps.step import Step
from dashboards_py.compiled import Compiled
from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import REFUSES, WRITES, summary
from dashboards_py.targets.configmaps import config_maps


def board_steps(state: State, options: Options, release: Release, boards: Sequence[Compiled]) -> Iterator[Step]:
    """Apply the boards if one is missing or differs."""
    required = config_maps(provisioning_files(release, boards))
    live = {
        config_map["metadata"]["name"]: config_map
        for config_map in state.config_maps
        if config_map["metadata"]["namespace"] == options.namespace
    }
    changes = board_changes(required, live, options.namespace, overwrite=options.take_over)
    if any(change.action in (*WRITES, *REFUSES) for change in changes):
        yield ApplyBoards(
            namespace=options.namespace,
            cilium=release,
            config_maps=required,
            expected={name: str(body["metadata"]["resourceVersion"]) for name, body in sorted(live.items())},
            overwrite=options.take_over,
            details=(
                ", ".join(f"{count} {action}" for action, count in summary(changes).items()),
                *(change.why for change in changes if change.action in REFUSES),
            ),
        )
