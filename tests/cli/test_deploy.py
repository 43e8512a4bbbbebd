"""`deploy` as a command: the choice of the target, its output, exit codes, and a progress bar only on a terminal."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from dashboards_py.cli._first_page import FIRST_BOARD_UID
from dashboards_py.cli.deploy import _first_page, _reasons
from dashboards_py.compile import compile_boards
from dashboards_py.targets import Action, Change
from tests.fakes.grafana import Fault, fake_grafana

OPEN = "open /d/cilium-overview in Grafana"
COMMAND = [sys.executable, "-c", "from dashboards_py.cli import main; main()", "deploy"]
ENV = {"PATH": os.environ["PATH"]}


@pytest.fixture(autouse=True, scope="module")
def _boards_are_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The commands share compiled boards; one below has no directory to keep them in."""
    ENV["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


def deploy(directory: Path, *args: str, env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the command in a directory, with only PATH, kept boards and `env` in its environment."""
    return subprocess.run(
        [*COMMAND, *args],
        cwd=directory,
        env={**ENV, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.fault("after a deploy there is no link to the dashboards")
def test_files_without_a_grafana(tmp_path: Path) -> None:
    """The target is files, with the reason; a second run writes nothing and changes no mtime; an edit gives exit 1."""
    first = deploy(tmp_path)
    assert (first.returncode, first.stderr) == (0, f"target files, because GRAFANA_URL is not set\n{OPEN}\n")
    out = tmp_path / "build" / "grafana"
    count = first.stdout.count("   create  ")
    assert first.stdout.endswith(f"\nbuild/grafana: {count} create; {count} written\n")
    assert count == len([path for path in out.rglob("*") if path.is_file() and not path.name.startswith(".")])
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    second = deploy(tmp_path)
    assert second.stdout == f"build/grafana: {count} unchanged; 0 written\n"
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    edited = out / "dashboards" / "Cilium" / "cilium-agent.json"
    edited.write_text("{}")
    third = deploy(tmp_path, "files")
    assert third.returncode == 1
    assert third.stderr == (
        "Error: 1 not deployed:\n  build/grafana/dashboards/Cilium/cilium-agent.json was edited since our last deploy: "
        "keep a copy of it, then --overwrite\n"
    )
    assert "conflict  dashboards/Cilium/cilium-agent.json" in third.stdout
    assert third.stdout.endswith(f": {count - 1} unchanged, 1 conflict; 0 written\n")


def test_dry_run(tmp_path: Path) -> None:
    """The plan is printed and nothing is written, however --dry-run is given."""
    result = deploy(tmp_path, "--dry-run", "--cilium", "1.17")
    assert result.returncode == 0
    assert "   create  dashboards/Cilium/cilium-agent.json\n" in result.stdout
    assert result.stdout.endswith("; nothing written (dry run)\n")
    document = json.loads(deploy(tmp_path, "files", "--dry-run", "--json", "--out", "x").stdout)
    assert (
        document["destination"],
        document["place"],
        document["dry_run"],
        document["written"],
        document["error"],
    ) == (
        "x",
        "x",
        True,
        [],
        None,
    )
    assert {change["action"] for change in document["changes"]} == {"create"}
    assert list(tmp_path.iterdir()) == []


def test_grafana_if_its_url_is_set(tmp_path: Path) -> None:
    """With GRAFANA_URL the target is grafana; a fault in the middle is exit 4, a quota is 1; the next run resumes."""
    with fake_grafana() as server:
        env = {"GRAFANA_URL": server.url, "GRAFANA_TOKEN": "editor-token"}
        server.faults.append(Fault("POST /folders", 403, times=9))
        refused = deploy(tmp_path, env=env)
        assert refused.returncode == 3
        assert refused.stderr.startswith(
            f"target grafana, because GRAFANA_URL is set\nError: Grafana at {server.url}: does not allow this (403"
        )
        server.faults.clear()
        planned = json.loads(deploy(tmp_path, "grafana", "--json", "--dry-run", env=env).stdout)
        names = [change["name"] for change in planned["changes"]]
        server.faults.append(Fault("POST /dashboards/db", 500, times=99, after=2))
        partly = deploy(tmp_path, "--json", env=env)
        assert partly.returncode == 4
        document = json.loads(partly.stdout)
        assert document["written"] == names[:2]
        assert f"not written: {', '.join(names[2:])}" in document["error"]
        assert document["error"] in partly.stderr
        server.faults.clear()
        server.quota = 3
        full = deploy(tmp_path, "--json", env=env)
        assert (full.returncode, len(json.loads(full.stdout)["written"])) == (1, 1)
        assert f"{len(names) - 3} not deployed" in full.stderr
        server.quota = 1000
        rest = deploy(tmp_path, env=env)
        assert rest.returncode == 0
        assert rest.stdout.endswith(f": {len(names) - 3} create, 3 unchanged; {len(names) - 3} written\n")


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("nowhere",), 2, "No such command 'nowhere'"),
        (("files", "--cilium", "1.3"), 2, "Cilium release '1.3': is not one of 1.16"),
        (("files", "--out", "/dev/null"), 2, "Error: /dev/null: is a file, not a directory"),
        (("grafana",), 2, "Error: GRAFANA_URL: is not set"),
        (
            ("grafana", "--url", "http://a:b@h"),
            2,
            "--url contains credentials: set them in the environment (GRAFANA_URL)",
        ),
        (("grafana", "--url", "http://h", "--token", "x"), 2, "No such option"),
        (("grafana", "--url", "http://h"), 3, "Error: Grafana at http://h: no credentials were given"),
    ],
)
def test_bad_input(tmp_path: Path, args: tuple[str, ...], code: int, message: str) -> None:
    """The error names the input, with the right exit code and without a traceback; nothing is written."""
    result = deploy(tmp_path, *args)
    assert result.returncode == code
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.fault("a token over http:// to another machine gives no warning")
def test_a_warning_before_the_token_is_sent(tmp_path: Path) -> None:
    """It is on stderr, before the error that Grafana cannot be reached; with --json stdout is only JSON."""
    env = {"GRAFANA_TOKEN": "s3cret"}
    deployed = deploy(tmp_path, "grafana", "--json", "--url", "http://grafana.invalid", "--timeout", "1", env=env)
    assert deployed.returncode == 2
    assert deployed.stderr.startswith("Warning: GRAFANA_TOKEN is sent to grafana.invalid over http://")
    assert "\nError: Grafana at http://grafana.invalid: cannot be reached (" in deployed.stderr
    assert "s3cret" not in deployed.stdout + deployed.stderr


def test_help_names_targets_and_options(tmp_path: Path) -> None:
    """The help lists targets, options with their variables, and settings that only the environment can give."""
    assert all(name in deploy(tmp_path, "--help").stdout for name in ("files", "configmaps", "grafana", "--overwrite"))
    help_text = deploy(tmp_path, "grafana", "--help").stdout
    assert all(name in help_text for name in ("--url", "GRAFANA_URL", "GRAFANA_TOKEN", "GRAFANA_PASSWORD", "--dry-run"))
    assert "--token" not in help_text
    assert "--password" not in help_text


def test_a_bar_on_a_terminal_only(tmp_path: Path) -> None:
    """On a terminal a bar shows the progress below the lines; a pipe gets only the lines."""
    assert "\x1b" not in deploy(tmp_path, "files", "--out", "a").stdout
    controller, terminal = pty.openpty()
    command = [*COMMAND, "files", "--out", "b"]
    env = {"PATH": os.environ["PATH"], "TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=terminal, stderr=terminal, stdin=terminal)
    os.close(terminal)
    text = b""
    while True:
        try:
            part = os.read(controller, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        text += part
    os.close(controller)
    assert process.wait(30) == 0
    assert b"Deploying" in text
    assert b"create  dashboards/Cilium/cilium-agent.json" in text
    assert text.rstrip().endswith(f"written\r\n{OPEN}".encode())


@pytest.mark.fault("after a deploy there is no link to the dashboards")
@pytest.mark.parametrize(
    ("target", "url", "message"),
    [
        ("files", None, "open /d/cilium-overview in Grafana"),
        ("perses", None, "open the dashboard cilium-overview in Perses"),
        (
            "grafana",
            "https://user:secret@g.example.org/sub/?orgId=2",
            "open https://g.example.org/sub/d/cilium-overview?orgId=2",
        ),
        ("grafana", "http://[::1]:3000", "open http://[::1]:3000/d/cilium-overview"),
    ],
)
def test_the_first_page(target: str, url: str | None, message: str) -> None:
    """The overview's link, without credentials; only its path if the address is unknown. That board exists."""
    assert _first_page(target, url, ["cilium-agent", FIRST_BOARD_UID]) == message
    assert any(board.uid == FIRST_BOARD_UID for board in compile_boards())


def test_a_reason_of_several_is_printed_once() -> None:
    """A quota refuses many objects in the same words: one message, and the names of the others."""
    quota = 'configmaps "{}" is forbidden: exceeded quota: few: raise it'
    refused = [
        Change(name, Action.CONFLICT, quota.format(name)) for name in ("cilium-agent", "cilium-bgp", "hubble-dns")
    ]
    edited = Change(
        "cilium-envoy", Action.CONFLICT, "cilium-envoy was edited by ann: keep a copy of it, then --overwrite"
    )
    assert list(_reasons([refused[0], edited, *refused[1:]])) == [
        f"  {refused[0].why}",
        "    the same for 2 more: cilium-bgp, hubble-dns",
        f"  {edited.why}",
    ]
