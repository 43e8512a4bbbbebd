"""What of a cluster's setup need not be said again: the record and the cluster know it."""

from collections.abc import Collection
from dataclasses import replace

from dashboards_py.cluster.choice import Choice
from dashboards_py.cluster.refuse import STACK
from dashboards_py.cluster.state import State


def remembered(choice: Choice, state: State, unset: Collection[str]) -> Choice:
    """The choice with namespace, release and stack of the record, where nobody set them (`unset`: their names)."""
    made = set(state.record.made)
    boards = sorted(what.removeprefix("boards ") for what in made if what.startswith("boards "))
    if "namespace" in unset and len(boards) == 1:
        choice = replace(choice, namespace=boards[0])
    stacks = [release for release in state.release(STACK) if release.namespace == choice.namespace]
    if "release" in unset and len(stacks) == 1:
        choice = replace(choice, release=stacks[0].name)
    if "stack" in unset and boards and not stacks and not any(_is_stack(what, choice) for what in made):
        choice = replace(choice, stack=False)
    return choice


def _is_stack(what: str, choice: Choice) -> bool:
    """Whether the record's entry is a stack that `up` installed there: somebody may have removed it since."""
    return what == f"release {choice.place}"
