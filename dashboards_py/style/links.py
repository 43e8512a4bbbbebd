"""Links from a panel to the board that explains more."""

from dashboards_py.model import BoardLink


def link_to(uid: str, title: str = "", **variables: str) -> BoardLink:
    """A link to our board `uid`; `node="node"` sets its `$node` to the label `node` of the clicked series."""
    return BoardLink(uid=uid, title=title, variables=variables)
