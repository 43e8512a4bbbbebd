"""The command line: commands, help, exit codes, and a start that imports only what it needs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from dashboards_py.catalog import RELEASES
from dashboards_py.cli import cli
from dashboards_py.cli._run import run as run_program
from dashboards_py.compile import compile_boards
from dashboards_py.compile.rules import compile_rules
from tests.settings import COMMITTED_SETTINGS

RunHere = Callable[..., "subprocess.CompletedProcess[str]"]
ROOT = Path(__file__).parents[2]
START = """
import sys
try:
    from dashboards_py.cli import cli
    cli({given!r})
finally:
    heavy = ("grafanalib", "grafana_client", "niquests", "requests", "yaml", "promql_parser", "rich", "numpy", "svg")
    print("HEAVY", [name for name in heavy if name in sys.modules])
"""
COMMANDS = (
    "catalog",
    "cluster",
    "compile",
    "completion",
    "deploy",
    "dev",
    "diff",
    "doctor",
    "drift",
    "keep",
    "lint",
    "list",
    "outline",
    "preview",
    "show",
    "upgrade",
    "upstream",
    "values",
)


def run(
    *args: str, at: Path = ROOT, stdin: str | None = None, settings: str = os.devnull
) -> "subprocess.CompletedProcess[str]":
    """Run the command as a separate process, with the settings of a file."""
    command = [sys.executable, "-c", "from dashboards_py.cli import main; main()", *args]
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GRAFANA", "CILIUM"))}
    env["CILIUM_DASHBOARDS_CONFIG"] = settings
    return subprocess.run(command, cwd=at, input=stdin, capture_output=True, text=True, env=env, check=False)


@pytest.fixture
def run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunHere:
    """Run commands in this process, which compiles the boards once for all, in an empty directory or another."""

    def run_in(*args: str, at: Path = tmp_path, settings: str = os.devnull) -> "subprocess.CompletedProcess[str]":
        monkeypatch.chdir(at)
        monkeypatch.setenv("CILIUM_DASHBOARDS_CONFIG", settings)
        capsys.readouterr()
        code = run_program(cli, list(args))
        return subprocess.CompletedProcess(args, code, *capsys.readouterr())

    return run_in


def test_the_commands() -> None:
    """The commands are the files of the package."""
    assert cli.list_commands(None) == list(COMMANDS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["", *COMMANDS, "deploy files", "deploy configmaps", "deploy grafana", "upstream fetch"]
)
def test_help_is_complete_and_imports_little(name: str) -> None:
    """`--help` of every command prints its usage and imports none of the heavy packages."""
    code = START.format(given=[*name.split(), "--help"])
    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Usage:" in completed.stdout, completed.stderr
    assert completed.stdout.rstrip().endswith("HEAVY []")


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_line_of_help_is_not_cut(width: int) -> None:
    """Each command's first sentence is there in whole, however narrow the terminal."""
    for group in (cli, cli.get_command(click.Context(cli), "cluster")):
        assert isinstance(group, click.Group)
        context = click.Context(group, terminal_width=width)
        text = "".join(group.get_help(context).split())  # lines end at hyphens, too
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            sentence = (command.help or "").split("\n\n")[0].partition(". ")[0]
            assert name + "".join(sentence.split()) in text


@pytest.mark.fault("help texts do not mention a new release of Cilium")
def test_help_follows_the_releases() -> None:
    """With one more release, every help text that names a range of releases ends with it."""
    code = """
import dashboards_py.release as releases
older, newer = releases.NEWEST, releases.Release(releases.NEWEST.major, releases.NEWEST.minor + 1)
releases.RELEASES, releases.NEWEST = (*releases.RELEASES, newer), newer
from tests.bench import help_commands
import click, dashboards_py.cli as line
named = 0
for path in help_commands(line.cli):
    command, context = line.cli, click.Context(line.cli)
    for name in path:
        command = command.get_command(context, name)
    text = command.get_help(click.Context(command))
    assert f"to {older}" not in text, path
    named += f"to {newer}" in text
print(named)
"""
    completed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stderr
    assert int(completed.stdout) > len(("cilium-dashboards", "cluster"))


def test_list_names_every_board() -> None:
    """Uid, folder, panels and what is replaced, for people and as JSON."""
    text, data = run("list").stdout, json.loads(run("list", "--json").stdout)
    assert [row["uid"] for row in data] == [board.uid for board in compile_boards()]
    assert next(row for row in data if row["uid"] == "cilium-agent")["replaces"] == [21431]
    assert all(row["uid"] in text for row in data)


def test_show_is_the_committed_json() -> None:
    """`show` prints the file in provisioning/, in the folder that `list` names."""
    (board, *_) = json.loads(run("list", "--json", settings=COMMITTED_SETTINGS).stdout)
    committed = ROOT / "provisioning/dashboards" / board["folder"] / f"{board['uid']}.json"
    assert run("show", board["uid"], settings=COMMITTED_SETTINGS).stdout == committed.read_text()


