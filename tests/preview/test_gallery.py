"""The directory of pictures: nothing of someone else is written over."""

from pathlib import Path

import pytest

from dashboards_py.errors import DashboardsError
from dashboards_py.preview.gallery import EARLIER, PAGE, Entry, ensure_ours, entries_in, page, write


def test_a_new_directory_is_made_and_one_of_ours_is_used_again(tmp_path: Path) -> None:
    """With pictures of an earlier run in it."""
    out = tmp_path / "a" / "b"
    ensure_ours(out)
    write(out, "x.png", b"1")
    write(out, PAGE, page([Entry(file="x.png", title="X")], is_dark=True))
    ensure_ours(out)
    write(out, "x.png", b"2")
    assert (out / "x.png").read_bytes() == b"2"


@pytest.mark.parametrize("name", ["holiday.png", "index.html"])
def test_a_directory_of_someone_else_is_refused(tmp_path: Path, name: str) -> None:
    """Before anything is drawn."""
    (tmp_path / name).write_text("<html>mine</html>", encoding="utf-8")
    with pytest.raises(DashboardsError, match=name):
        ensure_ours(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_is_no_directory_is_named(tmp_path: Path) -> None:
    """With the reason."""
    (tmp_path / "file").touch()
    with pytest.raises(DashboardsError, match="name another directory"):
        ensure_ours(tmp_path / "file")


def test_a_name_as_long_as_the_file_system_allows_is_written(tmp_path: Path) -> None:
    """The unfinished file has a name of its own."""
    name = "n" * 251 + ".png"
    write(tmp_path, name, b"1")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("file", "address"),
    [("a#b?c%20.png", "a%23b%3Fc%2520.png"), ("\udcff.png", "%FF.png"), ('"<q>.png', "%22%3Cq%3E.png")],
)
def test_the_page_finds_pictures_of_any_name(file: str, address: str) -> None:
    """Also of one that is not UTF-8."""
    assert f'<img src="{address}"'.encode() in page([Entry(file=file, title="X")], is_dark=True)


def test_titles_cannot_break_the_page() -> None:
    """They may come from any file."""
    assert b"<script>" not in page([Entry(file="a.png", title="<script>")], is_dark=False)


@pytest.mark.fault("the page of a second run no longer shows the pictures of the first")
def test_pictures_of_earlier_runs_stay_on_the_page(tmp_path: Path) -> None:
    """Below those of this run, unless it drew them again or they are gone."""
    names = ["a.png", "b&c.png", "gone.png", "x y#?.png"]
    for name in names:
        write(tmp_path, name, b"1")
    write(tmp_path, PAGE, page([Entry(file=name, title=f"<{name}>") for name in names], is_dark=True))
    (tmp_path / "gone.png").unlink()
    earlier = entries_in(tmp_path)
    assert earlier == tuple(Entry(file=name, title=f"<{name}>") for name in names if name != "gone.png")
    write(tmp_path, "a.png", b"2")
    text = page([Entry(file="a.png", title="A")], earlier, is_dark=True).decode()
    assert text.count("<img") == 3
    assert text.index('alt="A"') < text.index(EARLIER) < text.index("b%26c.png")
    write(tmp_path, PAGE, text.encode())
    assert [entry.file for entry in entries_in(tmp_path)] == ["a.png", "b&c.png", "x y#?.png"]
    assert EARLIER not in page([Entry(file="a.png", title="A")], (), is_dark=True).decode()


def test_a_page_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    """It may have been edited."""
    (tmp_path / "out").mkdir()
    (tmp_path / "secret.png").touch()
    write(tmp_path / "out", PAGE, b'<img src="../secret.png"><img src="a%00.png"><img src="%2e%2e/secret.png">')
    assert entries_in(tmp_path / "out") == ()
