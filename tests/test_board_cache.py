"""Boards kept between runs: what a change of the sources does to them, and a cache that cannot be used."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from dashboards_py import board_cache
from dashboards_py.board_cache import KEPT, Origin, compiled_board, compiled_boards, compiled_rules, sources
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.cli._our_readings import (
    OF_FACTS,
    OF_FINDINGS,
    OF_NEEDS,
    OF_SERIES,
    our_needs,
    our_panel_facts,
    our_series,
)
from dashboards_py.compile import compile_boards
from dashboards_py.compile.rules import compile_rules
from dashboards_py.compiled import CompiledRules
from dashboards_py.configuration import DEFAULTS, Configuration
from dashboards_py.errors import DashboardsError
from dashboards_py.tree.replace import SUFFIX

VALUES = ["values", "--check", str(board_cache.PACKAGE.parent / "cluster-setup/values/cilium-1.20.yaml")]
LOADED = """
import json, sys
from dashboards_py.compile import compile_boards
from dashboards_py.compile.rules import compile_rules
compile_boards()
compile_rules()
{more}
print(json.dumps([module.__file__ for name, module in sys.modules.items() if name.startswith("dashboards_py")]))
"""
READS = """
import sys
from dashboards_py.cli import cli
cli.main(sys.argv[1:], standalone_mode=False)
print([name for name in sys.modules if name.startswith(("dashboards_py.compile.", "grafanalib"))], file=sys.stderr)
"""


def python(script: str, *args: str, cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, with the cache in a directory."""
    env = {"XDG_CACHE_HOME": str(cache)} if cache else None
    return subprocess.run([sys.executable, "-c", script, *args], env=env, check=True, capture_output=True, text=True)


@pytest.mark.parametrize("release", [NEWEST, RELEASES[0]], ids=str)
def test_boards_are_equal_to_compiled_ones(tmp_path: Path, release: Release) -> None:
    """Read back from the file, with omissions, excuses and IDs; one of them is the same board."""
    expected = compile_boards(release)
    assert compiled_boards(release, DEFAULTS, tmp_path) == expected
    [path] = tmp_path.iterdir()
    before = path.stat().st_mtime_ns
    assert compiled_boards(release, DEFAULTS, tmp_path) == expected
    assert compiled_board("cilium-agent", release, DEFAULTS, tmp_path) == expected[0]
    assert path.stat().st_mtime_ns == before
    assert any(board.excuses for board in expected)
    assert any(board.omissions for board in expected) == (release != NEWEST)


@pytest.mark.parametrize("release", [NEWEST, RELEASES[0]], ids=str)
def test_alerts_are_equal_to_compiled_ones(tmp_path: Path, release: Release) -> None:
    """Read back from the file, with what the release lacks; a damaged file is compiled again."""
    expected = compile_rules(release)
    assert compiled_rules(release, DEFAULTS, tmp_path) == expected
    assert compiled_rules(release, DEFAULTS, tmp_path) == expected
    [path] = tmp_path.iterdir()
    path.write_bytes(b"0\n{}")
    assert compiled_rules(release, DEFAULTS, tmp_path) == expected
    assert compiled_rules(release, DEFAULTS, None) == expected


def test_recording_rules_are_equal_to_compiled_ones(tmp_path: Path) -> None:
    """They are kept with the alerts."""
    recorded = Configuration(recorded=True)
    expected = compile_rules(NEWEST, recorded)
    assert expected.recordings
    assert [compiled_rules(NEWEST, recorded, tmp_path) for _ in range(2)] == [expected, expected]
    assert expected.omissions


def test_what_follows_from_boards_is_equal_to_what_is_worked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Needs, series and facts of panels, read back from the files that the first calls write."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    needs, series = our_needs(NEWEST, DEFAULTS), our_series(NEWEST, DEFAULTS, upstream=True)
    assert needs
    assert series.names
    assert series.selected
    facts = our_panel_facts(NEWEST, DEFAULTS)
    assert any(panel.metrics and panel.labels for panel in facts)
    assert {path.name.partition("-")[0] for path in tmp_path.rglob("*.json")} >= {"needs", "series", "facts"}
    assert our_needs(NEWEST, DEFAULTS) == needs
    assert our_series(NEWEST, DEFAULTS, upstream=True) == series
    assert our_panel_facts(NEWEST, DEFAULTS) == facts


def test_every_source_of_boards_and_alerts_is_hashed() -> None:
    """All files of this package that are loaded while both are compiled, and the data next to them."""
    hashed = set(sources())
    loaded = {Path(file) for file in json.loads(python(LOADED.format(more="")).stdout)}
    assert loaded - hashed == set()
    assert set(board_cache.PACKAGE.glob("catalog/*.json")) <= hashed


