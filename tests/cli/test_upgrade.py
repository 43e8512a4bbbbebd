"""`upgrade` as a command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards_py.catalog import NEWEST
from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError, ProblemsFound
from tests.upstream.test_answers import write_board
from tests.web.test_busy import server

REMOVED = "sum(cilium_operator_ipam_ips)"
RULES = f"groups: [{{name: a, rules: [{{alert: Ips, expr: {REMOVED}}}, {{alert: None, expr: absent({REMOVED})}}]}}]\n"


def run(*args: str) -> Result:
    """Run the command; our errors are in the result."""
    return CliRunner().invoke(cli, ["upgrade", *args])


def test_ours_survive() -> None:
    """Exit 0: nothing dies, and what needs the boards for the other release is named."""
    result = run("--from", "1.18")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"Cilium 1.18 to {NEWEST}: nothing dies (")
    assert "Use cilium_operator_k8s_client_api_calls_total." in result.stdout
    assert "What to deploy when" in result.stdout


def test_a_board_and_rules_that_die(tmp_path: Path) -> None:
    """The panel, the alerts and the reasons are named in each format; the error ends with exit code 1."""
    path, rules = write_board(tmp_path, "mine.json", **{"My | IPs": REMOVED}), tmp_path / "rules.yaml"
    rules.write_text(RULES)
    args = (str(path), "--from", "1.19", "--to", "1.20", "--rules", str(rules))
    text, markdown, listed = (run(*args, "--format", output) for output in ("text", "markdown", "json"))
    assert {type(result.exception) for result in (text, markdown, listed)} == {ProblemsFound}
    assert "Cilium 1.19 to 1.20: 1 panel goes empty, 2 alerts die (1 board, 2 rules)" in text.stdout
    assert f"      {path} / My | IPs\n" in text.stdout
    assert f"{rules} / alert Ips" in text.stdout
    assert "### Alerts that always fire, or never, whatever happens" in markdown.stdout
    assert "My \\| IPs" in markdown.stdout
    document = json.loads(listed.stdout)
    assert document["dies"]
    (board,) = document["boards"]
    assert (board["deploy"], board["same_json_works_on_both"], board["less_after"]) == ("change", False, ["My | IPs"])
    assert [change["effect"] for change in document["rules"][0]["changes"]] == ["empty", "constant"]
    assert json.loads(run(*args, "--json").stdout) == document
    (run_log,) = json.loads(run(*args, "--format", "sarif").stdout)["runs"]
    assert [(result["ruleId"], result["level"]) for result in run_log["results"]] == [
        ("upgrade-empty", "error"),
        ("upgrade-constant", "error"),
    ]
    assert run(*args, "--format", "github").stdout.startswith("::error title=upgrade-empty,file=")


def test_values(tmp_path: Path) -> None:
    """A value that is lost is fatal; with the values of the user only those are listed."""
    values = tmp_path / "mine.yaml"
    values.write_text("hubble: {relay: {dialTimeout: 5s}}\n")
    result = run("hubble-dns", "--from", "1.17", "--to", "1.18", "--values", str(values))
    assert isinstance(result.exception, ProblemsFound)
    assert "1 of your Helm values is lost" in result.stdout
    assert "hubble.relay.dialTimeout: removed in 1.18: the chart of 1.18 does not read it" in result.stdout
    assert "highScaleIPcache" not in result.stdout
    values.write_text("{}\n")
    assert run("hubble-dns", "--from", "1.17", "--to", "1.18", "--values", str(values)).exit_code == 0


def test_a_downgrade() -> None:
    """It is called one."""
    assert run("hubble-dns", "--from", "1.20", "--to", "1.19").stdout.startswith("Downgrade of Cilium 1.20 to 1.19: ")


@pytest.mark.parametrize(
    ("args", "part"),
    [
        ((), "--from"),
        (("--from", str(NEWEST)), "nothing changes"),
        (("--from", "1.15"), "1.16"),
        (("--from", "1.18", "--prometheus", "http://127.0.0.1:1"), "mutually exclusive"),
        (("--from", "1.18", "--json", "--format", "text"), "mutually exclusive"),
        (("--from", "1.18", "--prometheus-ca-file", "x"), "no effect"),
    ],
)
def test_usage(args: tuple[str, ...], part: str) -> None:
    """Exit 2 with a sentence that names the option."""
    result = run(*args)
    assert result.exit_code == 2
    assert part in result.stderr


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A directory without boards, no JSON, and no rules are errors; one bad file of several is reported at the end."""
    (tmp_path / "bad.json").write_text("{")
    for args in ((str(tmp_path / "bad.json"),), ("--rules", str(tmp_path / "bad.json")), (str(tmp_path / "none"),)):
        result = run("--from", "1.19", *args)
        assert isinstance(result.exception, DashboardsError)
        assert result.exception.exit_code == 2
    write_board(tmp_path, "good.json", A="cilium_version")
    result = run("--from", "1.19", str(tmp_path))
    assert getattr(result.exception, "exit_code", None) == 4
    assert "nothing dies (1 board)" in result.stdout


