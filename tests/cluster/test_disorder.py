"""Kills, races and edits at each step of up and down, in random order: no one's work is lost, and the runs converge.

Others act before any call of kubectl or helm, also between our last read and a write. Three writes cannot be guarded at
that moment: the API has no precondition on the contents of a namespace, or of a kind, that is deleted, and Helm has
none on the revision that a rollback undoes. Directly before these, others do nothing here.
`python -m tests.live.disorder` runs such orders on a real API server.
"""

import contextlib
import json
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from dashboards_py.compile import compile_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.values.keys import merge_values
from tests.cluster.plans import CILIUM, SEED, down, planned_down, planned_up, up, with_cilium
from tests.fakes.cluster import FakeCluster, Killed, kill
from tests.fakes.objects import merge_patch

ORDERS = 200
WRITES_WITHOUT_GUARD = (
    *("helm uninstall prometheus-operator-crds", "helm rollback cilium"),
    "delete --raw=/api/v1/namespaces/prometheus ",
)
RECORD = "cilium-dashboards-setup"
Json = dict[str, Any]


@dataclass(slots=True)
class Others:
    """The actions of other users, and what of them must be there at the end."""

    cluster: FakeCluster
    rng: random.Random
    objects: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    values: Json = field(default_factory=dict)
    edits: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    count: int = 0

    def act(self) -> None:
        """Do one random action; it has no effect if Helm or the API refuses it."""
        action: Callable[[], None] = self.rng.choice(
            [self.put, self.put, self.upgrade, self.edit, self.edit_board, self.delete_board]
        )
        self.count += 1
        action()

    def put(self) -> None:
        """Create an object of any kind, in a namespace of ours or in another."""
        custom = [("ServiceMonitor", "monitoring.coreos.com/v1")] * ("ServiceMonitor" in self.cluster.api.kinds)
        kind, api = self.rng.choice([("ConfigMap", "v1"), ("Secret", "v1"), ("ServiceAccount", "v1"), *custom])
        namespace = self.rng.choice(["default", "kube-system", "prometheus"])
        space = self.cluster.api.get("Namespace", "", namespace)
        if space is None or space["status"]["phase"] == "Terminating":
            return
        name = f"theirs-{self.count}"
        meta = {"name": name, "namespace": namespace}
        body: Json = {"apiVersion": api, "kind": kind, "metadata": meta, "note": {"a": name}}
        self.cluster.api.create(body, "somebody")
        self.objects[kind, namespace, name] = body["note"]

    def upgrade(self, *, again: bool = False) -> None:
        """Add a value to those of the release, as `helm upgrade --reuse-values` does; `again`: all others as well."""
        last = self.cluster.releases.revisions["kube-system", "cilium"][-1]
        if last.status not in ("deployed", "failed"):
            return
        self.count += 1
        user_values = merge_values(self.values if again else {}, {"theirs": {f"v{self.count}": self.count}})
        with contextlib.suppress(AssertionError):  # a revision that fails because of an edit by hand is also theirs
            self.cluster.upgrade(
                "cilium", "kube-system", "cilium", last.version, merge_values(last.values, user_values)
            )
        self.values = merge_values(self.values, user_values)

    def edit(self) -> None:
        """Edit a field of an object that Helm rendered."""
        key = ("ConfigMap", "kube-system", "cilium-config")
        changes = {"data": {self.rng.choice(["debug", "enable-hubble", "own-key"]): f"edit-{self.count}"}}
        self.cluster.api.patch(*key, changes, "kubectl-edit")
        self.edits[key] = merge_patch(self.edits.get(key, {}), changes)

    def edit_board(self) -> None:
        """Edit one of our boards."""
        boards = [key for key in self.cluster.api.objects if key[2].startswith("cilium-dashboards-cilium")]
        if boards:
            key = self.rng.choice(sorted(boards))
            changes = {"data": {"note": f"edit-{self.count}"}}
            self.cluster.api.patch(*key, changes, "kubectl-edit")
            self.edits[key] = merge_patch(self.edits.get(key, {}), changes)

    def delete_board(self) -> None:
        """Delete one of our boards that nobody edited."""
        boards = [key for key in self.cluster.api.objects if key[2].startswith("cilium-dashboards-cilium")]
        if left := sorted(set(boards) - self.edits.keys()):
            self.cluster.api.delete(*self.rng.choice(left))


def disturb(cluster: FakeCluster, others: Others, rng: random.Random) -> None:
    """Before some calls of a run let others act, or kill the run."""
    calls = 0
    moments = {rng.randrange(90) for _ in range(rng.randrange(1, 4))}
    kill_at = rng.randrange(90) if rng.random() < 0.6 else -1

    def before() -> None:
        nonlocal calls
        calls += 1
        line = cluster.log[-1]
        if calls in moments and not any(text in line for text in WRITES_WITHOUT_GUARD) and not _inside_helm(cluster):
            others.act()
        if calls == kill_at:
            kill()

    if rng.random() < 0.15:  # Helm has no precondition: ours overwrites theirs, and is killed before it is undone
        cluster.before("helm upgrade cilium", others.upgrade)
        cluster.before("helm rollback cilium", kill)
    cluster.before("", before, always=True)


def _inside_helm(cluster: FakeCluster) -> bool:
    """Whether Helm is in an operation: it refuses others by itself."""
    last = [revisions[-1].status for revisions in cluster.releases.revisions.values()]
    return any(status.startswith("pending") or status == "uninstalling" for status in last)


def _is_pending(cluster: FakeCluster) -> bool:
    """Whether a killed run has left something to settle: the next one names a revision that it overwrote."""
    body = cluster.api.get("ConfigMap", "kube-system", RECORD)
    return body is not None and "pending" in json.loads(body["data"]["record.json"])


