"""Removing the boards wherever `up` applied them."""

from collections.abc import Iterator

from dashboards_py.cluster.options import Options
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.delete_config_maps import DeleteConfigMaps
from dashboards_py.cluster.steps.notice import Notice
from dashboards_py.cluster.steps.objects import ObjectId
from dashboards_py.cluster.steps.step import Step
from dashboards_py.kubernetes.gitops import overwrite_remedy
from dashboards_py.kubernetes.ownership import editors, is_ours


def board_steps(state: State, options: Options) -> Iterator[Step]:
    """The deletions, by namespace; edited boards are kept and reported."""
    for entry in sorted(state.record.created):
        kind, _, namespace = entry.partition(" ")
        if kind != "boards":
            continue
        boards = [body for body in state.config_maps if body["metadata"]["namespace"] == namespace and is_ours(body)]
        edited = {}
        if not options.take_over:
            edited = {str(body["metadata"]["name"]): editors(body) for body in boards if editors(body)}
        unedited = [body for body in boards if body["metadata"]["name"] not in edited]
        if unedited:
            yield DeleteConfigMaps(namespace=namespace, config_maps=tuple(sorted(map(ObjectId.of, unedited))))
        if edited:
            yield Notice(
                text=f"ConfigMaps in {namespace} that were edited are kept",
                details=tuple(f"{name}: edited by {', '.join(names)}" for name, names in sorted(edited.items())),
                remedies=(overwrite_remedy([name for names in edited.values() for name in names]),),
                problem=True,
            )
