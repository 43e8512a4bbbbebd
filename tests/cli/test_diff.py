"""`diff`: files, directories, revisions of git, the working tree, and a Grafana."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dashboards_py.cli import cli
from dashboards_py.compile import compile_boards
from dashboards_py.compile.canonical import dump
from tests.fakes.grafana import fake_grafana
from tests.review.grafana_saved import saved

Json = dict[str, Any]
BOARDS = {board.uid: json.loads(board.json) for board in compile_boards()}
UID = "cilium-bgp"


def diff(*args: str) -> Result:
    """The command's result."""
    return CliRunner().invoke(cli, ["diff", *args])


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A repository in the working directory; the fixture commits files, with the board of each."""
    monkeypatch.chdir(tmp_path)
    for key, value in {"NAME": "a", "EMAIL": "a@example.org"}.items():
        monkeypatch.setenv(f"GIT_AUTHOR_{key}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{key}", value)
    subprocess.run(["git", "init", "-q", "-b", "main"], check=True)

    def commit(**boards: Json | str) -> None:
        for name, board in boards.items():
            path = tmp_path / name.replace("__", ".").replace("_", "/", 1)
            path.parent.mkdir(exist_ok=True)
            path.write_text(board if isinstance(board, str) else dump(board), encoding="utf-8")
        subprocess.run(["git", "add", "-A"], check=True)
        subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "one"], check=True)

    return commit


def graphs(board: Json) -> list[Json]:
    """The graphs of a board."""
    panels = [panel for one in board["panels"] for panel in (one, *one.get("panels", []))]
    return [panel for panel in panels if panel["type"] == "timeseries"]


def code(result: Result) -> int:
    """The exit code of the program."""
    return int(getattr(result.exception, "exit_code", result.exit_code))


def edited(board: Json) -> Json:
    """The board with one more word in a title, and another unit."""
    board = copy.deepcopy(board)
    panels = graphs(board)
    panels[0]["title"] += " now"
    panels[1].setdefault("fieldConfig", {}).setdefault("defaults", {})["unit"] = "dBm"
    return board


def lines(result: Result) -> list[str]:
    """The lines of its output, without those of queries."""
    return [line.strip() for line in result.stdout.splitlines()]


def test_two_revisions_and_the_working_tree(repository: Callable[..., None]) -> None:
    """`main..HEAD`, `main HEAD`, `main...HEAD`, and `main` with what is not committed yet."""
    repository(b_dns__json=BOARDS[UID], b_note__md="x")
    subprocess.run(["git", "switch", "-q", "-c", "change"], check=True)
    after = edited(BOARDS[UID])
    repository(b_dns__json=after, b_other__py="x = 1", b_package__json='{"name": "x", "version": "1"}')
    titles = [panel["title"] for panel in graphs(after)]
    for names in (["main..HEAD"], ["main", "HEAD"], ["main...HEAD"], ["main"], ["main..change", "b/dns.json"]):
        result = diff(*names)
        assert code(result) == 1, result.output
        assert lines(result)[0] == f"board {UID} (Cilium / BGP): 2 panels changed"
        assert lines(result)[1] == f"~ {titles[0]} (was {titles[0].removesuffix(' now')})"
        assert lines(result)[2] == f"~ {titles[1]}"
        assert lines(result)[3].endswith("-> dBm")
        assert len(lines(result)) == 4
    assert lines(diff("..main"))[1] == f"~ {titles[0].removesuffix(' now')} (was {titles[0]})"
    assert diff("main..main").exit_code == 0
    assert diff("main..HEAD", "b/package.json").output == ""
    Path("b/new.json").write_text(dump(BOARDS["hubble-dns"]))
    assert lines(diff("HEAD"))[0].startswith("board hubble-dns (Hubble / DNS): new; ")
    Path("b/link.json").symlink_to("new.json")  # no file of its own, as at a revision
    assert len(lines(diff("HEAD"))) == len(lines(diff("HEAD", "b/new.json")))
    Path("b/dns.json").unlink()
    assert any("removed" in line for line in lines(diff("HEAD", "b/dns.json")))


def test_a_reformatted_file_is_no_difference(repository: Callable[..., None]) -> None:
    """Other keys first, and all that Grafana adds."""
    repository(b_dns__json=BOARDS[UID])
    repository(b_dns__json=json.dumps(saved(BOARDS[UID]), indent=4))
    result = diff("HEAD~1..HEAD")
    assert (code(result), result.output) == (0, "")


def test_rules_and_values_of_a_repository(repository: Callable[..., None]) -> None:
    """In their files, beside boards."""
    rule = "groups: [{name: g, rules: [{alert: A, expr: 'rate(cilium_drop_count_total[5m]) > %s', for: %s}]}]\n"
    values = "hubble:\n  enabled: true\n  metrics:\n    enabled: [drop, %s]\n"
    repository(b_rules__yaml=rule % (5, "5m"), b_values__yaml=values % "dns", b_pod__yaml="kind: Pod\n")
    repository(b_rules__yaml=rule % (6, "9m"), b_values__yaml=values % "tcp", b_pod__yaml="kind: Node\n")
    result = diff("HEAD~1..HEAD")
    assert code(result) == 1
    assert "query: threshold > 5 -> > 6" in lines(result)
    assert "for: 5m -> 9m" in lines(result)
    assert "items: dns -> tcp" in lines(result)
    assert "1 file of rules, 1 file of values differ" in str(result.exception)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "name what to compare"),
        (["nosuch..HEAD"], "is no file, directory, uid or revision"),
        (["nosuch"], "is no file, directory, uid or revision"),
        (["HEAD..--output=x"], "is no file, directory, uid or revision"),
        (["HEAD..HEAD", "nosuch"], "nosuch: is neither here nor at these revisions"),
        (["hubble-dns"], "another file, directory or uid"),
        (["-", "-"], "only one of both"),
        (["hubble-dns", "cilium-bgp", "--demo", "healthy"], "without --pictures"),
        (["hubble-dns", "cilium-bgp", "--json", "--format", "text"], "mutually exclusive"),
    ],
)
def test_usage(repository: Callable[..., None], names: list[str], message: str) -> None:
    """With what to give instead."""
    repository()
    result = diff(*names)
    assert code(result) == 2, result.output
    assert message in result.stderr + str(result.exception)


def test_directories_are_compared_board_by_board(tmp_path: Path) -> None:
    """By uid, whatever the files are called; a broken file is named, and the others are compared."""
    for name, board in (
        ("old/a.json", BOARDS[UID]),
        ("new/b.json", edited(BOARDS[UID])),
        ("old/x.json", BOARDS["hubble-dns"]),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(dump(board))
    result = diff(str(tmp_path / "old"), str(tmp_path / "new"))
    assert [line for line in result.stdout.splitlines() if line.startswith("board")] == [
        f"board {UID} (Cilium / BGP): 2 panels changed",
        next(line for line in result.stdout.splitlines() if "hubble-dns" in line),
    ]
    (tmp_path / "new" / "broken.json").write_text('{"panels": [')
    broken = diff(str(tmp_path / "old"), str(tmp_path / "new"))
    assert code(broken) == 4
    assert "broken.json" in str(broken.exception)
    assert broken.stdout == result.stdout


def test_formats(tmp_path: Path) -> None:
    """JSON is data; Markdown and text say the same."""
    (tmp_path / "a.json").write_text(dump(BOARDS[UID]))
    (tmp_path / "b.json").write_text(dump(edited(BOARDS[UID])))
    names = str(tmp_path / "a.json"), str(tmp_path / "b.json")
    data = json.loads(diff(*names, "--json").stdout)
    assert data[0]["name"].startswith(UID)
    assert [part["state"] for part in data[0]["parts"]] == ["changed", "changed"]
    assert diff(*names, "--format", "json").stdout == diff(*names, "--json").stdout
    assert diff(*names, "--format", "markdown").stdout.startswith(f"### board {UID} ")
    assert diff(names[0], names[0], "--format", "markdown").stdout == "No difference.\n"


def test_a_grafana_is_compared_with_what_would_be_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit there is before, ours is after; a board that is not there would be new. Nothing is written."""
    with fake_grafana() as grafana:
        monkeypatch.setenv("GRAFANA_URL", grafana.url)
        monkeypatch.setenv("GRAFANA_TOKEN", "reader-token")
        assert diff("--grafana", UID).stdout.startswith(f"board {UID} (Cilium / BGP): new")
        grafana.folders["hubble"] = "Hubble"
        grafana.put(edited(saved(BOARDS[UID])), "hubble")
        result = diff("--grafana", UID)
        assert code(result) == 1
        assert lines(result)[0] == f"board {UID} (Cilium / BGP): 2 panels changed"
        assert "unit: dBm -> " in lines(result)[3]
        assert grafana.writes() == []
