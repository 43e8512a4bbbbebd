"""`values` as a command, and the committed files with its output."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.cli import cli
from dashboards_py.compile import compile_boards
from dashboards_py.configuration import Configuration
from dashboards_py.doctor import cause_ids
from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.need import Need
from dashboards_py.needs import needs_of
from tests.settings import COMMITTED_SETTINGS, VARIABLE

COMMITTED = Path(__file__).parents[2] / "cluster-setup" / "values"
FILES = len(RELEASES) + 1  # and one for the stack


def run(*args: str) -> Result:
    """Run the command; our errors are raised."""
    return CliRunner().invoke(cli, ["values", *args], catch_exceptions=False)


@pytest.fixture
def _committed_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the checkout, with which cluster-setup/values is written."""
    monkeypatch.setenv(VARIABLE, COMMITTED_SETTINGS)


@pytest.mark.usefixtures("_committed_settings")
def test_the_files_have_its_output() -> None:
    """cluster-setup/values has the output for every release and for the stack; `make values` writes it."""
    printed = {f"cilium-{release}.yaml": run("cilium", "--cilium", str(release)).stdout for release in RELEASES}
    printed["stack.yaml"] = run("stack").stdout
    assert {path.name: path.read_text() for path in COMMITTED.iterdir()} == printed


EMPTIED = pytest.mark.fault("`make values` empties committed files on an error and exits 0")


def contents(directory: Path) -> dict[str, bytes]:
    """Every file of a directory by name, hidden ones too."""
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


