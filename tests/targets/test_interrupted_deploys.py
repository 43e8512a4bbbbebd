"""Kills, races and edits at each step of a deploy, for every target: no one's work is lost, and the next run converges.

What no target can close is the moment in which the file system or Grafana itself has compared and not yet written.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.targets import Action
from tests.targets.interrupted_deploys import INSTANCES, Killed, uninterrupted
from tests.targets.interrupted_deploys import version as deployed_version
from tests.targets.small_boards import UIDS

SEQUENCES = 200
STEPS = {"Files": 40, "ConfigMaps": 20, "Grafana": 40}  # a deploy has about so many
KINDS = ("kill", "race", "edit", "edit", "create", "delete", "foreign")


version = cache(deployed_version)


class Sequence:
    """One random sequence of events: their steps, and the objects that must exist afterwards."""

    def __init__(self, instance: Any, seed: int) -> None:
        self.instance, self.random = instance, Random(seed)
        self.uids = (*UIDS, *instance.alerts)
        self.expected: dict[str, str] = {}  # objects of others, as they must remain
        self.happened: list[str] = []
        steps = STEPS[type(instance).__name__]
        self.pending = {
            self.random.randrange(steps): self.random.choice(KINDS) for _ in range(self.random.randint(1, 4))
        }
        self.number = 0

    def run(self) -> None:
        """Deploy a version without events in half of the sequences, then another version with them."""
        if self.random.random() < 0.5:
            with uninterrupted(self.instance):
                self.deploy("before")
        self.instance.step = self.step
        try:
            self.deploy("interrupted")
        except Killed:
            self.happened.append("killed")
        self.instance.step = lambda: None
        self.instance.killed = False

    def deploy(self, title: str) -> None:
        try:
            list(self.instance.prepare(version(title)).apply())
        except DashboardsError as error:
            self.happened.append(f"{title}: {error}")

    def step(self) -> None:
        kind = self.pending.pop(self.number, "")
        self.number += 1
        if kind:
            with uninterrupted(self.instance):
                getattr(self, kind)()
            self.happened.append(f"{kind} at step {self.number}")

    def kill(self) -> None:
        self.instance.killed = True
        raise Killed

    def race(self) -> None:
        if self.instance.can_race():
            self.deploy("raced")

    def edit(self) -> None:
        self._write(self.instance.edit, [uid for uid in self.uids if uid in self.instance.live()])

    def create(self) -> None:
        self._write(self.instance.create, [uid for uid in self.uids if uid not in self.instance.live()])

    def foreign(self) -> None:
        self._write(self.instance.create, [f"theirs-{self.number}"])

    def delete(self) -> None:
        if present := [uid for uid in self.uids if uid in self.instance.live()]:
            uid = self.random.choice(present)
            self.instance.delete(uid)
            self.expected.pop(uid, None)

    def _write(self, write: Callable[[str, str], None], uids: list[str]) -> None:
        if uids:
            uid = self.random.choice(uids)
            write(uid, f"by somebody at step {self.number}")
            self.expected[uid] = self.instance.live()[uid]

    def lost(self) -> dict[str, str | None]:
        """Objects of others that were deleted or changed."""
        live = self.instance.live()
        return {uid: live.get(uid) for uid, text in self.expected.items() if live.get(uid) != text}


@pytest.mark.fault("a deploy that is killed, raced or edited under its hands loses what others wrote")
@pytest.mark.parametrize("kind", INSTANCES, ids=[kind.__name__ for kind in INSTANCES])
def test_interrupted_at_a_random_step(tmp_path: Path, kind: Any, report: Any) -> None:
    """After each sequence others' objects are unchanged; the next run writes the rest, the one after nothing."""
    kinds: set[str] = set()
    for seed in range(SEQUENCES):
        directory = tmp_path / str(seed)
        directory.mkdir()
        with pytest.MonkeyPatch.context() as monkeypatch:
            instance = kind(directory, monkeypatch)
            sequence = Sequence(instance, seed)
            sequence.run()
            context = f"seed {seed}: {sequence.happened}"
            assert sequence.lost() == {}, context
            instance.wait()
            sequence.deploy("after")
            assert sequence.lost() == {}, context
            changes = {
                instance.uid_of(change.name): change.action for change in instance.prepare(version("after")).changes
            }
            refused = {uid for uid in sequence.uids if changes[uid] in (Action.CONFLICT, Action.FOREIGN)}
            assert refused == sequence.expected.keys() & set(sequence.uids), context
            assert {changes[uid] for uid in sequence.uids if uid not in refused} <= {Action.UNCHANGED}, context
            assert list(instance.prepare(version("after")).apply()) == [], context
            kinds |= {text.partition(" ")[0] for text in sequence.happened}
    assert kinds >= {"killed", "race", "edit", "create", "delete", "foreign"}
    report(f"{kind.__name__}: {SEQUENCES} interrupted deploys, no work of others lost, each converged")