def test_compile_check_names_a_changed_file(tmp_path: Path, run_here: RunHere) -> None:
    """0 on the committed tree; 1 and the file's name if a byte differs, and nothing is written."""
    assert run_here("compile", "--check", at=ROOT, settings=COMMITTED_SETTINGS).returncode == 0
    shutil.copytree(ROOT / "provisioning", tmp_path / "provisioning")
    file = min((tmp_path / "provisioning/dashboards").rglob("*.json"))
    file.write_bytes(file.read_bytes().replace(b'"title"', b'"Title"', 1))
    result = run_here("compile", "--check", settings=COMMITTED_SETTINGS)
    assert result.returncode == 1
    assert f"{file.relative_to(tmp_path)}: differs" in result.stderr
    assert "make dashboards" in result.stderr
    assert b'"Title"' in file.read_bytes()
    for written in (1, 0):
        compiled = run_here("compile", settings=COMMITTED_SETTINGS)
        assert compiled.stdout.endswith(f" files, {written} written\n")


@pytest.mark.fault("`compile` deletes people's own JSON below provisioning/dashboards")
def test_compile_reports_what_it_removes_and_keeps(tmp_path: Path, run_here: RunHere) -> None:
    """A deleted board's file is removed; edited and foreign files are kept, and --check distinguishes the three."""
    assert run_here("compile").returncode == 0
    folder = tmp_path / "provisioning/dashboards/Hubble"
    manifest = tmp_path / "provisioning/.cilium-dashboards/manifest"
    known = json.loads(manifest.read_text())
    digest = known["dashboards/Hubble/hubble-dns.json"]
    for name in ("gone", "edited", "own"):
        shutil.copyfile(folder / "hubble-dns.json", folder / f"{name}.json")
    manifest.write_text(json.dumps(known | {f"dashboards/Hubble/{name}.json": digest for name in ("gone", "edited")}))
    (folder / "edited.json").write_text("{}")
    check = run_here("compile", "--check")
    assert check.returncode == 1
    assert "gone.json: was written for a deleted board" in check.stderr
    result = run_here("compile")
    assert "removed provisioning/dashboards/Hubble/gone.json" in result.stdout
    for stderr in (check.stderr, result.stderr):
        kept = "kept provisioning/dashboards/Hubble/edited.json: its board was deleted or left out, but the file was"
        assert kept in stderr
        assert "left alone, because compile did not write it: provisioning/dashboards/Hubble/own.json" in stderr
    assert {path.stem for path in folder.glob("*.json")} >= {"edited", "own"}
    assert not (folder / "gone.json").exists()
    assert run_here("compile", "--check").returncode == 0


def test_an_older_release_has_its_own_directory_and_lists_omissions(tmp_path: Path, run_here: RunHere) -> None:
    """`--cilium 1.16` writes to build/ and lists each omission with its reason."""
    result = run_here("compile", "--cilium", "1.16")
    assert result.returncode == 0
    assert (tmp_path / "build/cilium-1.16/dashboards/Cilium/cilium-agent.json").is_file()
    omissions = [line for line in result.stdout.splitlines() if line.startswith("left out on 1.16: ")]
    of_boards = sum(len(board.omissions) for board in compile_boards(RELEASES[0]))
    of_alerts = [omission.alert for omission in compile_rules(RELEASES[0]).omissions if omission.expr is None]
    assert len(omissions) == of_boards + len(of_alerts)
    for alert in of_alerts:
        assert any(line.startswith(f"left out on 1.16: alert {alert}: ") for line in omissions)
    assert any(
        "Fragments and MTU errors: panel: cilium_fragmented_count_total: cilium-agent has it" in line
        for line in omissions
    )


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("compile", "--cilium", "1.15"), 2, "is not one of 1.16, 1.17, 1.18, 1.19, 1.20"),
        (("compile", "--cilium", "newest"), 2, "Cilium release 'newest'"),
        (("compile", "--cilium", f"1.{'9' * 5000}"), 2, "Cilium release '1.999"),
        (("compile", "--check", "--out", "x" * 300), 2, "manifest: File name too long"),
        (("values", "--check-written", "x" * 300), 2, "xxx/cilium-1.16.yaml: File name too long"),
        (("upstream", "--boards", "x" * 300), 2, "xxx: File name too long"),
        (("compile", "--out", "file"), 2, "file"),
        (("show", "nosuch"), 2, "board 'nosuch': no board has this uid\n  known: cilium-agent"),
        (("outline", "nosuch.json"), 2, "nosuch.json: No such file or directory"),
        (("outline", "file"), 2, "file: is not JSON"),
        (("catalog", "cilium_drop_cuont_total"), 2, "cilium_drop_count_total"),
        (("nosuch",), 2, "No such command 'nosuch'"),
        (("deploy", "grafana"), 2, "GRAFANA_URL"),
    ],
)
def test_bad_input(tmp_path: Path, args: tuple[str, ...], code: int, message: str) -> None:
    """The exit code is right, the message names the input, and there is no traceback."""
    (tmp_path / "file").write_text("a file")
    result = run(*args, at=tmp_path)
    assert result.returncode == code
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert (tmp_path / "file").read_text() == "a file"


def test_debug_shows_the_traceback() -> None:
    """With --debug an error prints its traceback."""
    assert "Traceback" in run("--debug", "show", "nosuch").stderr


def test_outline_reads_standard_input() -> None:
    """`-` is any board from a pipe, and a uid is one of ours: the same text."""
    piped = run("outline", "-", stdin=run("show", "hubble-dns").stdout)
    assert piped.stdout == run("outline", "hubble-dns").stdout
    assert piped.stdout.startswith("board hubble-dns: Hubble / DNS\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    """The script of each shell calls this command."""
    assert "_CILIUM_DASHBOARDS_COMPLETE" in run("completion", shell).stdout
