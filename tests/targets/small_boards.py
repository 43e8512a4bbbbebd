"""Three small boards in two folders, as the tree that targets deploy."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboards_py.catalog import NEWEST
from dashboards_py.compiled import Compiled
from dashboards_py.provisioning import provisioning_files
from dashboards_py.targets import Payload

FOLDERS = {"cilium-a": "Cilium", "cilium-b": "Cilium", "hubble-c": "Hubble"}
UIDS = tuple(FOLDERS)
COMMIT = "abcdef123456"


def board(uid: str, **changes: object) -> dict[str, Any]:
    """A small classic board with some keys changed."""
    panel = {"id": 7, "type": "timeseries", "title": "Drops", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}}
    return {"uid": uid, "title": uid.title(), "schemaVersion": 41, "tags": ["cilium"], "panels": [panel], **changes}


def payload(
    changed: Mapping[str, str] | None = None, uids: tuple[str, ...] = UIDS, left_out: frozenset[str] = frozenset()
) -> Payload:
    """The tree of the three boards; `changed` has other titles by uid, `left_out` the uids that are left out."""
    boards = [_compiled(uid, (changed or {}).get(uid, uid.title())) for uid in uids]
    return Payload(provisioning_files(NEWEST, boards), COMMIT, left_out)


def bloated(size: int) -> Payload:
    """The tree with a second board of about that size in bytes."""
    first, second, third = (_compiled(uid, uid.title()) for uid in UIDS)
    big = replace(second, json=json.dumps(board(second.uid, description="x" * size)) + "\n")
    return Payload(provisioning_files(NEWEST, [first, big, third]), COMMIT)


def _compiled(uid: str, title: str) -> Compiled:
    text = json.dumps(board(uid, title=title), indent=2) + "\n"
    return Compiled(uid=uid, title=title, folder=FOLDERS[uid], json=text, replaces=(), omissions=())
