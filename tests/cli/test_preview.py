"""`preview`: boards as pictures."""

import json
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from dashboards_py.board import read
from dashboards_py.cli import _preview, _preview_source, cli
from dashboards_py.errors import DashboardsError
from dashboards_py.preview.picture import Picture
from tests.preview.svg import TEXT, texts

PATIENCE = 60  # seconds after which a test fails instead of waiting
STAT = {"id": 1, "type": "stat", "title": "Agents", "targets": [{"refId": "A", "expr": "vector(42)"}]}


def preview(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["preview", *arguments])


def board_file(at: Path, *panels: dict[str, Any], **fields: Any) -> Path:
    """A file with a board of these panels."""
    path = at / "board.json"
    path.write_text(json.dumps({"uid": "b", "title": "Mine", "schemaVersion": 41, "panels": panels, **fields}))
    return path


def test_a_board_becomes_a_picture_with_a_page(tmp_path: Path) -> None:
    """PNG by default; the same bytes each time."""
    file, out = board_file(tmp_path, STAT), tmp_path / "out"
    result = preview("--demo", "--out", str(out), str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.split() == [str(out / "board.png"), str(out / "index.html")]
    first = (out / "board.png").read_bytes()
    assert first.startswith(b"\x89PNG")
    assert preview("--demo", "--out", str(out), str(file)).exit_code == 0
    assert (out / "board.png").read_bytes() == first
    assert "Mine" in (out / "index.html").read_text()


def test_the_numbers_in_a_picture_are_those_of_the_query(tmp_path: Path) -> None:
    """As texts of the SVG."""
    file, out = board_file(tmp_path, STAT), tmp_path / "out"
    assert preview("--demo", "--format", "svg", "--out", str(out), str(file)).exit_code == 0
    drawn = texts((out / "board.svg").read_text())
    assert drawn["title"] == ["Agents"]
    assert drawn["value"] == ["42"]


def test_what_is_not_drawn_is_named_in_the_panel_and_on_stderr(tmp_path: Path) -> None:
    """A type of panel, a query that fails; the exit code says that the picture is not complete."""
    unknown = {"id": 2, "type": "nodeGraph", "title": "Graph"}
    broken = {"id": 3, "type": "stat", "title": "Broken", "targets": [{"refId": "A", "expr": "sum(("}]}
    file, out = board_file(tmp_path, STAT, unknown, broken), tmp_path / "out"
    result = preview("--demo", "--format", "svg", "--out", str(out), str(file))
    assert isinstance(result.exception, DashboardsError)
    assert f"not drawn: {file} / Graph: nodeGraph: this type of panel is not drawn" in result.stderr
    assert f"not drawn: {file} / Broken: query A: " in result.stderr
    problems = texts((out / "board.svg").read_text())["problem"]
    assert problems[0] == "nodeGraph: this type of panel is not drawn"
    assert problems[1].startswith("query A: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--demo=dns"], "did you mean dns-drop?", id="the beginning of a scene"),
        pytest.param(["--demo=node-downs"], "did you mean node-down?", id="nearly a scene"),
        pytest.param(["--demo", "--against=0123456789"], "at 0123456789", id="no revision"),
        pytest.param(["--demo=nowhere"], "known: ", id="an unknown scene"),
        pytest.param(["--demo", "--var", "nowhere=1"], "is not a variable of any of these boards", id="a variable"),
        pytest.param(["--demo", "--from", "now", "--to", "now-1h"], "does not end after it begins", id="a range"),
        pytest.param(["--demo", "--from", "now", "--to", "now"], "does not end after it begins", id="an empty range"),
        pytest.param(["--demo", "--from", "soon"], "is not a time", id="a time"),
        pytest.param([], "give --prometheus URL, or --demo", id="no source"),
        pytest.param(["--prometheus", "http://127.0.0.1:1"], "cannot be reached", id="no Prometheus there"),
        pytest.param(["--demo", "--against=--output=x"], "is not one", id="an option for git"),
        pytest.param(["--demo", "--against=HEAD"], "at HEAD", id="no repository"),
    ],
)
def test_bad_input_is_one_error_and_nothing_is_written(tmp_path: Path, arguments: list[str], message: str) -> None:
    """It names the thing and what to do."""
    file, out = board_file(tmp_path, STAT), tmp_path / "out"
    result = preview(*arguments, "--out", str(out), str(file))
    assert isinstance(result.exception, DashboardsError), result.output
    assert message in str(result.exception)
    assert not list(out.glob("*.png"))


