"""What `up` created and which Helm values it set: `down` removes that and nothing else.

The record is kept in the cluster. An operation is recorded before it begins (`pending`): if the run is killed, Helm's
history says whether the operation was done, and nothing that someone else created is claimed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboards_py.documents.json import load_json
from dashboards_py.documents.value import with_plain_numbers
from dashboards_py.errors import DashboardsError
from dashboards_py.values.keys import get_value


@dataclass(frozen=True, slots=True)
class Pending:
    """A Helm operation that has begun, on a release (`namespace/name`) at a revision (0: an installation).

    `digest` is that of the new revision's values. `values` holds the previous value and ours by key; `reverted` are the
    keys from which the operation removes our values.
    """

    release: str
    revision: int
    digest: str
    values: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    reverted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """`created`: Helm releases (`release ns/name`) and namespaces (`namespace ns`) that were not there before, and
    where boards and alerts were applied (`boards ns`, `rules ns`), Secrets that hooks of an uninstalled release left
    behind (`secret ns/name`); each with an identity that distinguishes it from another of the same name ("": unknown).

    `values`: by Helm release and dotted key, the previous value (None: not set) and ours.
    """

    created: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, tuple[Any, Any]]] = field(default_factory=dict)
    pending: Pending | None = None

    def __bool__(self) -> bool:
        return bool(self.created or self.values or self.pending)

    def with_created(self, what: str, identity: str = "") -> "Record":
        """The record with one more thing that `up` created."""
        return replace(self, created={**self.created, what: identity})

    def without_created(self, what: str) -> "Record":
        """The record without a thing that no longer exists."""
        return replace(self, created={name: identity for name, identity in self.created.items() if name != what})

    def with_values(self, release: str, before: Mapping[str, Any], values: Mapping[str, Any]) -> "Record":
        """The record with values that were set on a release; if ours was set already, the original value is kept."""
        known = self.values.get(release, {})
        more = {}
        for key, value in values.items():
            first, last = known.get(key, (None, None))
            more[key] = (first if key in known and before[key] == last else before[key], value)
        return replace(self, values={**self.values, release: {**known, **more}})

    def without_values(self, release: str, keys: Iterable[str] | None = None) -> "Record":
        """The record without keys of a release, or (None) without all of them."""
        removed = set(self.values.get(release, {})) if keys is None else set(keys)
        left = {key: pair for key, pair in self.values.get(release, {}).items() if key not in removed}
        others = {name: pairs for name, pairs in self.values.items() if name != release}
        return replace(self, values={**others, **({release: left} if left else {})})

    def with_pending(self, pending: Pending) -> "Record":
        """The record with an operation that is about to begin."""
        return replace(self, pending=pending)

    def abandoned(self) -> "Record":
        """The record as if the pending operation had never begun."""
        return replace(self, pending=None)

    def concluded(self, now: Mapping[str, Any], status: str, identity: str = "") -> "Record":
        """The record after the pending operation, given the values and the status that the release has now.

        Values of ours count only if they are still set: someone may have rolled back since. If the release is failed,
        values that were removed may still be in effect, and their keys are kept.
        """
        if self.pending is None:
            return self
        done, pending = replace(self, pending=None), self.pending
        if pending.revision == 0:
            done = done.with_created(f"release {pending.release}", identity)
        values = {key: pair for key, pair in pending.values.items() if get_value(now, key) == pair[1]}
        if values:
            before = {key: pair[0] for key, pair in values.items()}
            done = done.with_values(pending.release, before, {key: pair[1] for key, pair in values.items()})
        if status == "deployed":
            known = self.values.get(pending.release, {})
            reverted = [key for key in pending.reverted if key not in known or get_value(now, key) != known[key][1]]
            done = done.without_values(pending.release, reverted)
        return done


def digest(values: Mapping[str, Any]) -> str:
    """A fingerprint of values, which may hold secrets; numbers count as equal however they are written."""
    return hashlib.sha256(json.dumps(with_plain_numbers(values), sort_keys=True).encode()).hexdigest()


def dump(record: Record) -> str:
    """The record as JSON."""
    pending = record.pending
    kept: dict[str, Any] = {"created": dict(sorted(record.created.items()))}
    kept["values"] = {release: dict(keys) for release, keys in record.values.items()}
    if pending:
        kept["pending"] = {
            "release": pending.release,
            "revision": pending.revision,
            "digest": pending.digest,
            "values": dict(pending.values),
            "reverted": list(pending.reverted),
        }
    return json.dumps(kept, indent=1)


def load(text: str) -> Record:
    """Parse a record; anything else raises ValueError. The keys of version 0.1 are read as well."""
    try:
        kept = load_json(text, "the record").value
        created = kept["created"] if "created" in kept else dict.fromkeys(kept["made"], "")
        values = {release: _pairs(keys) for release, keys in kept["values" if "values" in kept else "given"].items()}
        pending = Pending(**kept["pending"]) if kept.get("pending") else None
        if pending:
            _check(pending)
            pending = replace(pending, values=_pairs(pending.values), reverted=tuple(pending.reverted))
        if not all(isinstance(part, str) for pair in created.items() for part in pair):
            raise ValueError("`created` holds values that are not strings")
    except DashboardsError as error:
        raise ValueError(error.cause) from error
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise ValueError(f"is no record: {error}") from error
    return Record(created, values, pending)


def _check(pending: Pending) -> None:
    """Raise ValueError if the operation in a record that was edited by hand has a field of another type."""
    number = pending.revision
    is_number = isinstance(number, int) and not isinstance(number, bool) and number >= 0
    keys = pending.reverted
    right = {
        "release": isinstance(pending.release, str),
        "revision": is_number,
        "digest": isinstance(pending.digest, str),
        "reverted": isinstance(keys, list | tuple) and all(isinstance(key, str) for key in keys),
    }
    if wrong := [name for name, is_right in right.items() if not is_right]:
        raise ValueError(f"`pending` has a value of another type as {wrong[0]}")


def _pairs(keys: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {key: (pair[0], pair[1]) for key, pair in keys.items()}
