"""Set the label that identifies the pods at both ends of a flow, the same for all boards."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from dashboards_py.catalog.hubble import DEFAULT_PEER_LABEL, PeerLabel
from dashboards_py.model import Dashboard

LABEL = re.compile(rf"\b(source|destination)_{DEFAULT_PEER_LABEL}\b")


def name_peers(board: Dashboard, label: PeerLabel) -> Dashboard:
    """Use `source_<label>` and `destination_<label>` in queries, legends, columns, links and variables."""
    named: Dashboard = board if label == DEFAULT_PEER_LABEL else _rename(board, rf"\1_{label}")
    return named


def _rename(value: Any, to: str) -> Any:
    if isinstance(value, str):
        return LABEL.sub(to, value)
    if isinstance(value, tuple):
        return tuple(_rename(item, to) for item in value)
    if isinstance(value, Mapping):
        return {_rename(key, to): _rename(item, to) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _rename(getattr(value, field.name), to) for field in fields(value)})
    return value
