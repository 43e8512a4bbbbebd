"""`lint` as a command."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import dashboards_py.cli.lint as lint_command
from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.compile import find
from dashboards_py.errors import DashboardsError, PartlyDone, ProblemsFound
from dashboards_py.lint._renamed import NEW_IDS
from tests.upstream.test_answers import write_board


def run(*args: str, catch: bool = False) -> Result:
    """Run the command; our errors are raised unless `catch` is set."""
    return CliRunner().invoke(cli, ["lint", *args], catch_exceptions=catch)


def test_ours_are_clean() -> None:
    """All boards, or one by its uid: exit 0 and a count."""
    assert re.search(r": 0 found, \d+ excused\n$", run().stdout)
    result = run("hubble-dns", "--cilium", "1.16")
    assert result.stdout.endswith("panels on Cilium 1.16: 0 found, 0 excused\n")
    assert result.stdout.count("\n") == 1


def test_a_file_with_faults(tmp_path: Path) -> None:
    """Each finding is printed with its panel and rule, or as JSON; exit 1."""
    path = str(write_board(tmp_path, "board.json", A="sum(", B="rate(cilium_bpf_map_pressure[$__range])"))
    with pytest.raises(ProblemsFound, match="3 found"):
        run(path)
    result = run(path, catch=True)
    assert f"{path} / A [invalid-promql]\n    query 'sum(': does not parse: unclosed" in result.stdout
    rows = json.loads(run(path, "--json", "--severity", "warning", catch=True).stdout)
    assert [row["rule"] for row in rows] == [
        "invalid-promql",
        "removed-panel-type",
        "rate-of-a-gauge",
        "removed-panel-type",
    ]
    assert {(row["file"], row["board"], row["excused"]) for row in rows} == {(path, "x", None)}


def test_excuses_are_printed() -> None:
    """They are printed with their reasons: as text after the findings, in JSON as a key of the row."""
    why = "started streams minus ended streams are the open ones"
    text = f"excused: hubble-relay / Open streams [counter-without-rate]: {why}\n"
    assert run("hubble-relay").stdout.startswith(text)
    assert {row["excused"] for row in json.loads(run("hubble-relay", "--json").stdout)} == {why}


@pytest.mark.parametrize(
    "wrap", [lambda board: {"dashboard": board}, lambda board: {"meta": {"slug": "x"}, "dashboard": board}]
)
def test_envelopes_of_the_api(tmp_path: Path, wrap: Callable[[dict[str, object]], dict[str, object]]) -> None:
    """A board in the form that Grafana's API returns is the same board."""
    plain = write_board(tmp_path, "board.json", A="sum(")
    wrapped = tmp_path / "wrapped.json"
    wrapped.write_text(json.dumps(wrap(json.loads(plain.read_text()))))
    result = [json.loads(run(str(path), "--json", catch=True).stdout) for path in (plain, wrapped)]
    assert [row["rule"] for row in result[1]] == [row["rule"] for row in result[0]] != []


def test_standard_input(tmp_path: Path) -> None:
    """`-` reads a board from standard input."""
    source = write_board(tmp_path, "board.json", A="sum(").read_bytes()
    result = CliRunner().invoke(cli, ["lint", "-"], input=source)
    assert "standard input / A [invalid-promql]" in result.stdout


