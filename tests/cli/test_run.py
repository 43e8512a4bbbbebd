"""A run as a process: --debug, closed and full output, Ctrl-C, bugs; the message and the exit code of each."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from dashboards_py.cli import cli
from dashboards_py.cli._run import run as run_program
from dashboards_py.errors import EXIT_CODES
from tests.cli.test_cli import ROOT, run
from tests.settings import settings_for

COMMAND = [sys.executable, "-c", "from dashboards_py.cli import main; main()"]
# Every command with arguments that make it print; those that use a cluster, Grafana or the internet print their help.
PRINTING = (
    "--help",
    "--version",
    "catalog cilium_drop_count_total",
    "catalog --json cilium_drop_count_total",
    "compile --check",
    "compile --cilium 1.16 --check",
    "completion bash",
    "deploy files --dry-run",
    "dev --help",
    "diff cilium-agent cilium-bgp",
    "doctor --explain all",
    "drift files",
    "keep",
    "lint",
    "lint --explain all",
    "list",
    "list --json",
    "outline cilium-agent",
    "preview --demo=list",
    "show cilium-agent",
    "upgrade --from 1.18",
    "upgrade --from 1.18 --json",
    "upstream",
    "values",
    "values stack",
    "cluster plan --help",
    "deploy grafana --help",
    "upstream fetch --help",
)


def commands(
    command: click.Command = cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command and group, with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            subcommand = command.get_command(context, name)
            assert subcommand is not None
            yield from commands(subcommand, (*path, name))


def test_every_command_is_tried() -> None:
    """A new command needs a line in PRINTING."""
    called = {line.partition(" -")[0] for line in PRINTING}
    single = {" ".join(path) for path, command in commands() if not isinstance(command, click.Group) and len(path) == 1}
    assert single <= {line.split()[0] for line in called}


@pytest.mark.fault("--debug turns exit codes 2 and 3 into 1")
@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["show", "nosuch"], 2),
        (["outline", "nosuch.json"], 2),
        (["show", "cilium-agent", "--cilium", "1.15"], 2),
    ],
)
def test_debug_keeps_the_exit_code_in_any_position(args: list[str], code: int) -> None:
    """Before or after the command it adds a traceback, and keeps the message and the exit code."""
    plain = run(*args)
    assert plain.returncode == code
    assert "Traceback" not in plain.stderr
    for debugged in (run("--debug", *args), run(*args, "--debug")):
        assert debugged.returncode == code
        assert debugged.stderr.startswith("Traceback")
        assert debugged.stderr.endswith(plain.stderr)


@pytest.mark.fault("--debug is found inside another option's value")
def test_debug_within_a_value_is_not_the_option(tmp_path: Path) -> None:
    """`--debug` as the value of an option, or after `--`, is not the option."""
    for args in (
        ["compile", "--check", "--out=--debug"],
        ["catalog", "--cilium", "--debug", "x"],
        ["show", "--", "--debug"],
    ):
        result = run(*args, at=tmp_path)
        assert result.returncode in (1, 2)
        assert "Traceback" not in result.stderr, args


@pytest.mark.fault("--debug does not show what caused an error")
def test_debug_shows_the_causes(tmp_path: Path) -> None:
    """The original error of Python, YAML or the system is printed above the error that it caused."""
    (tmp_path / "bad.yaml").write_text("a: [")
    for args, cause in (
        (["outline", "nosuch.json"], "FileNotFoundError"),
        (["lint", "nosuch.json"], "FileNotFoundError"),
        (["values", "--check", "bad.yaml"], "yaml"),
        (["values", "--set", "a"], "_Invalid"),
    ):
        result = run(*args, "--debug", at=tmp_path)
        assert cause in result.stderr.partition("direct cause")[0], result.stderr


@pytest.mark.fault("--debug does not show what caused an error")
def test_no_cause_is_cut_off() -> None:
    """There is no `raise ... from None`, which hides the cause from --debug."""
    files = sorted((ROOT / "dashboards_py").rglob("*.py"))
    assert ROOT / "dashboards_py" / "web" / "address.py" in files
    assert [str(file) for file in files if re.search(r"\bfrom None\b", file.read_text())] == []


def test_every_command_takes_debug() -> None:
    """All groups and commands, at every depth, have the option."""
    assert [path for path, command in commands() if not any(param.name == "debug" for param in command.params)] == []


@pytest.mark.fault("a pipe that is closed early prints a traceback")
@pytest.mark.parametrize("line", PRINTING)
def test_a_closed_pipe(line: str) -> None:
    """A reader such as `head -1` ends early: no error on stderr, and the exit code of SIGPIPE."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        completed = subprocess.run(
            [*COMMAND, *line.split()],
            cwd=ROOT,
            stdout=closed,
            stderr=subprocess.PIPE,
            env=os.environ | settings_for(line),
            check=False,
        )
    assert completed.returncode == 128 + signal.SIGPIPE
    assert not re.search(rb"Traceback|rror|Broken|Exception", completed.stderr)


