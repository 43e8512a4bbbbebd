"""An outage of one namespace, or of one node's maps, turns something red, however large the cluster is."""

import pytest

from tests.stories._lines import boards, data_of, lines, panel_of, scene

# The scene, the board and panel, and a text of the red line.
RED = (
    ("dns-drop", "cilium-overview", "Namespaces in trouble", "shop"),
    ("dns-drop", "hubble-dns", "Unanswered share", "100%"),
    ("dns-drop", "hubble-dns", "Refused by policy", "100%"),
    ("dns-drop", "hubble-dns", "Answers left of an hour ago", "0%"),
    ("dns-drop", "hubble-dns", "Dropped on the way to DNS", "frontend"),
    ("map-full", "cilium-capacity", "Already failing", "CT: Map insertion failed"),
)


@pytest.mark.fault("an outage of one namespace turns nothing red, as shares of the whole cluster hide it")
@pytest.mark.parametrize(("name", "uid", "title", "text"), RED)
def test_it_is_red(name: str, uid: str, title: str, text: str) -> None:
    """The panel has a red line with the text in the scene, and no red line in the healthy cluster."""
    board = boards()[uid]
    panel = panel_of(board, title)
    assert any(line.has((text,), "red") for line in lines(panel, data_of(board, panel, scene(name), {})))
    assert not any(line.has((), "red") for line in lines(panel, data_of(board, panel, scene("healthy"), {})))


@pytest.mark.fault("no client is without answer, though no lookup of a namespace has one")
@pytest.mark.parametrize("client", ["frontend", "checkout"])
def test_clients_that_are_denied_are_without_answer(client: str) -> None:
    """Whether their packets are denied before the DNS proxy, or their queries by it."""
    board = boards()["hubble-dns"]
    panel = panel_of(board, "Clients without answer")
    assert any(line.has((client, "100%"), "red") for line in lines(panel, data_of(board, panel, scene("dns-drop"), {})))


@pytest.mark.fault("an outage of one namespace turns nothing red, as shares of the whole cluster hide it")
@pytest.mark.parametrize("uid", ["hubble-overview", "hubble-network"])
def test_denials_that_rose_are_judged(uid: str) -> None:
    """Denials of one namespace that rose within the hour are yellow, those that are as an hour ago green."""
    board = boards()[uid]
    panel = panel_of(board, "Denials against an hour ago")
    # A board of one namespace opens on the busiest one: without DNS that is another.
    chosen = {"namespace": ("shop",)}
    (risen, *_) = lines(panel, data_of(board, panel, scene("dns-drop"), chosen))
    (same, *_) = lines(panel, data_of(board, panel, scene("healthy"), chosen))
    assert risen.has((), "yellow"), risen
    assert same.has((), "green"), same


@pytest.mark.fault("lookups whose packets are dropped for want of room are missing from the shares without answer")
@pytest.mark.parametrize(
    ("uid", "title"),
    [
        ("cilium-overview", "Namespaces in trouble"),
        ("hubble-overview", "Namespaces in trouble"),
        ("hubble-dns", "Unanswered share"),
    ],
)
def test_lookups_that_are_dropped_have_no_answer(uid: str, title: str) -> None:
    """With a full map a namespace is named whose lookups never reach the DNS proxy, and which is well without."""
    board = boards()[uid]
    panel = panel_of(board, title)
    assert any(line.has(("shop",), "yellow") for line in lines(panel, data_of(board, panel, scene("map-full"), {})))
    assert not any(line.has((), "yellow") for line in lines(panel, data_of(board, panel, scene("healthy"), {})))


@pytest.mark.fault("tables of what is worst list what is healthy")
def test_clients_that_get_answers_are_not_listed() -> None:
    """In the healthy cluster, whose queries and answers differ by what is on its way, no client is listed."""
    board = boards()["hubble-dns"]
    panel = panel_of(board, "Clients without answer")
    assert lines(panel, data_of(board, panel, scene("healthy"), {})) == ()


@pytest.mark.fault("the healthy cluster has failed collections")
def test_no_collection_failed_in_the_healthy_cluster() -> None:
    """The number of failed runs is a measured, green 0."""
    board = boards()["cilium-operator"]
    panel = panel_of(board, "Failed identity collections")
    (runs,) = lines(panel, data_of(board, panel, scene("healthy"), {}))
    assert runs.has(("0",), "green"), runs
