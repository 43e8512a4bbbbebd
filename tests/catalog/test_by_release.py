from dashboards_py.catalog.by_release import ByRelease
from dashboards_py.catalog.release import RELEASES, Release


def test_a_plain_value_holds_on_every_release() -> None:
    """What does not differ is written once and answered everywhere."""
    fact = ByRelease.read("gauge", str)
    assert [fact.on(release) for release in RELEASES] == ["gauge"] * 5


def test_a_value_holds_from_its_release_on() -> None:
    """Each value holds from the release that names it to the next; the first also holds before."""
    fact = ByRelease.read({"1.17": "old", "1.19": "new"}, str)
    assert [fact.on(release) for release in RELEASES] == ["old", "old", "old", "new", "new"]
    assert fact.steps == ((Release(1, 17), "old"), (Release(1, 19), "new"))
    assert fact.all == ("old", "new")