@pytest.mark.fault("full output prints a traceback")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full: a device of Linux")
@pytest.mark.parametrize("line", {line.split()[0]: line for line in reversed(PRINTING)}.values())
def test_a_full_device(line: str) -> None:
    """The reason is printed in one line, with exit 2: of each command, which all print in the same way."""
    with Path("/dev/full").open("wb") as full:
        completed = subprocess.run(
            [*COMMAND, *line.split()],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            env=os.environ | settings_for(line),
            check=False,
        )
    assert completed.returncode == 2
    assert completed.stderr.splitlines()[-1] == b"Error: standard output: No space left on device"
    assert b"Traceback" not in completed.stderr


@pytest.mark.fault("standard output is closed: exit 0, though nothing was written")
@pytest.mark.parametrize(
    ("closed", "args", "code", "stderr"),
    [
        (1, ["list"], 2, b"Error: standard output: is closed\n"),
        (2, ["list"], 0, b""),
        (2, ["show", "nosuch"], 2, b""),
        (1, [], 2, b"Error: standard output: is closed\n"),
    ],
    ids=["output", "errors", "errors of a failure", "completions"],
)
def test_streams_that_are_closed_at_start(closed: int, args: list[str], code: int, stderr: bytes) -> None:
    """Without standard output a command fails before it does anything; `2>&-` does not change the exit code."""
    command = " ".join(f"'{word}'" for word in [*COMMAND, *args])
    env = os.environ if args else os.environ | {"_CILIUM_DASHBOARDS_COMPLETE": "bash_source"}
    completed = subprocess.run(["sh", "-c", f"{command} {closed}>&-"], cwd=ROOT, capture_output=True, env=env)
    assert (completed.returncode, completed.stderr) == (code, stderr)


@pytest.mark.fault("Ctrl-C exits 1, which means problems found")
def test_ctrl_c() -> None:
    """Exit 130 and one word, without a traceback."""
    # In a background job of a shell the signal is ignored.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from dashboards_py.cli import main; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "outline", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        status = Path(f"/proc/{process.pid}/wchan")
        until = 200
        while until and "pipe" not in (status.read_text() if status.exists() else "pipe"):
            until -= 1
            signal.sigtimedwait([], 0.05)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert stderr.strip() == "interrupted"


@pytest.mark.fault("Ctrl-C exits 1, which means problems found")
def test_ctrl_c_while_the_program_starts() -> None:
    """Exit 130 without a word, in any import of the command line, whose installed program is this function."""
    (program,) = entry_points(group="console_scripts", name="cilium-dashboards")
    code = f"""
import os, signal, sys

class Interrupt:
    def find_spec(self, name, *_):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt())
signal.signal(signal.SIGINT, signal.default_int_handler)
from {program.module} import {program.attr}
{program.attr}()
"""
    for module in ("dashboards_py.cli", "uuid"):  # the second is imported where Python makes a class
        command = [sys.executable, "-c", code, module, "--version"]
        completed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (completed.returncode, completed.stdout, completed.stderr) == (130, "", ""), module


def test_ctrl_c_that_python_wraps(capsys: pytest.CaptureFixture[str]) -> None:
    """An interrupt while a class is made arrives as the cause of another error, and is an interrupt all the same."""

    @click.group()
    def program() -> None:
        class Interrupting:
            def __set_name__(self, *_: object) -> None:
                raise KeyboardInterrupt

        try:
            type("Interrupted", (), {"field": Interrupting()})
        except KeyboardInterrupt as error:  # from Python 3.12 on it is not wrapped
            raise RuntimeError("Error calling __set_name__") from error

    program.command("it")(lambda: None)
    assert run_program(program, ["it"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


@pytest.mark.fault("a crash exits 1, which means problems found")
def test_file_errors_are_not_bugs() -> None:
    """In any command: the file, the reason and exit 2; --debug shows the traceback."""
    code = (
        "import dashboards_py.cli.list as it; from dashboards_py.cli import main\n"
        "it.command.callback = lambda **_: open('/dev/null/x')\nmain()"
    )
    command = [sys.executable, "-c", code, "list"]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (completed.returncode, completed.stderr) == (2, "Error: /dev/null/x: Not a directory\n")
    assert "Traceback" in subprocess.run([*command, "--debug"], capture_output=True, text=True, check=False).stderr


@pytest.mark.fault("a crash exits 1, which means problems found")
def test_a_bug_is_not_a_finding() -> None:
    """A bug has a separate exit code, and prints the traceback and that it is a bug."""
    code = (
        "import dashboards_py.cli.list as it; from dashboards_py.cli import main\n"
        "it.command.callback = lambda **_: 1 / 0\nmain()"
    )
    completed = subprocess.run([sys.executable, "-c", code, "list"], capture_output=True, text=True, check=False)
    assert completed.returncode == 70
    assert "ZeroDivisionError" in completed.stderr
    assert completed.stderr.splitlines()[-1].startswith("Error: this is a bug of cilium-dashboards")


def test_the_exit_codes_are_listed() -> None:
    """--help lists each with its meaning."""
    help_text = " ".join(run("--help").stdout.split())
    assert all(f"{code} {meaning}" in help_text for code, meaning in EXIT_CODES.items())


@pytest.mark.fault("the one-line help of a command is cut off")
def test_summaries_of_commands_fit() -> None:
    """At 80 columns no summary of a command is truncated."""
    for path, command in commands():
        if isinstance(command, click.Group):
            help_text = run(*path, "--help").stdout
            assert "..." not in help_text.partition("Commands:")[2], path
            assert max(map(len, help_text.splitlines())) <= 90, path
