"""Removing entries of the record that no longer apply."""

from collections.abc import Iterator

from dashboards_py.cluster.leftovers import Leftovers
from dashboards_py.cluster.obsolete import obsolete_entries
from dashboards_py.cluster.state import State
from dashboards_py.cluster.steps.settle_record import SettleRecord
from dashboards_py.cluster.steps.step import Step


def record_steps(state: State, left: Leftovers) -> Iterator[Step]:
    """Forget what others have removed or overwritten."""
    contents = (body for contents in left.contents.values() for body in contents)
    if obsolete := obsolete_entries(state, [body for body in contents if body["kind"] == "Secret"]):
        yield SettleRecord(obsolete=obsolete)
