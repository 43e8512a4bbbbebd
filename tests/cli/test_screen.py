"""Control characters in external texts never reach a terminal, whatever the command, and JSON stays valid."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli, main
from dashboards_py.cli._screen import CONTROL, visible
from dashboards_py.cluster import Check
from dashboards_py.compile import find
from dashboards_py.errors import DashboardsError
from tests.cluster.plans import OPTIONS

# A window title, a cleared screen, a C1 CSI, DEL, right-to-left text, an overwritten line.
EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\u202eevil\rover"
ESCAPED = r"\u001b]0;owned\u0007\u001b[2J\u009b31m\u007f\u202eevil\u000dover"
COMMAND = [sys.executable, "-c", "from dashboards_py.cli import main; main()"]


def board(**more: Any) -> dict[str, Any]:
    """A board with the characters in every text."""
    panel = {
        "id": 1,
        "type": "graph",
        "title": EVIL,
        "description": EVIL,
        "datasource": EVIL,
        "libraryPanel": {"name": EVIL},
        "fieldConfig": {"defaults": {"unit": EVIL, "noValue": EVIL, "thresholds": {"steps": [{"color": EVIL}]}}},
        "links": [{"title": EVIL, "url": EVIL}],
        "targets": [{"refId": EVIL, "expr": f"sum by (x) (hubble_drop_total{EVIL}", "legendFormat": EVIL}],
    }
    variable = {"name": EVIL, "type": EVIL, "label": EVIL, "query": EVIL, "datasource": EVIL}
    return {
        "uid": EVIL,
        "title": EVIL,
        "schemaVersion": 30,
        "tags": [EVIL],
        "__inputs": [{"name": EVIL}],
        "links": [{"title": EVIL, "url": EVIL}],
        "templating": {"list": [variable]},
        "annotations": {"list": [{"name": EVIL, "expr": EVIL}]},
        "panels": [panel, {**panel, "targets": [{"expr": "sum(hubble_drop_total)"}]}, {"type": "row", "title": EVIL}],
        **more,
    }


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory with boards, values and a directory that have such names and contents."""
    directory = tmp_path_factory.mktemp("evil")
    (directory / f"{EVIL}.json").write_text(json.dumps(board()))
    (directory / "board.json").write_text(json.dumps(board()))
    odd = json.dumps(board()).removesuffix("}") + f", {json.dumps(EVIL)}: 1, {json.dumps(EVIL)}: NaN}}"
    (directory / "odd.json").write_text(odd)
    (directory / "no-board.json").write_text(json.dumps({EVIL: 1}))
    (directory / "no-json.json").write_text(EVIL)
    values = {"hubble": {"metrics": {"enabled": [EVIL, "drop:" + EVIL]}}, "prometheus": {"enabled": EVIL}}
    (directory / f"{EVIL}.yaml").write_text(json.dumps(values))
    (directory / "text.yaml").write_text(json.dumps(EVIL))
    (directory / "list.yaml").write_text(json.dumps({"hubble": {"metrics": {"enabled": EVIL}}}))
    (directory / "no-yaml.yaml").write_text(f"a: *{EVIL}")
    (directory / "upstream").mkdir()
    panels = [{"id": 1, "title": EVIL, "targets": [{"expr": f"hubble_drop_total{{a='{EVIL}'}} or x"}]}]
    (directory / "upstream" / "16613.json").write_text(json.dumps(board(panels=panels)))
    before = Path.cwd()
    os.chdir(directory)
    yield directory
    os.chdir(before)


COMMANDS = (
    ("lint", "board.json"),
    ("lint", "--all", f"{EVIL}.json"),
    ("lint", "odd.json"),
    ("lint", "no-board.json"),
    ("lint", "no-json.json", "board.json"),
    ("lint", f"{EVIL}/none.json"),
    ("lint", "."),
    ("lint", EVIL),
    ("lint", "--explain", EVIL),
    ("outline", "board.json"),
    ("outline", f"{EVIL}.json"),
    ("outline", "no-board.json"),
    ("outline", EVIL),
    ("values", "--check", f"{EVIL}.yaml"),
    ("values", "--merge-with", f"{EVIL}.yaml"),
    ("values", "--check", "text.yaml"),
    ("values", "--check", "list.yaml"),
    ("values", "--check", "no-yaml.yaml"),
    ("values", "--board", "no-board.json"),
    ("values", "--set", EVIL),
    ("values", "--release", EVIL),
    ("upstream", "--boards", "upstream"),
    ("upstream", "--boards", "upstream", "--panels", "16613"),
    ("upstream", "--boards", EVIL),
    ("deploy", "files", "--out", EVIL, "--dry-run"),
    ("deploy", "grafana", "--url", f"http://{EVIL}"),
    ("deploy", "configmaps", "--context", EVIL),
    ("show", EVIL),
    ("catalog", EVIL),
    ("compile", "--out", EVIL),
    ("cluster", "verify", "--context", EVIL),
    (EVIL,),
    ("lint", f"--{EVIL}"),
)