def attempt(cluster: FakeCluster, run: Callable[..., list[str]], **options: Any) -> None:
    """Run setup.sh, whether it succeeds, fails or is killed."""
    try:
        run(cluster, **options)
    except (DashboardsError, Killed):
        pass
    finally:
        cluster.hooks.clear()


def settle(cluster: FakeCluster, run: Callable[..., list[str]], others: Others, **options: Any) -> None:
    """Run it again as its errors advise until it succeeds, which must be soon."""
    for _ in range(6):
        try:
            run(cluster, **options)
        except DashboardsError as error:
            if fix := re.search(r"(helm (?:rollback|uninstall) [^,;`]+?)(?:, then|$)", error.fix):
                recover(cluster, fix[1])
            elif error.remedy and error.remedy.kind == "take-over":
                undo_edits(cluster, others)
            elif error.remedy and error.remedy.kind == "accept-overwritten":
                others.upgrade(again=True)
            else:
                continue
        else:
            return
    run(cluster, **options)


def recover(cluster: FakeCluster, fix: str) -> None:
    """Run the command that an error names; an edit by hand may make it fail too."""
    program, *argv = fix.split()
    cluster(["helm", *argv]) if program == "helm" else None


def undo_edits(cluster: FakeCluster, others: Others) -> None:
    """Undo the edits by hand that an error named, as a user would after saving a copy."""
    for (kind, namespace, name), changes in list(others.edits.items()):
        if kind == "ConfigMap" and name == "cilium-config":
            manifest = cluster.releases.revisions["kube-system", "cilium"][-1].manifest
            rendered = next(body for body in manifest if body["metadata"]["name"] == name)["data"]
            back = {key: rendered.get(key) for key in changes["data"]}
            assert_kept(cluster, others)
            cluster.api.hand_back(kind, namespace, name, {"data": back}, "helm")
        else:
            assert_kept(cluster, others)
            cluster.api.delete(kind, namespace, name)
        del others.edits[kind, namespace, name]


def assert_kept(cluster: FakeCluster, others: Others) -> None:
    """Assert that everything that others did is there."""
    for (kind, namespace, name), note in others.objects.items():
        body = cluster.api.get(kind, namespace, name)
        assert body, f"{kind} {namespace}/{name} is missing"
        assert body["note"] == note
    for (kind, namespace, name), changes in others.edits.items():
        body = cluster.api.get(kind, namespace, name)
        assert body, f"{kind} {namespace}/{name} is missing"
        assert changes["data"].items() <= body["data"].items(), f"an edit of {name} is lost"
    values = cluster.releases.revisions["kube-system", "cilium"][-1].values
    assert merge_values(values, others.values) == values, f"values of others are lost: {others.values}"
    assert merge_values(values, {"ipam": SEED["ipam"]}) == values


@pytest.fixture(autouse=True)
def _few_boards(monkeypatch: pytest.MonkeyPatch) -> None:
    few_boards(monkeypatch)


def few_boards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three boards are enough for conflicts."""
    module = sys.modules["dashboards_py.cluster.plan_up"]
    few = cache(lambda release, configuration, _: compile_boards(release, configuration)[:3])
    monkeypatch.setattr(module, "compiled_boards", few)


def disorder(seed: int, cluster: FakeCluster, **options: Any) -> int:
    """Run one random order of up, down, kills and others' actions; returns how often others acted."""
    rng = random.Random(seed)
    others = Others(cluster, rng)
    for run in (up, up, down, down) if rng.random() < 0.7 else (up, down, up, down):
        disturb(cluster, others, rng)
        attempt(cluster, run, **options)
        if rng.random() < 0.2:
            others.upgrade()
        last = cluster.releases.revisions["kube-system", "cilium"][-1]
        if last.status == "deployed" and not _inside_helm(cluster) and not _is_pending(cluster):
            assert_kept(cluster, others)
    settle(cluster, up, others, **options)
    assert_kept(cluster, others)
    assert not [step for step in planned_up(cluster, **options) if step.changes], "up does not converge"
    settle(cluster, down, others, **options)
    assert_kept(cluster, others)
    assert not [step for step in planned_down(cluster, **options) if step.changes], "down does not converge"
    values = cluster.releases.revisions["kube-system", "cilium"][-1].values
    assert values == merge_values(SEED, others.values), "down leaves values of ours"
    assert cluster.releases.revisions["kube-system", "cilium"][-1].status == "deployed"
    assert not any(key[0] == "ServiceMonitor" for key in cluster.api.objects if key not in others.objects)
    assert cluster.releases.revisions["kube-system", "cilium"][-1].version == CILIUM[max(CILIUM)]
    _assert_record(cluster, others)
    return others.count


def _assert_record(cluster: FakeCluster, others: Others) -> None:
    """Assert that the record has only what is kept because of others."""
    body = cluster.api.get("ConfigMap", "kube-system", RECORD)
    revisions = json.loads(body["data"]["record.json"]) if body else {"created": {}, "values": {}}
    assert revisions["values"] == {}
    assert "pending" not in revisions
    namespace = cluster.api.get("Namespace", "", "prometheus")
    if not any("prometheus" in key or "ServiceMonitor" in key for key in (*others.objects, *others.edits)):
        assert (namespace, revisions["created"]) == (None, {})


@pytest.mark.fault("kills, races and edits at each step of up and down lose work of others")
@pytest.mark.parametrize("batch", range(10))
def test_in_random_orders(batch: int) -> None:
    """No foreign object is touched, no edit is lost, and a second run converges."""
    acted = [disorder(seed, with_cilium()) for seed in range(batch, ORDERS, 10)]
    assert sum(acted) > len(acted), "hardly anything happened"