@pytest.mark.fault("a broken time range of one board ends the run over all of them")
@pytest.mark.parametrize(
    ("saved", "sentence"),
    [
        ({"from": "soon", "to": "now"}, "its time 'soon' is not a time: now-6h to now is drawn"),
        ({"from": "now-1h", "to": 7}, "its time '7' is not a time: now-6h to now is drawn"),
        (
            {"from": "now", "to": "now-1h"},
            "its range now to now-1h does not end after it begins: now-6h to now is drawn",
        ),
    ],
)
def test_a_broken_time_range_of_a_board_is_named_and_the_others_are_drawn(
    tmp_path: Path, saved: dict[str, object], sentence: str
) -> None:
    """In the picture and on stderr; the exit code says that something is missing."""
    broken, out = board_file(tmp_path, STAT, time=saved), tmp_path / "out"
    (tmp_path / "fine").mkdir()
    fine = board_file(tmp_path / "fine", STAT)
    result = preview("--demo", "--format", "svg", "--out", str(out), str(broken), str(fine))
    assert isinstance(result.exception, DashboardsError)
    assert result.stderr == f"not drawn: {broken}: {sentence}\n"
    assert texts((out / "board.svg").read_text())["problem"] == [sentence]
    assert texts((out / "board-2.svg").read_text())["value"] == ["42"]


def test_a_range_of_the_options_is_taken_in_place_of_a_broken_one(tmp_path: Path) -> None:
    """The board's own is not read then."""
    file, out = board_file(tmp_path, STAT, time={"from": "soon", "to": "later"}), tmp_path / "out"
    result = preview("--demo", "--from", "now-1h", "--to", "now", "--out", str(out), str(file))
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.fault("an error about --prometheus names PROMETHEUS_URL, which is not set")
@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "ftp://x", "http://127.0.0.1:1/?a=b"])
def test_an_error_about_the_address_names_the_option_that_gave_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """Or the environment variable."""
    file, out = board_file(tmp_path, STAT), tmp_path / "out"
    by_option = preview("--prometheus", url, "--out", str(out), str(file))
    assert "--prometheus" in str(by_option.exception)
    assert "PROMETHEUS_URL" not in str(by_option.exception)
    monkeypatch.setenv("PROMETHEUS_URL", url)
    by_environment = preview("--out", str(out), str(file))
    assert "PROMETHEUS_URL" in str(by_environment.exception)


