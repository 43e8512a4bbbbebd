from dashboards_py.catalog.by_release import ByRelease
from dashboards_py.release import RELEASES, Release


def test_a_plain_value_holds_on_every_release() -> None:
    """A value that does not differ is written once and holds for every release."""
    fact = ByRelease.read("gauge", str)
    assert [fact.on(release) for release in RELEASES] == ["gauge"] * len(RELEASES)


def test_a_value_holds_from_its_release_on() -> None:
    """Each value holds from the release that names it to the next; the first also holds before."""
    fact = ByRelease.read({"1.17": "old", "1.19": "new"}, str)
    values = {str(release): fact.on(release) for release in RELEASES}
    assert (values["1.16"], values["1.17"], values["1.18"]) == ("old", "old", "old")
    assert {value for release, value in values.items() if release not in ("1.16", "1.17", "1.18")} == {"new"}
    assert fact.steps == ((Release(1, 17), "old"), (Release(1, 19), "new"))
    assert fact.all == ("old", "new")