@pytest.mark.parametrize(
    ("also", "more"),
    [
        (OF_NEEDS, "from dashboards_py.needs import needs_of; needs_of(boards, release)"),
        (
            OF_SERIES,
            "from dashboards_py.values.series_read import series_read; series_read(boards, release, upstream=True)",
        ),
        (OF_FACTS, "from dashboards_py.upstream.answers import facts; facts(boards)"),
        (OF_FINDINGS, "from dashboards_py.lint import lint, unread_queries; lint(boards[0], release)"),
    ],
    ids=["needs", "series", "facts", "findings"],
)
def test_every_source_of_what_follows_from_boards_is_hashed(also: tuple[str, ...], more: str) -> None:
    """What boards need, which series they read and what lint finds: all that is loaded for it, but for the command."""
    boards = "from dashboards_py.board import read; boards = [read(one.json) for one in compile_boards()]"
    release = "from dashboards_py.release import NEWEST as release"
    loaded = {Path(file) for file in json.loads(python(LOADED.format(more=f"{boards}\n{release}\n{more}")).stdout)}
    assert {path for path in loaded - set(sources(also)) if "cli" not in path.parts} == set()


def test_a_change_gives_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the release, of a setting, of a source's text or name, or of a library's version."""
    (tmp_path / "dashboards").mkdir()
    source = tmp_path / "dashboards" / "board.py"
    source.write_text("1")
    monkeypatch.setattr(board_cache, "PACKAGE", tmp_path)

    def name() -> str:
        return Origin(NEWEST, DEFAULTS).digest()

    names = [
        name(),
        Origin(RELEASES[0], DEFAULTS).digest(),
        Origin(NEWEST, replace(DEFAULTS, tags=("x",))).digest(),
    ]
    source.write_text("2")
    names.append(name())
    source.rename(source.with_name("other.py"))
    names.append(name())
    monkeypatch.setattr(board_cache, "_libraries", lambda: ["grafanalib-0.dist-info"])
    names.append(name())
    assert len(set(names)) == len(names)
    assert name() == names[-1]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"0\n[]"])
def test_a_damaged_file_is_written_again(tmp_path: Path, content: bytes) -> None:
    """Whatever is in it."""
    compiled_boards(NEWEST, DEFAULTS, tmp_path)
    [path] = tmp_path.iterdir()
    good = path.read_bytes()
    path.write_bytes(content)
    assert compiled_boards(NEWEST, DEFAULTS, tmp_path) == compile_boards()
    assert path.read_bytes() == good


@pytest.mark.fault("a file of the cache hangs or breaks every command that reads boards, or is of another user")
@pytest.mark.parametrize("kind", ["directory", "FIFO", "other values", "nested deeply", "another user's"])
def test_what_is_no_file_of_the_cache_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The alerts are compiled, and nothing is reported."""
    rules = CompiledRules(groups=(), omissions=())
    monkeypatch.setattr("dashboards_py.compile.rules.compile_rules", lambda *_: rules)
    path = Origin(NEWEST, DEFAULTS).path(tmp_path, "alerts")
    if kind == "directory":
        path.mkdir()
    elif kind == "FIFO":
        os.mkfifo(path)
    else:
        content = {"other values": b'[{"uid": 1}]', "nested deeply": b"[" * 100_000}.get(kind, b'{"groups": null}')
        if kind == "another user's":
            content = b'{"groups": [], "omissions": [{"alert": "theirs", "reason": ""}]}'
            monkeypatch.setattr(os, "geteuid", lambda: os.stat(path).st_uid + 1)
        path.write_bytes(sha256(content).hexdigest().encode() + b"\n" + content)
    assert compiled_rules(NEWEST, DEFAULTS, tmp_path) == rules


def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    """Boards are compiled, and nothing is reported."""
    (tmp_path / "file").write_text("")
    assert compiled_boards(NEWEST, DEFAULTS, tmp_path / "file" / "cache") == compile_boards()
    assert compiled_boards(NEWEST, DEFAULTS, None) == compile_boards()


def test_an_unknown_board_is_an_error(tmp_path: Path) -> None:
    """The same as without a cache."""
    compiled_boards(NEWEST, DEFAULTS, tmp_path)
    with pytest.raises(DashboardsError, match="no board has this uid"):
        compiled_board("nonsense", NEWEST, DEFAULTS, tmp_path)


def test_the_oldest_files_are_removed(tmp_path: Path) -> None:
    """Those of the cache only, with copies that killed runs left unfinished."""
    (tmp_path / "notes.json").write_text("{}")
    (tmp_path / f".boards-0.abcdefgh{SUFFIX}").write_text("{")
    for number in range(KEPT + 5):
        board_cache.write(tmp_path / f"boards-{number:064x}.json", [])
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"notes.json", *(f"boards-{number:064x}.json" for number in range(5, KEPT + 5))}


def test_commands_that_read_do_not_compile(tmp_path: Path) -> None:
    """The second time, the compiler and grafanalib are not imported, and the output is the same."""
    listed = (["list"], ["show", "cilium-agent"], ["outline", "cilium-agent"], ["upstream"], VALUES)
    for args in (*listed, ["values"], ["keep"], ["lint"]):
        first = python(READS, *args, cache=tmp_path)
        second = python(READS, *args, cache=tmp_path)
        assert second.stderr.splitlines()[-1] == "[]", args
        assert second.stdout == first.stdout
        assert first.stderr.splitlines()[:-1] == second.stderr.splitlines()[:-1]
