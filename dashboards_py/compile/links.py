"""Links between boards, which pass on the time range and the variables that both boards have."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dashboards_py.compile.panel_ids import ids_by_title
from dashboards_py.errors import DashboardsError
from dashboards_py.model import BarGauge, BoardLink, Dashboard, NoticeVariable, Panel, Stat, Table, UrlLink, Variable

CLUSTER_GROUPED = re.compile(r"\bby \([^)]*\bcluster\b[^)]*\)")


@dataclass(frozen=True, slots=True)
class Boards:
    """The titles and variable names of the boards that can be linked to, by uid, and the ids of their panels."""

    titles: Mapping[str, str]
    variables: Mapping[str, tuple[str, ...]]
    panel_ids: Mapping[tuple[str, str], int]

    @classmethod
    def from_dashboards(cls, boards: Mapping[str, Dashboard]) -> "Boards":
        """Collect the titles and variable names of boards, which are keyed by uid."""
        return cls(
            {uid: board.title for uid, board in boards.items()},
            {uid: tuple(_shareable(board.variables)) for uid, board in boards.items()},
            ids_by_title(boards.values()),
        )


def _shareable(variables: Iterable[Variable]) -> Iterator[str]:
    """The names of the variables that links pass on: all but what a board says of itself."""
    return (variable.name for variable in variables if not isinstance(variable, NoticeVariable))


def header_links(panel: Panel, uid: str, boards: Boards) -> tuple[UrlLink, ...]:
    """The links in the header of a panel of the board `uid`: each board to look at next, or panel of this one.

    They know no row or series, so that they set no variable. Those of a table's rows are in its column of links.
    """
    links = (link for link in panel.links if not (isinstance(panel, Table) and (link.variables or link.uid_label)))
    shown = dict.fromkeys((link.uid, link.panel) for link in links if link.uid != uid or link.panel)
    return tuple(_link(BoardLink(uid=linked, title=title, panel=title), panel, uid, boards) for linked, title in shown)


def value_links(panel: Panel, uid: str, boards: Boards) -> tuple[UrlLink, ...]:
    """The links that a click on a value follows: all of a panel of single values, of a graph those of a series."""
    if isinstance(panel, Table):
        return ()
    is_clicked = isinstance(panel, Stat | BarGauge)
    return tuple(_link(link, panel, uid, boards) for link in panel.links if link.variables or is_clicked)


def column_links(panel: Panel, uid: str, boards: Boards) -> Mapping[str, tuple[UrlLink, ...]]:
    """The links of a table's one column of links: what its rows set on other boards, and on this one its `$node`.

    Values in other columns keep the colors that tell good from bad.
    """
    if not isinstance(panel, Table):
        return {}
    for link in panel.links:
        if link.uid_label:
            return {link.uid_label: (_next_board(link, uid, boards),)}
    links = [link for link in panel.links if link.variables]
    if "node" in panel.label_columns and "node" in boards.variables[uid]:
        links.insert(0, BoardLink(uid=uid, title="Only this node", variables={"node": "node"}))
    if not links:
        return {}
    column = next(iter(links[0].variables.values()))
    return {column: tuple(_link(link, panel, uid, boards) for link in links)}


def _link(link: BoardLink, panel: Panel, uid: str, boards: Boards) -> UrlLink:
    where = f"board {uid}, panel {panel.title!r}"
    if link.uid not in boards.titles:
        known = ", ".join(sorted(boards.titles))
        raise DashboardsError(
            where, cause=f"links to {link.uid}, which is not one of our boards", fix=f"use one of {known}"
        )
    label_value = "${{__data.fields.{}}}" if isinstance(panel, Table) else "${{__field.labels.{}}}"
    assigned = {name: label_value.format(label) for name, label in _assigned(link, panel, boards).items()}
    for name in assigned:
        if name not in boards.variables[link.uid]:
            raise DashboardsError(where, cause=f"sets ${name} of {link.uid}, which has no such variable")
    shared = [name for name in boards.variables[uid] if name in boards.variables[link.uid] and name not in assigned]
    if link.panel and (link.uid, link.panel) not in boards.panel_ids:
        raise DashboardsError(where, cause=f"links to {link.panel!r} of {link.uid}, which has no such panel")
    viewed = f"&viewPanel={boards.panel_ids[link.uid, link.panel]}" if link.panel else ""
    return UrlLink(title=link.title or boards.titles[link.uid], url=_url(link.uid, shared, assigned) + viewed)


def _next_board(link: BoardLink, uid: str, boards: Boards) -> UrlLink:
    """The link to the board that the clicked cell names; a board ignores variables that it does not have."""
    assigned = {name: f"${{__data.fields.{label}}}" for name, label in {"cluster": "cluster", **link.variables}.items()}
    shared = [name for name in boards.variables[uid] if name not in assigned]
    return UrlLink(title=link.title, url=_url("${__value.raw}", shared, assigned))


def _assigned(link: BoardLink, panel: Panel, boards: Boards) -> Mapping[str, str]:
    """The label of each variable that a link sets; a node comes with its cluster, since names are unique only there.

    Without a label `cluster` the variable is set to nothing, which matches the series (DataMacro and FieldMacro of
    @grafana/scenes give "" for what is not there).
    """
    of_cluster = "node" in link.variables and CLUSTER_GROUPED.search(panel.queries[0].expr)
    if of_cluster and "cluster" in boards.variables[link.uid]:
        return {"cluster": "cluster", **link.variables}
    return link.variables


def _url(uid: str, shared: list[str], assigned: Mapping[str, str]) -> str:
    forwarded = [f"${{{name}:queryparam}}" for name in shared]
    assignments = [f"var-{name}={value}" for name, value in assigned.items()]
    return f"/d/{uid}?" + "&".join(["${__url_time_range}", *forwarded, *assignments])