def test_a_directory(tmp_path: Path) -> None:
    """All JSON files below it are checked; a directory without any is an error."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    with pytest.raises(DashboardsError, match=r"deep: is a directory without \*\.json"):
        run(str(tmp_path / "deep"))
    paths = [
        str(write_board(tmp_path, "one.json", A="sum(")),
        str(write_board(tmp_path / "deep" / "er", "two.json", A="sum(")),
    ]
    rows = json.loads(run(str(tmp_path), "--json", catch=True).stdout)
    assert {row["file"] for row in rows} == set(paths)


def test_some_files_are_not_boards(tmp_path: Path) -> None:
    """The others are checked; each invalid one is named with the reason; exit 4, or 2 if none is a board."""
    good = str(write_board(tmp_path, "good.json", A="sum("))
    new, text = tmp_path / "new.json", tmp_path / "text.json"
    new.write_text('{"apiVersion": "perses.dev/v1alpha2", "kind": "PersesDashboard", "spec": {}}')
    text.write_text("title: x")
    assert "good.json / A [invalid-promql]" in run(good, str(new), str(text), catch=True).stdout
    with pytest.raises(PartlyDone) as error:
        run(str(new), good, str(text), str(tmp_path / "gone.json"))
    message = str(error.value)
    assert "new.json: PersesDashboard: spec: has no layouts\n" in message
    assert "text.json: is not JSON" in message
    assert "gone.json: No such file or directory\n  give a file, a directory, a uid" in message
    with pytest.raises(DashboardsError, match=r"text\.json: is not JSON") as error_alone:
        run(str(text))
    assert error_alone.value.exit_code == 2


def test_explain() -> None:
    """--explain prints a rule's manual page, or all of them."""
    assert run("--explain", "rate-of-a-gauge").stdout.startswith("rate-of-a-gauge: `rate`")
    assert run("--explain", "all").stdout.count("\n\n") > 5
    with pytest.raises(DashboardsError, match="rule nonsense: no rule has this id\n  known: agent-namespace"):
        run("--explain", "nonsense")


@pytest.mark.parametrize(("old", "new"), NEW_IDS.items())
def test_old_rule_ids_are_accepted(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In --explain and in the excuses of a dashboard, with one line on stderr."""
    warning = f"warning: rule {old} is now called {new}; the old id is removed in the next version\n"
    page = run("--explain", old)
    assert (page.stdout, page.stderr) == (run("--explain", new).stdout, warning)
    compiled = replace(find("hubble-dns", NEWEST), excuses={1: {old: "why"}, 2: {old: "why"}})
    monkeypatch.setattr(lint_command, "our_board", lambda *_: compiled)
    assert run("hubble-dns").stderr == warning


def test_an_unknown_release() -> None:
    """The error lists the known releases."""
    result = run("--cilium", "1.15", catch=True)
    assert (result.exit_code, "Cilium release '1.15': is not one of 1.16, 1.17" in result.stderr) == (2, True)


def test_an_argument_that_is_neither_file_nor_board() -> None:
    """The error lists the known boards."""
    with pytest.raises(DashboardsError, match=r"board 'nonsense': no board has this uid\n  known: cilium-agent"):
        run("nonsense")


def test_an_argument_without_effect() -> None:
    """It is named as in the usage."""
    refused = run("--explain", "all", "board.json", catch=True)
    assert (refused.exit_code, "FILE|DIRECTORY|UID has no effect with --explain" in refused.stderr) == (2, True)


@pytest.mark.parametrize(("target", "reason"), [("link", "Too many levels"), ("nowhere", "No such file")])
def test_a_broken_link_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, reason: str) -> None:
    """A name without a suffix, too: the error is that of the file, not of an unknown uid."""
    monkeypatch.chdir(tmp_path)
    Path("link").symlink_to(target)
    with pytest.raises(DashboardsError, match=f"link: {reason}"):
        run("link")


@pytest.mark.fault("`panels: null` and a loop of links go unsaid")
def test_what_is_odd_is_reported(tmp_path: Path) -> None:
    """Of a directory, what is odd in a file is a warning, and a link back is an error that spares the other files."""
    (tmp_path / "b.json").write_text('{"title": "B", "panels": null}')
    (tmp_path / "again").symlink_to(tmp_path)
    result = run(str(tmp_path), catch=True)
    assert f"warning: {tmp_path}/b.json: panels is null, expected a list" in result.stderr
    assert isinstance(result.exception, PartlyDone)
    assert f"{tmp_path}/again: is a link back to a directory that was read already" in str(result.exception)
