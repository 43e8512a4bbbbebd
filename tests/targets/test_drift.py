"""How a target differs from the code and from what was deployed last, on the stand-in of each target."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.targets import Action, Change, State
from tests.targets.interrupted_deploys import INSTANCES, ConfigMaps, Files, Grafana, version

A, B = "cilium-a", "cilium-b"
NONE: frozenset[str] = frozenset()


@pytest.fixture(params=INSTANCES, ids=lambda kind: kind.__name__)
def instance(request: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    return request.param(tmp_path, monkeypatch)


def deploy(instance: Any, title: str = "one") -> None:
    list(instance.prepare(version(title)).apply())


def drift(instance: Any, title: str = "one", removed: frozenset[str] = NONE) -> dict[str, Change]:
    """The change of each object, by its uid."""
    instance.wait()
    return {instance.uid_of(change.name): change for change in instance.prepare(version(title, removed)).changes}


def test_nothing_is_different(instance: Any) -> None:
    """After a deploy all is the same; before it all is missing."""
    assert {change.drift for change in drift(instance).values()} == {State.MISSING}
    deploy(instance)
    assert {change.drift for change in drift(instance).values()} == {State.SAME}


def test_the_code_has_changed(instance: Any) -> None:
    """What we deployed and nobody edited is stale, boards and alerts."""
    deploy(instance)
    changes = drift(instance, "two")
    assert {changes[uid].drift for uid in (A, B, *instance.alerts)} == {State.STALE}


def test_someone_edited(instance: Any) -> None:
    """With the code as deployed it is edited, and else both; it says by whom, or when."""
    deploy(instance)
    for uid in (A, instance.alerts[0]):
        instance.edit(uid, "Mine")
    for title, state in (("one", State.EDITED), ("two", State.BOTH)):
        changes = drift(instance, title)
        assert [changes[uid].drift for uid in (A, instance.alerts[0])] == [state, state]
        assert changes[A].details.startswith(("changed on 20", "by kubectl-edit", "saved by "))
    assert drift(instance)[B].drift == State.SAME


def test_someone_deleted(instance: Any) -> None:
    """It is missing; only the manifest of files tells that it was there."""
    deploy(instance)
    instance.delete(A)
    change = drift(instance)[A]
    assert change.drift == State.MISSING
    assert ("since our last deploy" in change.details) == isinstance(instance, Files)


def test_someone_was_there_first(instance: Any) -> None:
    """Its uid is that of a board of ours, and we never wrote it."""
    instance.create(A, "Mine")
    assert drift(instance)[A].drift == State.FOREIGN


def test_the_code_no_longer_has_it(instance: Any) -> None:
    """It is left over, also where only a house leaves it out; a copy of it is nobody's business."""
    deploy(instance)
    instance.copy(B, "copy")
    changes = drift(instance, removed=frozenset({B}))
    assert changes[B].drift == State.LEFT
    assert "copy" not in changes or "review it" in changes["copy"].why


def test_a_moved_board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grafana keeps a board where somebody moved it: a deploy leaves it there, and drift names the folder."""
    instance = Grafana(tmp_path, monkeypatch)
    deploy(instance)
    instance.server.folders["team"] = "Team"
    instance.server.boards[A]["meta"]["folderUid"] = "team"
    change = drift(instance)[A]
    assert (change.drift, change.details) == (State.MOVED, "in the folder Team, not Cilium")
    instance.edit(A, "Mine")
    assert drift(instance)[A].drift == State.EDITED


def pruning(instance: Any) -> tuple[set[str], Any]:
    """What the code no longer has, of each kind that the target can remove, and the plan that removes it."""
    deploy(instance)
    removed = {B, instance.alerts[-1]} & set(instance.removable)
    return removed, instance.prepare(version("one", frozenset(removed)), prune=True)


@pytest.mark.parametrize("meanwhile", [False, True], ids=["by us", "by somebody else"])
def test_what_the_code_no_longer_has_is_pruned(instance: Any, meanwhile: bool) -> None:
    """It is removed and nothing else, also if somebody removed it meanwhile; then nothing is left to do."""
    removed, plan = pruning(instance)
    before = dict(instance.live())
    if meanwhile:
        for uid in removed:
            instance.delete(uid)
    assert {instance.uid_of(change.name) for change in plan.apply()} == removed
    assert instance.live() == {uid: text for uid, text in before.items() if uid not in removed}
    plan = instance.prepare(version("one", frozenset(removed)), prune=True)
    assert {change.action for change in plan.changes} == {Action.UNCHANGED}
    if isinstance(instance, Files):  # the manifest has forgotten it: what somebody puts there is somebody's
        instance.create(B, before[B])
        assert drift(instance, "two")[B].drift == State.FOREIGN


def test_what_only_an_option_deploys_is_never_pruned(instance: Any) -> None:
    """As upstream's boards, when the next run does without the option."""
    deploy(instance)
    before = dict(instance.live())
    plan = instance.prepare(replace(version("one", frozenset({B})), kept=frozenset({B})), prune=True)
    (left,) = (change for change in plan.changes if change.action != Action.UNCHANGED)
    assert (instance.uid_of(left.name), left.action) == (B, Action.LEFT)
    assert left.why.startswith("deployed by an earlier run with other options: ")
    assert (list(plan.apply()), instance.live()) == ([], before)


def test_what_was_edited_after_the_plan_is_not_pruned(instance: Any) -> None:
    """Each is read again just before, and kept."""
    removed, plan = pruning(instance)
    for uid in removed:
        instance.edit(uid, "Mine")
    before = dict(instance.live())
    assert [change.action for change in plan.apply()] == [Action.CONFLICT] * len(removed)
    assert instance.live() == before


def test_alerts_under_an_old_name_are_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of an earlier version, unless somebody edits them after the plan."""
    instance = ConfigMaps(tmp_path, monkeypatch)
    renamed = {
        name: content.replace(b"cilium-dashboards-alerts", b"old-alerts")
        for name, content in version("one").rules.items()
    }
    list(instance.prepare(replace(version("one"), rules=renamed)).apply())
    plan = instance.prepare(version("one"), prune=True)
    instance.api.patch("PrometheusRule", "prometheus", "old-alerts", {"spec": {"groups": []}}, "kubectl-edit")
    assert [change.action for change in plan.apply()] == [Action.CREATE, Action.CONFLICT]
    assert instance.api.get("PrometheusRule", "prometheus", "old-alerts")
    instance.api.delete("PrometheusRule", "prometheus", "old-alerts")
    list(instance.prepare(replace(version("one"), rules=renamed)).apply())
    list(instance.prepare(version("one"), prune=True).apply())
    assert instance.api.get("PrometheusRule", "prometheus", "old-alerts") is None