def answer(*versions: tuple[str, int]) -> bytes:
    """What Prometheus answers if agents run these versions."""
    rows = [{"metric": {"version": version}, "value": [1, str(count)]} for version, count in versions]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": rows}}).encode()


def test_what_runs_now() -> None:
    """The oldest release that agents run is compared, and a rollout is reported."""
    with server(200, answer(("1.20.1", 2), ("1.18.12 abc", 3)), "application/json") as url:
        result = run("hubble-dns", "--prometheus", url, "--to", "1.20")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Cilium 1.18 to 1.20: ")
    running = "Running now: 1.18.12 on 3 agents, 1.20.1 on 2 agents: a rollout is under way, compared is the oldest"
    assert running in result.stdout
    with server(200, answer(("1.20.1", 2)), "application/json") as url:
        assert "nothing dies" in run("hubble-dns", "--prometheus", url, "--to", "1.20").stdout


@pytest.mark.parametrize(
    ("versions", "part"), [([], "has no cilium_version"), ([("1.14.3", 2)], "1.14.3"), ([("", 2)], "is not one of")]
)
def test_what_runs_is_not_known(versions: list[tuple[str, int]], part: str) -> None:
    """An error that names it."""
    with server(200, answer(*versions), "application/json") as url:
        result = run("hubble-dns", "--prometheus", url)
    assert isinstance(result.exception, DashboardsError)
    assert part in str(result.exception)


@pytest.mark.fault("upgrade from an unknown release advises --cilium, which it does not have")
def test_the_advice_names_options_that_there_are() -> None:
    """Where the release is an option's, and where it is what the agents run."""
    option = run("--from", "1.14")
    assert (option.exit_code, "is not one of 1.16" in option.stderr, "--cilium" in option.stderr) == (2, True, False)
    with server(200, answer(("1.14.3", 2)), "application/json") as url:
        error = run("hubble-dns", "--prometheus", url).exception
    assert isinstance(error, DashboardsError)
    assert (error.remedy, error.fix) == (None, "state the nearest known release as the one that runs now")


@pytest.mark.fault("during a rollout panels are empty on one half of the nodes, whichever dashboard is deployed")
def test_boards_for_the_rollout(tmp_path: Path) -> None:
    """Boards that no JSON of one release suits are written into a new directory; one with files is refused."""
    args = ("--from", "1.18", "--to", "1.20", "--write", str(tmp_path / "rollout"))
    result = run(*args)
    assert result.exit_code == 0, result.output
    written = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "rollout").iterdir()}
    assert written.keys() == {board["uid"] for board in written.values()}
    assert f"{len(written)} boards for the rollout" in result.stderr
    assert "hubble-dns" not in written
    assert "(1.18)" in str(written)
    result = run(*args)
    assert isinstance(result.exception, DashboardsError)
    assert "is not empty" in str(result.exception)
    assert result.stdout == "", "refused before anything is done"


@pytest.mark.fault("boards for a rollout do not have the labels that the house renamed")
def test_boards_for_the_rollout_have_the_labels_of_the_house(tmp_path: Path) -> None:
    """Their queries and links are those of the boards that are deployed."""
    config, directory = tmp_path / "house.toml", tmp_path / "rollout"
    config.write_text('[labels]\nnode = "instance"\n')
    args = ("cilium-clustermesh", "--from", "1.18", "--to", "1.20", "--write", str(directory), "--config", str(config))
    result = run(*args)
    assert result.exit_code == 0, result.output
    text = (directory / "cilium-clustermesh.json").read_text()
    assert 'instance=~\\"$node\\"' in text
    assert '{node=~\\"$node\\"' not in text