@pytest.mark.fault("escape sequences in external titles reach the terminal")
@pytest.mark.parametrize("args", COMMANDS, ids=lambda args: " ".join(visible(word) for word in args))
@pytest.mark.usefixtures("directory")
def test_no_command_sends_control_characters(
    args: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither on standard output nor on standard error: not in findings, outlines, plans or error messages."""
    monkeypatch.setattr(sys, "argv", ["cilium-dashboards", *args])
    monkeypatch.setattr("click._compat.should_strip_ansi", lambda *_, **__: False)  # as on a terminal
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_, **__: False)
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert not CONTROL.search(printed.out)
    assert not CONTROL.search(printed.err)
    assert "Traceback" not in printed.err
    assert ended.value.code in (0, 1, 2, 3, 4)


def test_control_characters_are_escaped(directory: Path) -> None:
    """A terminal shows them as JSON escapes, so that a reader sees them."""
    leader, follower = pty.openpty()
    running = subprocess.Popen([*COMMAND, "outline", "board.json"], cwd=directory, stdout=follower, stderr=follower)
    os.close(follower)
    printed = b""
    with suppress(OSError):  # on Linux, the end of output
        while part := os.read(leader, 4096):
            printed += part
    os.close(leader)
    assert running.wait() == 0
    text = printed.decode().replace("\r\n", "\n")
    assert not CONTROL.search(text)
    assert f"row {visible(' '.join(EVIL.split()))}\n" in text


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    "args", [("lint", "board.json", "--json"), ("upstream", "--boards", "upstream", "--panels", "16613", "--json")]
)
def test_json_is_still_the_same_json(args: tuple[str, ...]) -> None:
    """The JSON has the original text, without raw control characters."""
    completed = subprocess.run([*COMMAND, *args], capture_output=True, check=False)
    assert not CONTROL.search(completed.stdout.decode())
    assert {row["panel"] for row in json.loads(completed.stdout)} >= {EVIL}


def test_output_of_a_cluster_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, labels and errors of a cluster are escaped by verify."""
    check = Check(EVIL, False, EVIL, EVIL)
    monkeypatch.setattr("dashboards_py.cluster.verify", lambda *_: iter([check]))
    monkeypatch.setattr("dashboards_py.cli.cluster._connect", lambda _: (None, OPTIONS))
    result = CliRunner().invoke(cli, ["cluster", "verify"], color=True)
    assert f"FAIL {ESCAPED}: {ESCAPED}\n       {ESCAPED}\n" in result.stdout


def test_names_of_editors_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor of a board in a plan, and Grafana's answer in an error, are escaped."""
    from dashboards_py.targets import Action, Change, Deployment, grafana

    plan = Deployment(EVIL, (Change("cilium-agent", Action.CONFLICT, f"edited by {EVIL}"),), lambda _: None)
    monkeypatch.setattr(grafana, "prepare", lambda *_: plan)
    monkeypatch.setenv("GRAFANA_TOKEN", "t")
    result = CliRunner().invoke(cli, ["deploy", "grafana", "--url", "http://127.0.0.1"], color=True)
    assert f"\n{ESCAPED}: 1 conflict; 0 written\n" in f"\n{result.stdout}"
    assert isinstance(result.exception, DashboardsError)
    assert ESCAPED in visible(str(result.exception))


def test_a_text_that_cannot_be_encoded_is_printed(tmp_path: Path) -> None:
    """A file name that is not UTF-8, on a terminal with ASCII encoding."""
    name = os.fsdecode(b"\xff.json")
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    (tmp_path / name).write_text(json.dumps({"title": "\N{SNOWMAN}", "uid": "\N{SNOWMAN}", "panels": []}))
    for args in (["lint", name], ["outline", name], ["lint", "."], ["lint", f"{name}x"]):
        completed = subprocess.run([*COMMAND, *args], cwd=tmp_path, env=env, capture_output=True, check=False)
        assert completed.returncode in (0, 2), completed.stderr
        assert b"Traceback" not in completed.stderr


def test_git_gets_a_non_board_unchanged(tmp_path: Path) -> None:
    """`outline --textconv` in a pipe prints the bytes of the file, which git compares."""
    (tmp_path / "x.json").write_bytes(EVIL.encode())
    completed = subprocess.run(
        [*COMMAND, "outline", "--textconv", "x.json"], cwd=tmp_path, capture_output=True, check=True
    )
    assert completed.stdout == EVIL.encode()


def test_ordinary_text_is_unchanged() -> None:
    """Our own boards, emoji, tabs and line breaks are not escaped."""
    text = find("cilium-agent", NEWEST).json
    assert visible(text) == text
    assert visible("a\tb\nc \N{GRINNING FACE}\u200d\N{SNOWMAN}") == "a\tb\nc \N{GRINNING FACE}\u200d\N{SNOWMAN}"
