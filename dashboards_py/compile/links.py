"""Links between boards, which pass on the time range and the variables that both boards have."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards_py.errors import DashboardsError
from dashboards_py.model import BoardLink, Dashboard, Panel, Table, UrlLink


@dataclass(frozen=True, slots=True)
class Boards:
    """The titles and variable names of the boards that can be linked to, by uid."""

    titles: Mapping[str, str]
    variables: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_dashboards(cls, boards: Mapping[str, Dashboard]) -> "Boards":
        """Collect the titles and variable names of boards, which are keyed by uid."""
        return cls(
            {uid: board.title for uid, board in boards.items()},
            {uid: tuple(variable.name for variable in board.variables) for uid, board in boards.items()},
        )


def panel_links(panel: Panel, uid: str, boards: Boards) -> tuple[UrlLink, ...]:
    """The links of a panel of the board `uid`, as URLs."""
    return tuple(_link(link, panel, uid, boards) for link in panel.links)


def column_links(panel: Panel, uid: str, boards: Boards) -> Mapping[str, UrlLink]:
    """The link of a table's column `node`, which sets this board's `$node`."""
    if not isinstance(panel, Table) or "node" not in panel.label_columns or "node" not in boards.variables[uid]:
        return {}
    other_names = [name for name in boards.variables[uid] if name != "node"]
    return {"node": UrlLink(title="Only this node", url=_url(uid, other_names, {"node": "${__value.raw}"}))}


def _link(link: BoardLink, panel: Panel, uid: str, boards: Boards) -> UrlLink:
    where = f"board {uid}, panel {panel.title!r}"
    if link.uid not in boards.titles:
        known = ", ".join(sorted(boards.titles))
        raise DashboardsError(
            where, cause=f"links to {link.uid}, which is not one of our boards", fix=f"use one of {known}"
        )
    label_value = "${{__data.fields.{}}}" if isinstance(panel, Table) else "${{__field.labels.{}}}"
    assigned = {name: label_value.format(label) for name, label in link.variables.items()}
    for name in assigned:
        if name not in boards.variables[link.uid]:
            raise DashboardsError(where, cause=f"sets ${name} of {link.uid}, which has no such variable")
    shared = [name for name in boards.variables[uid] if name in boards.variables[link.uid] and name not in assigned]
    return UrlLink(title=link.title or boards.titles[link.uid], url=_url(link.uid, shared, assigned))


def _url(uid: str, shared: list[str], assigned: Mapping[str, str]) -> str:
    forwarded = [f"${{{name}:queryparam}}" for name in shared]
    assignments = [f"var-{name}={value}" for name, value in assigned.items()]
    return f"/d/{uid}?" + "&".join(["${__url_time_range}", *forwarded, *assignments])
