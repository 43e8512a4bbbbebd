"""Read the settings from a file in TOML: strictly, so that a misspelt name is an error and not a default."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast, get_args

from dashboards_py.configuration._table import Table, nearest
from dashboards_py.configuration.alerts import read_alerts
from dashboards_py.configuration.links import Link, url_faults
from dashboards_py.configuration.thresholds import read_thresholds
from dashboards_py.configuration.values import Chosen, Configuration, Labels
from dashboards_py.documents.limits import VALUES
from dashboards_py.documents.source import read_file
from dashboards_py.documents.toml import load_toml
from dashboards_py.errors import DashboardsError
from dashboards_py.model import names
from dashboards_py.peer_label import PeerLabel

SETTINGS = (
    *("alerts", "boards", "folders", "labels", "links", "objectives", "peer-label", "recorded", "refresh"),
    *("tags", "thresholds"),
)
REFRESH = re.compile(r"[1-9][0-9]{0,4}[smhd]")
NEVER = "off"
LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_configuration(path: Path) -> Configuration:
    """The settings in a file; raises DashboardsError for a file that cannot be read, or a setting that is wrong.

    Uids and folders are compared with the boards when these are compiled.
    """
    document = Table(str(path), "", load_toml(read_file(path, VALUES), str(path), VALUES))
    document.refuse_unknown(SETTINGS)
    folders = document.table("folders")
    return Configuration(
        boards=_boards(document.table("boards")),
        folders=tuple((key, folders.text(key, "", names.folder_faults)) for key in folders.values),
        tags=document.texts("tags", names.title_faults),
        refresh=_refresh(document),
        peer_label=cast("PeerLabel | None", document.text("peer-label", "", _peer_label_faults) or None),
        labels=_labels(document.table("labels")),
        links=_links(document.table("links")),
        thresholds=tuple(read_thresholds(document.table("thresholds"))),
        alerts=read_alerts(document.table("alerts"), document.table("objectives")),
        recorded=document.flag("recorded"),
        source=str(path),
    )


def _boards(table: Table) -> Chosen:
    table.refuse_unknown(("only", "without"))
    if len(table.values) > 1:
        raise DashboardsError(f"{table.file}: boards", cause="has both only and without", fix="keep one of them")
    if table.values.get("only") == []:
        raise DashboardsError(table.name("only"), cause="leaves out every board")
    faults = names.uid_faults
    return Chosen(only=table.texts("only", faults), without=table.texts("without", faults), source=table.file)


def _labels(table: Table) -> Labels:
    defaults = Labels()
    table.refuse_unknown(("added", "cluster", "node"))
    cluster = table.text("cluster", defaults.cluster, _label_faults)
    node = table.text("node", defaults.node, _label_faults)
    if cluster == node:
        raise DashboardsError(f"{table.file}: labels", cause=f"cluster and node are both {node!r}")
    return Labels(cluster=cluster, node=node, added=table.texts("added", _label_faults))


def _links(table: Table) -> tuple[Link, ...]:
    for title in table.values:
        if cause := "; ".join(names.title_faults(title)):
            raise DashboardsError(f"{table.name(title)}: the title", cause=cause)
    return tuple(Link(title=title, url=table.text(title, "", url_faults, secret=True)) for title in table.values)


def _label_faults(text: str) -> Iterator[str]:
    if not LABEL.fullmatch(text) or text.startswith("__"):
        yield "must be a label that needs no quotes: letters, digits and _, not first a digit or __"


def _refresh(table: Table) -> str | None:
    text = table.text("refresh", "", _refresh_faults)
    return None if not text else "" if text == NEVER else text


def _refresh_faults(text: str) -> Iterator[str]:
    if text != NEVER and not REFRESH.fullmatch(text):
        yield f'must be a time such as "30s" or "5m", or "{NEVER}"'


def _peer_label_faults(text: str) -> Iterator[str]:
    if text not in get_args(PeerLabel):
        yield f"is not one of the labels that can name pods; {nearest(text, get_args(PeerLabel))}"