@EMPTIED
@pytest.mark.usefixtures("_committed_settings")
def test_all_files_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in the boards of the last release leaves every file unchanged, and the exit code is not 0."""
    shutil.copytree(COMMITTED, tmp_path, dirs_exist_ok=True)
    (tmp_path / "cilium-1.16.yaml").write_bytes((COMMITTED / "cilium-1.16.yaml").read_bytes() + b"# older\n")
    before = contents(tmp_path)

    def broken(release: Release, _: Configuration) -> Sequence[Need]:
        if release == NEWEST:
            raise DashboardsError("board cilium-agent", cause="does not compile")
        return needs_of([read(board.json) for board in compile_boards(release)], release)

    with monkeypatch.context() as patched:
        patched.setattr("dashboards_py.cli._our_readings.our_needs", broken)
        with pytest.raises(DashboardsError, match="does not compile") as error:
            run("--write", str(tmp_path))
    assert error.value.exit_code == 2
    assert contents(tmp_path) == before
    assert run("--write", str(tmp_path)).stdout == f"{tmp_path}: {FILES} files, 1 written\n"
    assert contents(tmp_path) == contents(COMMITTED)
    assert run("--write", str(tmp_path)).stdout == f"{tmp_path}: {FILES} files, 0 written\n"


@EMPTIED
def test_make_values_fails_and_leaves_the_files(tmp_path: Path) -> None:
    """If the command fails, so does make, and no file was emptied by a shell."""
    shutil.copy(COMMITTED.parents[1] / "Makefile", tmp_path)
    shutil.copytree(COMMITTED, tmp_path / "cluster-setup" / "values")
    command = tmp_path / "bin" / "cilium-dashboards"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\necho half\nexit 2\n")
    command.chmod(0o755)
    make = ["make", "--old-file=.venv/installed", f"BIN={command.parent}", "values"]
    result = subprocess.run(make, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert contents(tmp_path / "cluster-setup" / "values") == contents(COMMITTED)


@EMPTIED
def test_no_recipe_redirects_into_a_file() -> None:
    """No recipe of the Makefile has a `>`: a shell empties the file before the command runs."""
    recipes = [line for line in (COMMITTED.parents[1] / "Makefile").read_text().splitlines() if line.startswith("\t")]
    assert recipes
    assert [line for line in recipes if re.search(r"(?<![0-9&=<-])>{1,2}(?!=|&|\s*/dev/null)", line)] == []


@EMPTIED
def test_a_failed_write_restores_earlier_files(tmp_path: Path) -> None:
    """The error names a directory where a file belongs; files written before it have their old content again."""
    (tmp_path / "stack.yaml").mkdir()
    (tmp_path / "cilium-1.20.yaml").write_text("# Printed by `cilium-dashboards values cilium`: old\n")
    before = contents(tmp_path)
    with pytest.raises(DashboardsError, match=r"stack.yaml: Is a directory \(no file was changed\)"):
        run("--write", str(tmp_path))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("below", ["", "/values"])
def test_a_file_for_a_directory(below: str) -> None:
    """The error names it, says what it is and what to do."""
    with pytest.raises(DashboardsError, match=r"^/dev/null: is a file, not a directory\n  name another directory"):
        run("--write", f"/dev/null{below}")


def test_a_foreign_file_is_not_overwritten(tmp_path: Path) -> None:
    """The error names a file with our name that `values` did not write, and nothing is written."""
    (tmp_path / "stack.yaml").write_text("grafana: {adminPassword: mine}\n")
    with pytest.raises(ProblemsFound, match=r"stack.yaml would be overwritten"):
        run("--write", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["stack.yaml"]


@pytest.mark.usefixtures("_committed_settings")
def test_check_written_names_what_write_would_change(tmp_path: Path) -> None:
    """--check-written accepts the committed files, and names one that differs and one that is missing."""
    assert run("--check-written", str(COMMITTED)).exit_code == 0
    shutil.copytree(COMMITTED, tmp_path, dirs_exist_ok=True)
    (tmp_path / "stack.yaml").unlink()
    (tmp_path / "cilium-1.17.yaml").write_text("")
    with pytest.raises(ProblemsFound, match=r"not what the boards need: cilium-1.17.yaml, stack.yaml\n.*make values"):
        run("--check-written", str(tmp_path))


@pytest.mark.parametrize(
    ("args", "option"),
    [
        (("--write", "out", "--cilium", "1.18"), "leave out --cilium"),
        (("--write", "out", "--board", "hubble-dns"), "leave out --board"),
        (("stack", "--check-written", "out"), "leave out chart"),
        (("--write", "out", "--check-written", "out"), "mutually exclusive"),
    ],
)
def test_options_that_write_refuses(tmp_path: Path, args: tuple[str, ...], option: str) -> None:
    """The files are for all boards and releases: options that choose among these are usage errors."""
    result = CliRunner().invoke(cli, ["values", *(str(tmp_path) if word == "out" else word for word in args)])
    assert result.exit_code == 2
    assert option in result.stderr
    assert not list(tmp_path.iterdir())


def test_every_line_names_a_panel() -> None:
    """Each value is followed by a board and a panel that need it."""
    lines = [line for line in run().stdout.splitlines() if not line.startswith("#")]
    assert all("  # " in line and " / " in line for line in lines if not line.rstrip().endswith(":"))


def test_check_reports_empty_panels(tmp_path: Path) -> None:
    """Gaps are grouped by reason and counted, or printed as JSON; exit 1."""
    path = tmp_path / "mine.yaml"
    path.write_text("prometheus: {enabled: true, serviceMonitor: {enabled: true, labels: {release: prometheus}}}\n")
    with pytest.raises(ProblemsFound, match=r"\d+ panels lack something\n.*--merge-with"):
        run("--check", str(path), "--board", "hubble-dns")
    result = CliRunner().invoke(cli, ["values", "--check", str(path), "--board", "hubble-dns", "--json"])
    rows = json.loads(result.stdout)
    assert {row["board"] for row in rows} == {"hubble-dns"}
    assert {(row["gap"], row["lack"]) for row in rows} == {("empty", "empty")}
    assert "`lack` is now `gap`" in result.stderr
    assert rows[0]["why"] == [
        "hubble.metrics.enabled does not list dns",
        "hubble.metrics.serviceMonitor.enabled is not true",
    ]
    assert rows[0]["causes"] == ["handler-off", "missing-monitor"]


@pytest.mark.fault("values --check and doctor have different words for the same cause")
def test_causes_are_those_of_doctor(tmp_path: Path) -> None:
    """Each reason ends with the id of a page that `doctor --explain` prints."""
    path = tmp_path / "mine.yaml"
    hubble = {"metrics": {"enabled": ["dns"], "serviceMonitor": {"enabled": True}}}
    path.write_text(json.dumps({"prometheus": {"metrics": ["-cilium_drop_count_total"]}, "hubble": hubble}))
    lines = CliRunner().invoke(cli, ["values", "--check", str(path)]).stdout.splitlines()
    named = {cause for line in lines if not line.startswith(" ") for cause in re.findall(r"\[([a-z-]+)\]", line)}
    assert named > {"handler-off", "missing-monitor", "missing-context"}
    assert named <= set(cause_ids())


def test_helm_flags_are_checked() -> None:
    """Helm flags copied from a guide are checked; commas without a backslash are reported."""
    flags = ["prometheus.enabled=true", "hubble.metrics.enabled={dns,httpV2:labelsContext=source_ip,source_namespace}"]
    result = CliRunner().invoke(cli, ["values", "--set", flags[0], "--set", flags[1]])
    assert "'source_namespace' is not a Hubble handler" in result.stderr
    assert "in --set the commas of labelsContext need a backslash" in result.stderr
    assert "hubble.metrics.serviceMonitor.enabled is not true" in result.stdout


def test_flags_change_a_list_of_the_file(tmp_path: Path) -> None:
    """An index, --set-json and --set-string act on the values of --check, in Helm's order."""
    path = tmp_path / "mine.yaml"
    path.write_text(
        "hubble: {metrics: {serviceMonitor: {enabled: true, labels: {release: x}}, enabled: [drop, tcp]}}\n"
    )
    board = ["--board", "hubble-dns", "--release", "x", "--json"]
    command = ["values", "--check", str(path), *board, "--set", "hubble.metrics.enabled[0]=dns:query"]
    rows = json.loads(CliRunner().invoke(cli, command).stdout)
    assert {why for row in rows for why in row["why"] if "name dns" in why} == set()
    command += [
        "--set-json",
        'hubble.metrics.enabled=["drop"]',
        "--set-string",
        "hubble.metrics.serviceMonitor.enabled=true",
    ]
    rows = json.loads(CliRunner().invoke(cli, command).stdout)
    assert {why for row in rows for why in row["why"] if why.startswith("hubble.metrics.serviceMonitor")} == {
        "hubble.metrics.serviceMonitor.enabled is not true"
    }


