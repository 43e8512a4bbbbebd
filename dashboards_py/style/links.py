"""Links from a panel that raises a question to the board that answers it."""

from dataclasses import dataclass

OURS = "/d/"


@dataclass(frozen=True, slots=True)
class To:
    """A data link to one of our boards.

    `carry` maps a variable of the target to the label of the clicked series or row that sets it. Time range and the
    variables that both boards have are added by the compiler, which knows both boards.
    """

    uid: str
    title: str = ""
    carry: tuple[tuple[str, str], ...] = ()


def to(uid: str, title: str = "", **carry: str) -> To:
    """Link to our board `uid`; `node="node"` sets `$node` there to the clicked series' label `node`."""
    return To(uid, title, tuple(carry.items()))
