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
from dashboards_py.targets import Action, State
from tests.targets.interrupted_deploys import INSTANCES, Killed, uninterrupted
from tests.targets.interrupted_deploys import version as deployed_version
from tests.targets.small_boards import UIDS

SEQUENCES = 200
STEPS = {"Files": 40, "ConfigMaps": 20, "Grafana": 40}  # a deploy has about so many
KINDS = ("kill", "race", "drift", "drift", "edit", "edit", "create", "delete", "foreign", "copy")
UNMODIFIED, MODIFIED = {State.SAME, State.STALE}, {State.EDITED, State.BOTH, State.FOREIGN}


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
        self.removed, self.prunes = self._removed(), self.random.random() < 0.7

    def _removed(self) -> frozenset[str]:
        """What the code no longer has after the first deploy, in half of the sequences; one board stays."""
        if self.random.random() < 0.5:
            return frozenset()
        return frozenset(uid for uid in self.instance.removable[1:] if self.random.random() < 0.4)

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

    def deploy(self, title: str, *, prune: bool | None = None) -> None:
        removed = frozenset() if title == "before" else self.removed
        try:
            list(self.instance.prepare(version(title, removed), prune=self.prunes if prune is None else prune).apply())
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

    def drift(self, title: str = "interrupted") -> None:
        """What `drift` shows: nothing is written, others' work is never called ours, and ours never theirs."""
        self.instance.wait()
        before = dict(self.instance.live())
        removed = frozenset() if title == "before" else self.removed
        changes = self.instance.prepare(version(title, removed)).changes
        assert self.instance.live() == before, self.happened
        states = {self.instance.uid_of(change.name): change.drift for change in changes}
        for uid in self.uids:
            assert states.get(uid) in self._states(uid, uid in before, uid in removed), (uid, title, self.happened)

    def _states(self, uid: str, live: bool, removed: bool) -> set[State | None]:
        """Those in which a board or an alert may be now."""
        if not live:
            return {None, State.LEFT} if removed else {State.MISSING}
        if removed:
            return {None, State.LEFT} if uid in self.expected else {State.LEFT}
        return set(MODIFIED if uid in self.expected else UNMODIFIED)

    def edit(self) -> None:
        self._write(self.instance.edit, [uid for uid in self.uids if uid in self.instance.live()])

    def create(self) -> None:
        self._write(self.instance.create, [uid for uid in self.uids if uid not in self.instance.live()])

    def foreign(self) -> None:
        self._write(self.instance.create, [f"theirs-{self.number}"])

    def copy(self) -> None:
        if present := [uid for uid in self.instance.removable if uid in self.instance.live()]:
            new = f"copy-{self.number}"
            self.instance.copy(self.random.choice(present), new)
            self.expected[new] = self.instance.live()[new]

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
    """After each sequence others' objects are unchanged; the next run writes the rest, the one after nothing.

    What the code no longer has, and nobody edited, stays until a run with --prune, and is removed by it.
    """
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
            sequence.drift("after")
            live = set(instance.live())
            sequence.deploy("after", prune=False)
            assert live <= set(instance.live()), context
            sequence.deploy("after", prune=True)
            assert sequence.lost() == {}, context
            assert instance.live().keys() & sequence.removed <= sequence.expected.keys(), context
            after = version("after", sequence.removed)
            changes = {
                instance.uid_of(change.name): change.action for change in instance.prepare(after, prune=True).changes
            }
            uids = set(sequence.uids) - sequence.removed
            refused = {uid for uid in uids if changes[uid] in (Action.CONFLICT, Action.FOREIGN)}
            assert refused == sequence.expected.keys() & uids, context
            assert {changes[uid] for uid in uids - refused} <= {Action.UNCHANGED}, context
            assert list(instance.prepare(after, prune=True).apply()) == [], context
            kinds |= {text.partition(" ")[0] for text in sequence.happened}
    assert kinds >= {"killed", "race", "edit", "create", "delete", "foreign", "copy"}
    report(f"{kind.__name__}: {SEQUENCES} interrupted deploys, no work of others lost, each converged")