def test_scenes_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the option that takes them; nothing is drawn."""
    monkeypatch.chdir(tmp_path)
    assert "healthy" in preview("--demo=list").output.splitlines()
    assert list(tmp_path.iterdir()) == []


def test_a_uid_after_demo_is_a_board(tmp_path: Path) -> None:
    """The scene may be left out, also in front of a board."""
    out = tmp_path / "out"
    assert preview("--out", str(out), "--demo", "hubble-relay").exit_code == 0
    assert [path.name for path in out.glob("*.png")] == ["hubble-relay.png"]


def test_only_changed_panels_are_compared_with_a_revision(tmp_path: Path) -> None:
    """Before beside after, with what changed."""
    other = {**STAT, "id": 2, "title": "Nodes"}
    file, out = board_file(tmp_path, STAT, other), tmp_path / "out"
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (["init", "-q"], ["add", "board.json"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *arguments], check=True)
    result = preview("--demo", "--against", "HEAD", "--out", str(out), str(file))
    assert "unchanged since HEAD" in result.stderr
    board_file(tmp_path, STAT, {**other, "targets": [{"refId": "A", "expr": "vector(7)"}]})
    assert preview("--demo", "--against", "HEAD", "--format", "svg", "--out", str(out), str(file)).exit_code == 0
    drawn = texts((out / "board.svg").read_text())
    assert drawn["value"] == ["42", "7"]
    assert drawn["change"] == ["query A: number 42 -> 7", "- vector(42)", "+ vector(7)"]


@pytest.mark.fault("preview --against ends with an error at a board that was not there yet")
def test_panels_of_a_board_that_a_revision_lacks_are_new(tmp_path: Path) -> None:
    """Each of them; the other boards are drawn as well."""
    file, out = board_file(tmp_path, STAT), tmp_path / "out"
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "one"]):
        subprocess.run([*git, *arguments], check=True)
    assert preview("--demo", "--against", "HEAD", "--format", "svg", "--out", str(out), str(file)).exit_code == 0
    drawn = texts((out / "board.svg").read_text())
    assert (drawn["value"], drawn["change"]) == (["42"], ["new panel"])


@pytest.mark.fault("a Prometheus that fails in the middle of a run is named once for each panel")
@pytest.mark.parametrize(("count", "lines"), [(3, 3), (9, 1)])
def test_one_failure_of_many_panels_is_one_line(tmp_path: Path, count: int, lines: int) -> None:
    """With how many queries it was; each panel has it in its box."""
    panels = [{**STAT, "id": number, "targets": [{"refId": "A", "expr": "sum(("}]} for number in range(1, count + 1)]
    file, out = board_file(tmp_path, *panels), tmp_path / "out"
    result = preview("--demo", "--format", "svg", "--out", str(out), str(file))
    assert len(result.stderr.splitlines()) == lines
    assert lines == count or f"{count} queries, such as in Agents: " in result.stderr
    assert len(texts((out / "board.svg").read_text())["problem"]) == count


@pytest.mark.fault("what Prometheus says of an answer beside warnings, such as of a rate of no counter, is dropped")
def test_what_prometheus_says_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for all remarks of a kind; the picture is complete."""

    def ask(_path: str, params: Mapping[str, str]) -> Any:
        infos = [f'metric might not be a counter: "{name}" (1:{len(name)})' for name in ("a", "bc")]
        return {"resultType": "vector", "result": [], "infos": infos if "42" in params["query"] else []}

    monkeypatch.setattr(_preview_source, "prometheus_at", lambda *_: ask)
    panels = [{**STAT, "id": number, "title": f"P{number}"} for number in range(3)]
    sentence = 'metric might not be a counter: "a" (1:1) (and 5 more such remarks)'
    result = preview("--prometheus", "http://x", "--out", str(tmp_path / "out"), str(board_file(tmp_path, *panels)))
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [f"note: {tmp_path / 'board.json'} / P0: Prometheus says: {sentence}"],
    )


@pytest.mark.fault("a panel has an error for a moment in which the server limits requests")
@pytest.mark.parametrize(("refusals", "code"), [(2, 0), (3, 1)])
def test_a_request_that_is_refused_for_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int, code: int
) -> None:
    """It is sent again, two times, after pauses."""
    left = [refusals]

    def ask(_path: str, params: Mapping[str, str]) -> Any:
        if "42" in params["query"] and left[0]:
            left[0] -= 1
            raise DashboardsError("Prometheus", cause="Too Many Requests", status=429)
        return {"resultType": "vector", "result": []}

    monkeypatch.setattr(_preview_source, "prometheus_at", lambda *_: ask)
    monkeypatch.setattr("dashboards_py.prometheus.patience.PAUSES", (0, 0))
    result = preview("--prometheus", "http://x", "--out", str(tmp_path / "out"), str(board_file(tmp_path, STAT)))
    assert (result.exit_code, left) == (code, [0])
    assert ("Too Many Requests" in result.stderr) == bool(code)


