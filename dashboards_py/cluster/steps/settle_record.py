"""Bringing the record up to date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.inspect import settled
from dashboards_py.cluster.obsolete import still_obsolete
from dashboards_py.cluster.record import Record
from dashboards_py.cluster.record_store import update_record
from dashboards_py.cluster.state import read_state
from dashboards_py.cluster.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRecord(Step):
    """Bring the record up to date: settle what is pending, and remove entries of things that no longer exist.

    A revision of someone else that the pending operation overwrote remains pending, unless that is accepted.
    """

    obsolete: tuple[str, ...] = ()
    accepts_overwritten: bool = False

    @property
    def title(self) -> str:
        """The purpose."""
        return "bring the record of setup.sh up to date"

    def execute(self, clients: Clients) -> Sequence[str]:
        """Settle what is pending by the state of the cluster, and remove what is `obsolete` and was not put back."""

        def settle(record: Record) -> Record:
            state = read_state(clients)
            record, lost = settled(record, state, clients)
            if lost and not self.accepts_overwritten:
                raise lost.error
            for entry in still_obsolete(self.obsolete, replace(state, record=record), clients):
                kind, _, name = entry.partition(" ")
                record = record.without_values(name) if kind == "values" else record.without_created(entry)
            return record

        update_record(clients.record_client, settle)
        return ()