def test_merged_values_are_sufficient(tmp_path: Path) -> None:
    """The output of --merge-with includes the user's handlers, and needs nothing more."""
    user_file, more = tmp_path / "mine.yaml", tmp_path / "more.yaml"
    user_file.write_text("hubble: {metrics: {enabled: ['dns:ignoreAAAA', kafka]}}\n")
    more.write_text(run("--merge-with", str(user_file)).stdout)
    assert "- dns:ignoreAAAA;query;labelsContext=" in more.read_text()
    assert "- kafka\n" in more.read_text()
    assert run("--check", str(more)).exit_code == 0
    assert run("--merge-with", str(more)).stdout == "# more.yaml has all that the boards need.\n"


def test_conflicts_are_reported_after_the_values(tmp_path: Path) -> None:
    """A value that cannot be merged gives exit 1, after the values are printed."""
    user_file = tmp_path / "mine.yaml"
    user_file.write_text("prometheus: {serviceMonitor: {labels: {release: other}}}\n")
    with pytest.raises(ProblemsFound, match=r"1 value in .*mine\.yaml conflicts with the boards"):
        run("--merge-with", str(user_file))


def test_any_board(tmp_path: Path) -> None:
    """A board's JSON gives values for that board only."""
    path = tmp_path / "board.json"
    panel = {"title": "P", "type": "stat", "targets": [{"expr": "cilium_bpf_map_pressure"}]}
    path.write_text(json.dumps({"title": "x", "schemaVersion": 41, "panels": [panel]}))
    output = run("--board", str(path)).stdout
    assert "prometheus:\n  enabled: true" in output
    assert "hubble" not in output


@pytest.mark.parametrize(
    ("content", "why"),
    [("[]", "holds a list"), ("a: [", "is not YAML"), ("hubble: {metrics: {enabled: dns}}", "is not a list")],
)
def test_bad_values(tmp_path: Path, content: str, why: str) -> None:
    """The error names the cause."""
    path = tmp_path / "mine.yaml"
    path.write_text(content)
    for flag in ("--check", "--merge-with"):
        with pytest.raises(DashboardsError, match=why):
            run(flag, str(path))


def test_a_missing_file(tmp_path: Path) -> None:
    """The error names the cause; a directory is not accepted as a file."""
    with pytest.raises(DashboardsError, match="No such file"):
        run("--check", str(tmp_path / "none.yaml"))
    with pytest.raises(DashboardsError, match="is a directory without"):
        run("--check", str(tmp_path))
