"""What has stopped is not shown as well: sessions whose series ended, runs that are not counted, a mesh unseen."""

import pytest

from tests.stories._lines import Line, boards, data_of, lines, panel_of, scene

STOPPED_IS_WELL = pytest.mark.fault("a panel is green about what nothing reports any more")


def shown(uid: str, title: str, source: str) -> tuple[Line, ...]:
    """The lines of a panel in a scene."""
    board = boards()[uid]
    panel = panel_of(board, title)
    return lines(panel, data_of(board, panel, scene(source), {}))


@STOPPED_IS_WELL
@pytest.mark.parametrize(
    ("uid", "title", "source", "shows", "color"),
    [
        ("cilium-overview", "BGP sessions", "node-down", "2", "yellow"),
        ("cilium-bgp", "Sessions", "node-down", "2", "yellow"),
        ("cilium-bgp", "Sessions down now", "node-down", "no agent", "yellow"),
        ("cilium-bgp", "Nodes without any session", "node-down", "1", "red"),
        ("cilium-operator", "Failed identity collections", "operator-cannot-write", "runs", "yellow"),
        ("cilium-operator", "Failing loops", "operator-cannot-write", "crd-identity-gc", "yellow"),
        ("cilium-agent", "Nodes that need a look", "addresses-used-up", "node-5", "red"),
    ],
)
def test_what_has_stopped_has_a_color(uid: str, title: str, source: str, shows: str, color: str) -> None:
    """Lost sessions, collections that end before they are counted, full nodes; a healthy cluster has none of them."""
    assert any(line.has([shows], color) for line in shown(uid, title, source))
    assert not any(line.has([], color) for line in shown(uid, title, "healthy"))


@pytest.mark.fault("of a dead node that is chosen a table says that it has no BGP, beside its sessions")
def test_a_dead_node_that_is_chosen() -> None:
    """Its sessions alone: that it has no series now is no row."""
    board = boards()["cilium-bgp"]
    panel = panel_of(board, "Sessions down now")
    chosen = lines(panel, data_of(board, panel, scene("node-down"), {"node": ("node-4",)}))
    assert chosen
    assert all(line.has(["no agent", "node-4"], "yellow") for line in chosen)


def test_the_sessions_of_a_removed_node_are_no_loss() -> None:
    """Its agents know one node less, also in a mesh."""
    assert any(line.has(["down", "0"], "green") for line in shown("cilium-overview", "BGP sessions", "node-gone"))
    assert shown("cilium-bgp", "Sessions down now", "node-gone") == ()


@STOPPED_IS_WELL
@pytest.mark.parametrize(("source", "judged"), [("operator-only", False), ("healthy", True)])
def test_operators_alone_do_not_judge_a_mesh(source: str, *, judged: bool) -> None:
    """The number of remote clusters is green only where agents are scraped."""
    judging = (line.has([], "green") for line in shown("cilium-overview", "Remote clusters failing", source))
    assert any(judging) is judged
