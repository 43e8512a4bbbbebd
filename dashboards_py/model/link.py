"""Links from a panel."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLink:
    """A data link to one of our boards; an empty title means the title of that board.

    `variables` maps variables of that board to the labels, of the clicked series or row, that set them. The compiler,
    which knows both boards, adds the time range and the variables that both have. With `uid_label` the label of a
    table's row names the board, instead of `uid`. With `panel`, a title, the board shows this panel alone.
    """

    uid: str = ""
    uid_label: str = ""
    title: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    panel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlLink:
    """A data link with a URL, as in Grafana; one that leaves it opens in a `new_tab`."""

    title: str
    url: str
    new_tab: bool = False