@pytest.mark.fault("a board's time zone is ignored without a word")
@pytest.mark.parametrize(
    ("zone", "notes"),
    [("Mars/North", ["its times are in UTC: 'Mars/North' is not known as a time zone"]), ("browser", []), ("utc", [])],
)
def test_a_time_zone_that_is_not_drawn_is_named(tmp_path: Path, zone: str, notes: list[str]) -> None:
    """Above the panels and on stderr."""
    file, out = board_file(tmp_path, STAT, timezone=zone), tmp_path / "out"
    result = preview("--demo", "--format", "svg", "--out", str(out), str(file))
    assert texts((out / "board.svg").read_text()).get("problem", []) == notes
    assert all(note in result.stderr for note in notes)


def test_a_second_run_into_a_directory_keeps_the_first_on_the_page(tmp_path: Path) -> None:
    """And its pictures."""
    out = tmp_path / "out"
    for uid in ("hubble-relay", "cilium-bgp"):
        assert preview("--demo", "--format", "svg", "--out", str(out), uid).exit_code == 0
    page = (out / "index.html").read_text()
    assert page.index("cilium-bgp.svg") < page.index("hubble-relay.svg")


def test_a_sentence_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever lines a source or a board has in it."""
    item = _preview.NamedBoard(name="b", file="b", board=read({"panels": []}))
    problems = tuple((panel, "query A: boom\nagain") for panel in ("P\n1", "P\n2", "P\n3", "P\n4", "P\n5"))
    picture = Picture(svg="", width=1, height=1, problems=(*problems, ("P\n1", "is\nodd")))
    assert _preview.report(item, picture) == 6
    lines = ["not drawn: b: 5 queries, such as in P 1: boom again", "not drawn: b / P 1: is odd"]
    assert capsys.readouterr().err.splitlines() == lines


@pytest.mark.fault("a library panel is reported twice")
def test_a_library_panel_is_one_problem(tmp_path: Path) -> None:
    """Not also as a panel of a type that is not drawn."""
    panel = {"id": 1, "title": "P", "libraryPanel": {"uid": "u", "name": "Shared"}}
    file, out = board_file(tmp_path, panel), tmp_path / "out"
    result = preview("--demo", "--format", "svg", "--out", str(out), str(file))
    assert result.stderr == f"not drawn: {file} / P: it is the library panel 'Shared', which is not in the board\n"


def test_titles_and_texts_have_the_values_of_variables(tmp_path: Path) -> None:
    """Of panels, of rows, in Markdown."""
    variables = [{"name": "node", "type": "custom", "query": "n1,n2", "current": {"value": "n2"}}]
    text = {"id": 2, "type": "text", "title": "", "options": {"content": "About **$node**"}}
    row = {"id": 3, "type": "row", "title": "Row of $node", "panels": []}
    panel = {**STAT, "title": "Agents of ${node}"}
    file = board_file(tmp_path, panel, text, row, templating={"list": variables})
    assert preview("--demo", "--format", "svg", "--out", str(tmp_path / "out"), str(file)).exit_code == 0
    drawn = texts((tmp_path / "out" / "board.svg").read_text())
    assert (drawn["title"], drawn["row"]) == (["Agents of n2"], ["Row of n2"])
    assert drawn["text"] == ["About ", "n2"]


def test_an_interrupted_run_can_be_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pictures that it left are known as ours."""
    file, out = board_file(tmp_path, STAT), tmp_path / "out"
    report, reported = _preview.report, []

    def interrupted(item: _preview.NamedBoard, picture: Picture) -> int:
        reported.append(item.name)
        if len(reported) == 2:
            raise KeyboardInterrupt
        return report(item, picture)

    monkeypatch.setattr(_preview, "report", interrupted)
    assert preview("--demo", "--out", str(out), str(file), str(file)).exit_code == 1
    assert preview("--demo", "--out", str(out), str(file)).exit_code == 0


def test_pictures_of_names_that_differ_in_case_are_two_files(tmp_path: Path) -> None:
    """On every system."""
    for name in ("a", "A"):
        (tmp_path / name).mkdir()
        board_file(tmp_path / name, STAT).rename(tmp_path / name / f"{name}.json")
    files = [str(tmp_path / name / f"{name}.json") for name in ("a", "A")]
    assert preview("--demo", "--out", str(tmp_path / "out"), *files).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["A-2.png", "a.png", "index.html"]


