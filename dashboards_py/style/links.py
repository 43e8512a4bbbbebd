"""Links from a panel to the board that explains more."""

from collections.abc import Mapping

from dashboards_py.model import BoardLink

NEXT = "next"
NEXT_NODE = "next_node"  # a column that is not shown


def link_to(uid: str, title: str = "", **variables: str) -> BoardLink:
    """A link to our board `uid`; `node="node"` sets its `$node` to the label `node` of the clicked series."""
    return BoardLink(uid=uid, title=title, variables=variables)


def link_to_panel(uid: str, panel: str) -> BoardLink:
    """A link to one panel, by its title, of our board `uid`; also of the same board, where it may be out of sight."""
    return BoardLink(uid=uid, title=panel, panel=panel)


def link_to_next() -> BoardLink:
    """A link in the column `next` of a table, to the board that it names: see `next_boards` and `with_next_nodes`."""
    return BoardLink(uid_label=NEXT, title="Next board", variables={"node": NEXT_NODE})


def with_next_nodes(expr: str) -> str:
    """The query with a label `next_node`: the node, and `All` where there is none.

    A link sets the variable `$node` to it; to nothing, it would leave the next board without series. `All` in an
    address means all (handleLegacyUrlAllValue in packages/scenes/src/variables/variants/MultiValueVariable.ts).
    """
    own = f'label_replace({expr}, "{NEXT_NODE}", "$1", "node", "(.*)")'
    return f'label_replace({own}, "{NEXT_NODE}", "All", "node", "")'


def next_boards(expr: str, label: str, uids: Mapping[str, str]) -> str:
    """The query with a label `next`: the uid of the board for the first of the regular expressions that fits `label`.

    Where none fits, the label stays; each series must have a uid in the end: somewhere the last expression is `.*`.
    """
    for pattern, uid in reversed([*uids.items()]):
        expr = f'label_replace({expr}, "{NEXT}", "{uid}", "{label}", "{pattern}")'
    return expr
