"""Objects that are applied with kubectl: what would happen to one, and applying it as it was read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import FieldConflict, Json, Kubectl, Moved
from dashboards_py.kubernetes.conflict import managers_in
from dashboards_py.kubernetes.gitops import source_fix
from dashboards_py.kubernetes.ownership import NO_VERSION, OWNER_LABEL, FieldPath, Live, editors, is_ours, version_of
from dashboards_py.targets._object_mark import is_as_deployed, mark_of, object_hash, with_mark
from dashboards_py.targets._plan import REFUSES, Action, Change, State, changed_since, left_over

CONTENT: tuple[FieldPath, ...] = (("f:data",), ("f:spec",))


def change_of(
    body: Mapping[str, Any], live: Live | None, fields: Collection[FieldPath], namespace: str, *, overwrite: bool
) -> Change:
    """What would happen to an object of which these fields differ; if it is refused, `why` says whose it is."""
    kind, name = body["kind"], body["metadata"]["name"]
    if live is None:
        return Change(name, Action.CREATE, details="never deployed, or deleted")
    if not is_ours(live):
        why = f"{kind} {name} is not ours (no label {OWNER_LABEL[0]}={OWNER_LABEL[1]})"
        return Change(name, Action.UPDATE) if overwrite else Change(name, Action.FOREIGN, why)
    if not fields:
        return Change(name, Action.UNCHANGED)
    if others := editors(live, fields):
        is_stale = mark_of(live) not in ("", object_hash(body, namespace))
        state, details = State.BOTH if is_stale else State.EDITED, f"by {', '.join(others)}{_when(live, others)}"
        if overwrite:
            return Change(name, Action.UPDATE, state=state, details=details)
        why = f"{kind} {name} was edited by {', '.join(others)}"
        return Change(name, Action.CONFLICT, why, state, details, tuple(others))
    applied = mark_of(live) and not is_as_deployed(live, namespace)
    return Change(name, Action.UPDATE, details="applied with kubectl since our last deploy" if applied else "")


def _when(live: Live, managers: Collection[str]) -> str:
    """When one of these managers last set a field, as the end of a sentence."""
    entries = live["metadata"].get("managedFields", ())
    times = [str(entry.get("time") or "") for entry in entries if entry["manager"] in managers]
    return f" on {max(times)[:16].replace('T', ' ')}" if any(times) else ""


def left_over_object(live: Live, why: str, plural: str, namespace: str, *, prune: bool) -> Change:
    """The change for an object with our label that is not among those to deploy: only one as deployed is removed."""
    name = live["metadata"]["name"]
    fix = f"kubectl delete {plural} -n {namespace} {name}"
    if is_as_deployed(live, namespace) and not editors(live, CONTENT):
        return left_over(name, why, fix, prune=prune)
    other = "and not as a deploy of ours left it (edited, copied, or applied with kubectl): review it, then"
    return Change(name, Action.LEFT, f"{why}, {other} {fix}")


def delete_as_deployed(kubectl: Kubectl, plural: str, live: Live | None) -> None:
    """Delete an object that was just read and is as we deployed it; the API server refuses one that changes in between.

    One that is not there any more is fine.
    """
    if live is None:
        return
    if not is_ours(live) or not is_as_deployed(live, kubectl.namespace) or editors(live, CONTENT):
        raise changed_since(live["metadata"]["name"])
    kubectl.delete_as_read(plural, live)


def with_fix(change: Change) -> Change:
    """The change, with the option that overrides the refusal."""
    fixes = {
        Action.FOREIGN: "rename or remove it, or --overwrite",
        Action.CONFLICT: _edit_fix(change.editors),
    }
    return replace(change, why=f"{change.why}: {fixes[change.action]}") if change.action in fixes else change


def _edit_fix(managers: Iterable[str]) -> str:
    """What to do about what these managers edited."""
    return source_fix(managers) or "keep a copy of it, then --overwrite"


def apply_at(kubectl: Kubectl, body: Mapping[str, Any], version: str, commit: str = "", *, overwrite: bool) -> None:
    """Apply an object, with our mark, on the version that was read, "" for none: one that has changed raises Moved.

    An applied resourceVersion must be that of the live object (a real 1.36 says "the object has been modified", with
    --force-conflicts too). If there is no live object any is accepted, so NO_VERSION, which no object has, creates it
    only if it does not exist.
    """
    kubectl.apply(at_version(body, kubectl.namespace, version, commit), overwrite)


def at_version(body: Mapping[str, Any], namespace: str, version: str, commit: str = "") -> Json:
    """The object with our mark, to be applied to the version that was read, "" for none (see apply_at)."""
    marked = with_mark(body, namespace, commit)
    return {**marked, "metadata": {**marked["metadata"], "resourceVersion": version or NO_VERSION}}


def apply_as_read(
    kubectl: Kubectl, body: Mapping[str, Any], live: Live | None, change: Change, commit: str, *, overwrite: bool
) -> None:
    """Apply an object that was just read, unless the change refuses it or there is none to make."""
    if change.action in REFUSES:
        raise ProblemsFound(with_fix(change).why)
    if change.action == Action.UNCHANGED:
        return
    try:
        apply_at(kubectl, body, version_of(live), commit, overwrite=overwrite)
    except Moved as error:
        raise changed_since(error.what, "someone changed it since it was read") from error
    except FieldConflict as error:
        fix = f"someone else owns a field: {_edit_fix(managers_in(error.cause))}"
        raise ProblemsFound(error.what, cause=error.cause, fix=fix) from error
