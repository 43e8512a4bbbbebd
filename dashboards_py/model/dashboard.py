"""A board and its rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards_py.errors import DashboardsError
from dashboards_py.model import names
from dashboards_py.model.panel import Panel
from dashboards_py.model.variable import Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Marks on all graphs of a board at the times at which `expr` has a value, labelled `text`.

    `step` is the query's resolution ("60s"; "": Grafana's default).
    """

    name: str
    expr: str
    text: str
    color: str
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panels under one heading. A `collapsed` row is not queried until it is opened."""

    title: str
    panels: tuple[Panel, ...]
    collapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """A board. `about` (plain text: its readers and the questions it answers) is Grafana's description.

    `folder` is Grafana's; `replaces` are IDs of grafana.com; `refresh` is how often an open board asks again ("" for
    never). `feature` is the optional feature of Cilium that the board is about: where the board is left out, so are the
    panels of others that lead to it alone. Raises DashboardsError, with the board and the field, for
    a name that Grafana, Kubernetes or a file system would reject.
    """

    uid: str
    title: str
    about: str
    variables: tuple[Variable, ...]
    rows: tuple[Row, ...]
    annotations: tuple[Annotation, ...] = ()
    tags: tuple[str, ...] = ()
    folder: str = "Cilium"
    replaces: tuple[int, ...] = ()
    refresh: str = "5m"
    feature: str = ""

    def __post_init__(self) -> None:
        """Reject names that cannot be deployed, before the board is compiled."""
        texts = [
            ("uid", self.uid, names.uid_faults),
            ("title", self.title, names.title_faults),
            ("folder", self.folder, names.folder_faults),
            *(("tags", tag, names.title_faults) for tag in self.tags),
        ]
        for field, value, faults in texts:
            self._refuse(f"{field} {value!r}", faults(value) if isinstance(value, str) else ["is not a text"])
        self._refuse("variables", names.variable_faults([variable.name for variable in self.variables]))

    def _refuse(self, what: str, faults: Iterable[str]) -> None:
        if cause := "; ".join(faults):
            raise DashboardsError(f"board {self.uid!r} ({self.title!r}): {what}", cause=cause)
