"""Links from alerts to the panels that show what they are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.compile.panel_ids import ids_by_title
from dashboards_py.compile.rule_text import value_of
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Dashboard, NoticeVariable, PanelLink

RANGE = "from=now-3h&to=now"  # an alert has been pending for a while before it fires


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The panels that alerts can link to: their ids by uid and title, and the variables of boards.

    `all_panels` are those of all boards on the newest release, so that an unknown title is an error; `ids` are
    those that the chosen boards have on the release.
    """

    all_panels: frozenset[tuple[str, str]]
    ids: Mapping[tuple[str, str], int]
    variables: Mapping[str, frozenset[str]]

    @classmethod
    def from_boards(cls, all_boards: Sequence[Dashboard], available: Sequence[Dashboard]) -> "Targets":
        """The targets of all boards, and of those that are there on the release."""
        return cls(
            all_panels=frozenset(ids_by_title(all_boards)),
            ids=ids_by_title(available),
            variables={
                board.uid: frozenset(item.name for item in board.variables if not isinstance(item, NoticeVariable))
                for board in all_boards
            },
        )


def panel_url(link: PanelLink, targets: Targets, base: str, labels: frozenset[str]) -> str:
    """The address of the panel, with the labels of the alert as its variables; "" if the house has not its board.

    A release that lacks the panel has the address of the board.
    `base` is the address of Grafana, "" for a path. `labels` are those that the alert has. Grafana opens `viewPanel`
    by number on all versions that we support: from 11 on it finds the panel of a key or of a number
    (findVizPanelByKey in public/app/features/dashboard-scene/utils/utils.ts).
    """
    if (link.uid, link.title) not in targets.all_panels:
        known = ", ".join(sorted(title for uid, title in targets.all_panels if uid == link.uid))
        cause = f"board {link.uid!r} has no panel {link.title!r}"
        raise DashboardsError("panel of the alert", cause=cause, fix=f"its panels: {known}" if known else "")
    shared = {"cluster": "cluster"} if "cluster" in targets.variables[link.uid] else {}
    assigned = {**shared, **link.variables}
    for variable, label in assigned.items():
        if variable not in targets.variables[link.uid]:
            raise DashboardsError("panel of the alert", cause=f"board {link.uid} has no variable ${variable}")
        if label not in labels:
            raise DashboardsError("panel of the alert", cause=f"sets ${variable} to {label}, which its query lacks")
    if link.uid not in {uid for uid, _ in targets.ids}:
        return ""
    viewed = targets.ids.get((link.uid, link.title))
    panel = f"viewPanel={viewed}&" if viewed is not None else ""
    values = "".join(f"&var-{variable}={value_of(label)}" for variable, label in assigned.items())
    return f"{base}/d/{link.uid}?{panel}{RANGE}{values}"
