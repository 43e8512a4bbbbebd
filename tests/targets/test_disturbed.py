"""Kill, race and edit at each step of a deploy, for every target: nothing of anybody's is lost, and the next converges.

What no target can close is the moment in which the file system or Grafana itself has compared and not yet written.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.targets import Action, Payload
from tests.targets.disturbed import PLACES, Killed, undisturbed
from tests.targets.small import UIDS, payload

ORDERS = 200
STEPS = {"Files": 40, "ConfigMaps": 20, "Grafana": 40}  # a deploy has about so many
KINDS = ("kill", "race", "edit", "edit", "create", "delete", "theirs")


@cache
def version(title: str) -> Payload:
    """Our boards as of some commit."""
    return payload({uid: f"{uid} {title}" for uid in UIDS})


class Order:
    """One random order: what happens at which step, and what must be there afterwards."""

    def __init__(self, place: Any, seed: int) -> None:
        self.place, self.random = place, Random(seed)
        self.expected: dict[str, str] = {}  # what somebody else wrote, as it must stay
        self.happened: list[str] = []
        steps = STEPS[type(place).__name__]
        self.pending = {
            self.random.randrange(steps): self.random.choice(KINDS) for _ in range(self.random.randint(1, 4))
        }
        self.number = 0

    def run(self) -> None:
        """Deploy what is there already in half of the orders, then another version, disturbed."""
        if self.random.random() < 0.5:
            with undisturbed(self.place):
                self.deploy("before")
        self.place.step = self.step
        try:
            self.deploy("disturbed")
        except Killed:
            self.happened.append("killed")
        self.place.step = lambda: None
        self.place.killed = False

    def deploy(self, title: str) -> None:
        try:
            list(self.place.prepare(version(title)).apply())
        except DashboardsError as error:
            self.happened.append(f"{title}: {error}")

    def step(self) -> None:
        kind = self.pending.pop(self.number, "")
        self.number += 1
        if kind:
            with undisturbed(self.place):
                getattr(self, kind)()
            self.happened.append(f"{kind} at step {self.number}")

    def kill(self) -> None:
        self.place.killed = True
        raise Killed

    def race(self) -> None:
        if self.place.can_race():
            self.deploy("raced")

    def edit(self) -> None:
        self._write(self.place.edit, [uid for uid in UIDS if uid in self.place.live()])

    def create(self) -> None:
        self._write(self.place.create, [uid for uid in UIDS if uid not in self.place.live()])

    def theirs(self) -> None:
        self._write(self.place.create, [f"theirs-{self.number}"])

    def delete(self) -> None:
        if there := [uid for uid in UIDS if uid in self.place.live()]:
            uid = self.random.choice(there)
            self.place.delete(uid)
            self.expected.pop(uid, None)

    def _write(self, write: Callable[[str, str], None], uids: list[str]) -> None:
        if uids:
            uid = self.random.choice(uids)
            write(uid, f"by somebody at step {self.number}")
            self.expected[uid] = self.place.live()[uid]

    def lost(self) -> dict[str, str | None]:
        """What somebody wrote and is not there any more, or not as they wrote it."""
        live = self.place.live()
        return {uid: live.get(uid) for uid, text in self.expected.items() if live.get(uid) != text}


@pytest.mark.fault("a deploy that is killed, raced or edited under its hands loses what others wrote")
@pytest.mark.parametrize("kind", PLACES, ids=[kind.__name__ for kind in PLACES])
def test_disturbed_at_a_random_step(tmp_path: Path, kind: Any, report: Any) -> None:
    """After each order what others wrote is as they left it; the next run writes the rest, the one after nothing."""
    kinds: set[str] = set()
    for seed in range(ORDERS):
        directory = tmp_path / str(seed)
        directory.mkdir()
        with pytest.MonkeyPatch.context() as monkeypatch:
            place = kind(directory, monkeypatch)
            order = Order(place, seed)
            order.run()
            told = f"seed {seed}: {order.happened}"
            assert order.lost() == {}, told
            place.wait()
            order.deploy("after")
            assert order.lost() == {}, told
            changes = {place.uid_of(change.name): change.action for change in place.prepare(version("after")).changes}
            refused = {uid for uid in UIDS if changes[uid] in (Action.CONFLICT, Action.FOREIGN)}
            assert refused == order.expected.keys() & set(UIDS), told
            assert {changes[uid] for uid in UIDS if uid not in refused} <= {Action.UNCHANGED}, told
            assert list(place.prepare(version("after")).apply()) == [], told
            kinds |= {text.partition(" ")[0] for text in order.happened}
    assert kinds >= {"killed", "race", "edit", "create", "delete", "theirs"}
    report(f"{kind.__name__}: {ORDERS} disturbed deploys, nothing of others' lost, each converged")
