"""The mark on deployed boards, which identifies them as ours and reveals edits."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from dashboards_py.shapes import GrafanaBoard, Mark

MARK: Final = "ciliumDashboards"  # a key at the top that Grafana does not know, and keeps


def content_hash(board: Mapping[str, object]) -> str:
    """The hash of a board's content: what Grafana adds (id, version) and our mark do not count, nor does 1.0 for 1."""
    kept = {key: _plain(value) for key, value in board.items() if key not in ("id", "version", MARK)}
    return sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def marked(board: GrafanaBoard, commit: str) -> GrafanaBoard:
    """The board with our mark: its content's hash, and the git commit it comes from where that is known."""
    mark: Mark = {"hash": content_hash(board)}
    if commit:
        mark["commit"] = commit
    return {**board, MARK: mark}


def bears_mark(board: Mapping[str, object]) -> bool:
    """Whether a board is as we deployed it: a copy under another uid is not, nor is one that somebody edited."""
    mark = board.get(MARK)
    return isinstance(mark, dict) and mark.get("hash") == content_hash(board)


def _plain(value: Any) -> Any:
    """A value with whole floats as integers: that is how Grafana writes them."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
