"""Set the label that identifies the pods at both ends of a flow, the same for all boards."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from dashboards_py.model import Dashboard, Panel, RuleGroup
from dashboards_py.peer_label import DEFAULT_PEER_LABEL, PeerLabel

PAIRED = re.compile(r"\bby \((?=[^)]*\bsource_workload\b)(?=[^)]*\bdestination_workload\b)")
HALF_ROWS = "A node knows only the workloads of its own pods: a pair on two nodes is two rows, each with one of them."
LABEL = re.compile(rf"\b(source|destination)_{DEFAULT_PEER_LABEL}\b")
# DNS servers are known on the nodes of their clients by their labels only.
WORKLOAD = re.compile(rf'{LABEL.pattern}(?!=~"\.\*dns)')


def name_peers(board: Dashboard, label: PeerLabel) -> Dashboard:
    """Use `source_<label>` and `destination_<label>` in queries, legends, columns, links and variables."""
    if label == DEFAULT_PEER_LABEL:
        return board
    named: Dashboard = _rename(board, WORKLOAD if label == "workload" else LABEL, rf"\1_{label}")
    return _with_half_rows(named) if label == "workload" else named


def name_peers_of_group(group: RuleGroup, label: PeerLabel) -> RuleGroup:
    """Use `source_<label>` and `destination_<label>` in the queries and texts of alerts."""
    if label == DEFAULT_PEER_LABEL:
        return group
    renamed: RuleGroup = _rename(group, WORKLOAD if label == "workload" else LABEL, rf"\1_{label}")
    return renamed


def _with_half_rows(board: Dashboard) -> Dashboard:
    """The board whose panels of pairs describe their half rows (see lint's remote-workload)."""

    def of_panel(panel: Panel) -> Panel:
        if not any(PAIRED.search(query.expr) for query in panel.queries):
            return panel
        return replace(
            panel,
            description=f"{panel.description} {HALF_ROWS}",
            excuses={**panel.excuses, "remote-workload": HALF_ROWS},
        )

    return replace(
        board, rows=tuple(replace(row, panels=tuple(of_panel(panel) for panel in row.panels)) for row in board.rows)
    )


def _rename(value: Any, label: re.Pattern[str], to: str) -> Any:
    if isinstance(value, str):
        return label.sub(to, value)
    if isinstance(value, tuple):
        return tuple(_rename(item, label, to) for item in value)
    if isinstance(value, Mapping):
        return {_rename(key, label, to): _rename(item, label, to) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _rename(getattr(value, field.name), label, to) for field in fields(value)})
    return value