@pytest.mark.parametrize(
    ("panel", "sentence"),
    [
        ({"type": "stat", "repeat": "node"}, "is drawn once, and not for each value of node"),
        ({"type": "gauge"}, "the gauge is drawn as a bar"),
        pytest.param(
            {"type": "table", "targets": [{"refId": ref, "expr": "vector(1)"} for ref in "AB"]},
            "of its 2 tables only one is drawn",
            marks=pytest.mark.fault("of several tables only the first is drawn, without a word"),
        ),
        pytest.param(
            {"type": "stat", "transformations": [{"id": "", "options": {}}]},
            "transformation without an id is not applied",
            marks=pytest.mark.fault("a transformation without an id has no name in its message"),
        ),
        ({"type": "text", "options": {"mode": "html", "content": "<b>x</b>"}}, "HTML is drawn as its source"),
    ],
)
def test_what_is_drawn_otherwise_is_named_too(tmp_path: Path, panel: dict[str, Any], sentence: str) -> None:
    """In the panel and on stderr."""
    file, out = board_file(tmp_path, {"id": 1, "title": "Panel", **panel}), tmp_path / "out"
    result = preview("--demo", "--format", "svg", "--out", str(out), str(file))
    assert f"not drawn: {file} / Panel: {sentence}" in result.stderr
    assert texts((out / "board.svg").read_text())["problem"] == [sentence]


def test_names_and_values_of_a_crowded_state_timeline_do_not_cover_each_other(tmp_path: Path) -> None:
    """Only each n-th row has its name, and rows lower than a text have no values."""
    targets = [{"refId": "A", "expr": "cilium_endpoint_state"}]
    grid = {"x": 0, "y": 0, "w": 12, "h": 6}
    panel = {"id": 1, "title": "T", "type": "state-timeline", "targets": targets, "gridPos": grid}
    file, out = board_file(tmp_path, panel), tmp_path / "out"
    assert preview("--demo", "--format", "svg", "--out", str(out), str(file)).exit_code == 0
    drawn = texts((out / "board.svg").read_text())
    assert 5 <= len(drawn["name"]) <= 14
    assert drawn.get("value", []) == []


def test_a_bars_background_ends_at_the_number(tmp_path: Path) -> None:
    """As in Grafana: a fifth of the panel is kept for the number, but the background fills what it leaves."""
    targets = [{"refId": "A", "expr": "vector(1)"}]
    options = {"orientation": "horizontal"}
    grid = {"x": 0, "y": 0, "w": 24, "h": 3}
    panel = {"id": 1, "title": "T", "type": "bargauge", "targets": targets, "options": options, "gridPos": grid}
    file, out = board_file(tmp_path, panel), tmp_path / "out"
    assert preview("--demo", "--format", "svg", "--out", str(out), str(file)).exit_code == 0
    drawn = ElementTree.parse(out / "board.svg").iter(TEXT)
    value = next(element for element in drawn if element.get("class") == "value")
    assert float(value.get("x", "0")) > 1350


def test_a_repeated_row_is_named(tmp_path: Path) -> None:
    """On stderr, by its title."""
    file = board_file(tmp_path, {"id": 1, "type": "row", "title": "Node $node", "repeat": "node"}, STAT)
    result = preview("--demo", "--out", str(tmp_path / "out"), str(file))
    assert "Node $node: the row is drawn once, and not for each value of node" in result.stderr


