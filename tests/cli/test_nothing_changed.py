"""A deploy of what is already there writes nothing, on every target, counted from outside: in files, at servers."""

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboards_py.cli import cli
from dashboards_py.targets import names
from tests.fakes.grafana import fake_grafana
from tests.targets import small_kubectl

BOARDS = ("cilium-overview", "hubble-dns")
Written = Callable[[], list[str]]  # what was written since it was called before, or since the beginning


@contextmanager
def a_directory(directory: Path) -> Iterator[tuple[Mapping[str, str], Written]]:
    """Any file or directory whose inode, size or time of change is another one, or that is new or gone."""
    seen: set[tuple[str, int, int, int]] = set()

    def written() -> list[str]:
        nonlocal seen
        now = {
            (str(path), status.st_ino, status.st_ctime_ns, status.st_size)
            for path in directory.rglob("*")
            for status in [path.lstat()]
        }
        before, seen = seen, now
        return sorted({path for path, *_ in before ^ now})

    yield {}, written


@contextmanager
def a_grafana(_: Path) -> Iterator[tuple[Mapping[str, str], Written]]:
    """Requests other than GET."""
    with fake_grafana() as server:

        def written() -> list[str]:
            requests = server.writes()
            server.log.clear()
            return requests

        yield {"GRAFANA_URL": server.url, "GRAFANA_TOKEN": "editor-token"}, written


@contextmanager
def an_api_server(directory: Path) -> Iterator[tuple[Mapping[str, str], Written]]:
    """Calls of kubectl that do not read."""
    program, state = directory / "kubectl", directory / "state.json"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {small_kubectl.__file__} "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    state.write_text(json.dumps({"maps": {}, "answer": [], "log": [], "phase": "Active"}))

    def written() -> list[str]:
        content = json.loads(state.read_text())
        state.write_text(json.dumps({**content, "log": []}))
        return [" ".join(arguments) for arguments in content["log"] if "get" not in arguments]

    yield {"PATH": f"{directory}:{os.environ['PATH']}", "STATE": str(state)}, written


Outside = Callable[[Path], AbstractContextManager[tuple[Mapping[str, str], Written]]]
SERVERS: Mapping[str, Outside] = {"grafana": a_grafana, "configmaps": an_api_server}


@pytest.mark.fault("a deploy without a change writes")
@pytest.mark.parametrize("target", names())
def test_a_second_deploy_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """The first run is seen to write, the second is not."""
    monkeypatch.chdir(tmp_path)
    with SERVERS.get(target, a_directory)(tmp_path) as (environment, written):
        for run in ("first", "second"):
            result = CliRunner(env=environment).invoke(cli, ["deploy", target, *BOARDS], catch_exceptions=False)
            assert result.exit_code == 0, result.output
            assert bool(written()) == (run == "first"), run
