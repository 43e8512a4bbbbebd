"""The step that applies the boards as ConfigMaps, and what stands in its way."""

from collections.abc import Iterator, Sequence

from dashboards_py.catalog import Release
from dashboards_py.cluster import remedies
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps import ApplyBoards, Step
from dashboards_py.compile import Compiled
from dashboards_py.errors import ProblemsFound, Remedy
from dashboards_py.kubernetes import ConfigMap, Json
from dashboards_py.provisioning import tree
from dashboards_py.targets import REFUSES, WRITES, Change, summary
from dashboards_py.targets.configmaps import config_maps, difference


def board_steps(state: State, options: Options, release: Release, boards: Sequence[Compiled]) -> Iterator[Step]:
    """The boards, where one is missing or not as we have it."""
    wanted = config_maps(tree(release, boards))
    live = {
        config_map["metadata"]["name"]: config_map
        for config_map in state.config_maps
        if config_map["metadata"]["namespace"] == options.namespace
    }
    changes = compared(wanted, live, overwrite=options.take_over)
    if any(change.action in (*WRITES, *REFUSES) for change in changes):
        yield ApplyBoards(
            namespace=options.namespace,
            cilium=release,
            config_maps=wanted,
            expected={name: str(body["metadata"]["resourceVersion"]) for name, body in sorted(live.items())},
            overwrite=options.take_over,
            details=(
                ", ".join(f"{count} {action}" for action, count in summary(changes).items()),
                *(change.why for change in changes if change.action in REFUSES),
            ),
        )


def compared(wanted: Sequence[ConfigMap], live: dict[str, Json], *, overwrite: bool) -> list[Change]:
    """What would happen to each ConfigMap."""
    return [difference(body, live.get(body["metadata"]["name"]), overwrite=overwrite) for body in wanted]


def refuse_boards(changes: Sequence[Change]) -> None:
    """Raise ProblemsFound that names the ConfigMaps that others have or changed."""
    refused = [change.why for change in changes if change.action in REFUSES]
    if refused:
        raise ProblemsFound(
            "ConfigMaps", cause=f"{len(refused)} not deployed: {'; '.join(refused)}", remedy=Remedy(remedies.TAKE_OVER)
        )