def test_a_prometheus_that_no_longer_answers_is_not_asked_for_every_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three requests in a row that time out or are refused as busy are enough; one that fails at once is none."""
    queries: list[str] = []
    clock = 0.0

    def ask(path: str, params: Mapping[str, str]) -> object:
        nonlocal clock
        queries.append(path)
        clock += float(params["takes"])
        raise DashboardsError("Prometheus", cause="fails", status=int(params["status"]))

    monkeypatch.setattr(_preview_source, "time", SimpleNamespace(monotonic=lambda: clock))
    impatient = _preview_source.impatient(ask)
    for takes, status in (("15", "0"), ("15", "0"), ("0", "422"), ("15", "0"), ("0", "429"), ("15", "0")):
        with pytest.raises(DashboardsError, match="fails"):
            impatient("query", {"takes": takes, "status": status})
    with pytest.raises(DashboardsError, match="3 requests in a row timed out"):
        impatient("query", {"takes": "15", "status": "0"})
    assert len(queries) == 6


@pytest.mark.fault("three panels of a board whose queries time out together end the whole board")
def test_requests_that_fail_together_are_one_failure() -> None:
    """Nor does one count that another request, begun later, was answered before."""
    together, begun, late = Barrier(4), Event(), Event()

    def ask(path: str, _params: Mapping[str, str]) -> object:
        if path == "together":
            together.wait(PATIENCE)
        if path == "late":
            begun.set()
            assert late.wait(PATIENCE)
        if path == "answered":
            return path
        raise DashboardsError("Prometheus", cause="fails", status=503)

    impatient = _preview_source.impatient(ask)

    def outcome(path: str) -> str:
        try:
            return str(impatient(path, {}))
        except DashboardsError as error:
            return error.cause

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(outcome, ["together"] * 4)) == ["fails"] * 4
        assert outcome("again") == "fails"
        slow = pool.submit(outcome, "late")
        assert begun.wait(PATIENCE)
        assert outcome("answered") == "answered"
        late.set()
        assert slow.result() == "fails"
    assert [outcome("again") for _ in range(3)] == ["fails"] * 3
    assert outcome("again").startswith("is not asked: 3 requests in a row")


@pytest.mark.parametrize(("defaults", "names"), [({}, []), ({"displayName": "Mine"}, ["Mine"])])
def test_a_single_bar_has_only_the_name_that_the_panel_sets(
    tmp_path: Path, defaults: dict[str, str], names: list[str]
) -> None:
    """Not the legend of its query, as in Grafana."""
    targets = [{"refId": "A", "expr": "vector(1)", "legendFormat": "legend"}]
    panel = {"id": 1, "type": "bargauge", "targets": targets, "fieldConfig": {"defaults": defaults}}
    file, out = board_file(tmp_path, panel), tmp_path / "out"
    assert preview("--demo", "--format", "svg", "--out", str(out), str(file)).exit_code == 0
    assert texts((out / "board.svg").read_text()).get("name", []) == names


def test_a_directory_named_like_one_of_our_boards_is_not_read_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without arguments ours are drawn, whatever the working directory holds."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hubble-relay").mkdir()
    assert preview("--demo", "--format", "svg", "--out", "out").exit_code == 0
    assert (tmp_path / "out" / "hubble-relay.svg").is_file()


@pytest.mark.fault("a directory of dashboards is refused, although the message of the error names directories")
def test_the_boards_of_a_directory_are_drawn(tmp_path: Path) -> None:
    """In its tree, those of one name with numbers; it has no revisions, and one that cannot be read is named."""
    directory, out = tmp_path / "boards", tmp_path / "out"
    for name in ("one", "two"):
        (directory / name).mkdir(parents=True)
        board_file(directory / name, STAT)
    drawn = preview("--demo", "--format", "svg", "--out", str(out), str(directory))
    assert drawn.exit_code == 0, drawn.output
    assert {path.name for path in out.iterdir()} == {"board.svg", "board-2.svg", "index.html"}
    against = preview("--demo", "--out", str(out), "--against", "HEAD", str(directory))
    assert (against.exit_code, "name the files of the directory" in against.stderr) == (2, True)
    (directory / "broken.json").write_text("{")
    assert "broken.json" in str(preview("--demo", "--out", str(out), str(directory)).exception)


@pytest.mark.fault("a second run with a directory of pictures named like a board reads that directory")
def test_our_board_is_drawn_where_a_directory_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`preview --out cilium-bgp cilium-bgp` can be run again."""
    monkeypatch.chdir(tmp_path)
    Path("house.toml").write_text('tags = ["x"]\n')  # which only concerns our boards
    for _ in range(2):
        result = preview("--demo", "--format", "svg", "--out", "cilium-bgp", "--config", "house.toml", "cilium-bgp")
        assert result.exit_code == 0, result.output
