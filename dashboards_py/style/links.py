"""Links from a panel that raises a question to the board that answers it."""

from dashboards_py.model import BoardLink


def link_to(uid: str, title: str = "", **variables: str) -> BoardLink:
    """Link to our board `uid`; `node="node"` sets its `$node` to the label `node` of the clicked series."""
    return BoardLink(uid=uid, title=title, variables=variables)
