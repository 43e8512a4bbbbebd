"""Objects that are applied with kubectl: what would happen to one, and applying it as it was read."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import Kubectl, Moved
from dashboards_py.kubernetes.ownership import NO_VERSION, OWNER_LABEL, FieldPath, Live, editors, is_ours
from dashboards_py.targets._plan import REFUSES, Action, Change


def change_of(kind: str, name: str, live: Live | None, fields: Collection[FieldPath], *, overwrite: bool) -> Change:
    """What would happen to an object of which these fields differ; if it is refused, `why` says whose it is."""
    if live is None:
        return Change(name, Action.CREATE)
    if not is_ours(live):
        why = f"{kind} {name} is not ours (no label {OWNER_LABEL[0]}={OWNER_LABEL[1]})"
        return Change(name, Action.UPDATE) if overwrite else Change(name, Action.FOREIGN, why)
    if not fields:
        return Change(name, Action.UNCHANGED)
    if (others := editors(live, fields)) and not overwrite:
        return Change(name, Action.CONFLICT, f"{kind} {name} was edited by {', '.join(others)}")
    return Change(name, Action.UPDATE)


def with_fix(change: Change) -> Change:
    """The change, with the option that overrides the refusal."""
    fixes = {
        Action.FOREIGN: "rename or remove it, or --overwrite",
        Action.CONFLICT: "keep a copy of it, then --overwrite",
    }
    return replace(change, why=f"{change.why}: {fixes[change.action]}") if change.action in fixes else change


def apply_as_read(
    kubectl: Kubectl, body: Mapping[str, Any], live: Live | None, change: Change, *, overwrite: bool
) -> None:
    """Apply an object that was just read: the API server refuses it if someone changes it in between.

    An applied resourceVersion must be that of the live object (a real 1.36 says "the object has been modified", with
    --force-conflicts too). If there is no live object any is accepted, so NO_VERSION, which no object has, creates it
    only if it does not exist.
    """
    if change.action in REFUSES:
        raise ProblemsFound(with_fix(change).why)
    if change.action == Action.UNCHANGED:
        return
    version = live["metadata"]["resourceVersion"] if live else NO_VERSION
    try:
        kubectl.apply({**body, "metadata": {**body["metadata"], "resourceVersion": version}}, overwrite)
    except Moved as error:
        cause, fix = "someone changed it since it was read", "deploy again to see what it is now"
        raise ProblemsFound(error.what, cause=cause, fix=fix) from error
    except ProblemsFound as error:
        fix = "someone else owns a field: keep a copy of it, then --overwrite"
        raise ProblemsFound(error.what, cause=error.cause, fix=fix) from error
