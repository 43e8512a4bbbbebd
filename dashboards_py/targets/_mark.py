"""The mark on deployed boards, which identifies them as ours and reveals edits."""

import json
from collections.abc import Mapping
from typing import Final

from dashboards_py.documents.value import with_plain_numbers
from dashboards_py.shapes import GrafanaBoard, Mark

MARK: Final = "ciliumDashboards"  # a top-level key that Grafana does not know, and keeps


def content_hash(board: Mapping[str, object]) -> str:
    """The hash of a board's content, without Grafana's id and version and our mark; 1.0 counts as 1."""
    from hashlib import sha256  # OpenSSL, for which --help need not wait

    kept = {key: with_plain_numbers(value) for key, value in board.items() if key not in ("id", "version", MARK)}
    return sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def marked(board: GrafanaBoard, commit: str) -> GrafanaBoard:
    """The board with our mark: the hash of its content, and the git commit that it comes from, if known."""
    mark: Mark = {"hash": content_hash(board)}
    if commit:
        mark["commit"] = commit
    return {**board, MARK: mark}


def bears_mark(board: Mapping[str, object]) -> bool:
    """Whether a board is as we deployed it, neither copied to another uid nor edited."""
    mark = board.get(MARK)
    return isinstance(mark, dict) and mark.get("hash") == content_hash(board)
