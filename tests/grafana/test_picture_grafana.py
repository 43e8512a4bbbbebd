"""The Grafana in which `make pictures` opens the boards: which one, and what is in it."""

import shutil
from pathlib import Path

import pytest

from dashboards_py.compile import compile_boards
from tests.fakes.grafana import FakeGrafana, fake_grafana
from tests.live import picture_grafana


def name_it(fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name the stand-in in GRAFANA_TEST_URL; there is no GRAFANA_HOME."""
    login = "admin:s3cret%2F%40%3A%25@"
    monkeypatch.setenv("GRAFANA_TEST_URL", fake.url.replace("//", f"//{login}"))
    monkeypatch.delenv("GRAFANA_HOME", raising=False)


@pytest.mark.fault("make pictures draws the boards although GRAFANA_TEST_URL names a Grafana")
def test_a_named_grafana_has_the_boards_and_their_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an organization of their own, whose pages the browser's headers choose; it is removed afterwards."""
    with fake_grafana() as fake:
        name_it(fake, monkeypatch)
        with picture_grafana.grafana_with_boards(tmp_path, fake.url) as opened:
            own = fake.organization(2)
            assert {board.uid for board in compile_boards()} == own.boards.keys()
            assert [source["url"] for source in own.sources] == [fake.url]
            assert opened.url == fake.url
            assert opened.query == "&orgId=2"
            assert opened.headers["X-Grafana-Org-Id"] == "2"
            assert opened.headers["Authorization"].startswith("Basic ")
        assert fake.organizations == {1: "Main Org."}
        assert not fake.boards


def test_without_its_data_no_picture_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Grafana elsewhere does not reach the Prometheus of this machine: empty boards would replace the pictures."""
    with fake_grafana() as fake:
        name_it(fake, monkeypatch)
        with pytest.raises(SystemExit, match=r"does not reach the Prometheus at http://127\.0\.0\.1:9"):
            picture_grafana.grafana_with_boards(tmp_path, "http://127.0.0.1:9").__enter__()
        assert fake.organizations == {1: "Main Org."}


@pytest.mark.parametrize("variable", ["GRAFANA_TEST_URL", "GRAFANA_HOME"])
def test_either_variable_is_enough(variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without both, and a browser, the pictures are drawn, with the reason."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "grafana").touch()
    for name in ("GRAFANA_TEST_URL", "GRAFANA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    assert [sentence.partition(":")[0] for sentence in picture_grafana.missing_components()] == ["no grafana"]
    monkeypatch.setenv(variable, str(tmp_path))
    assert picture_grafana.missing_components() == []
    monkeypatch.setattr(shutil, "which", lambda _: None)
    missing = [sentence.partition(":")[0] for sentence in picture_grafana.missing_components()]
    assert missing == ["no prometheus", "no chromium"]
