"""Every board on every release: what compiling promises."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboards_py import promql
from dashboards_py import render as renderer
from dashboards_py.board import Board, Panel, Row, read
from dashboards_py.catalog import FOREIGN, NEWEST, RELEASES, Release, entries
from dashboards_py.cli import cli
from dashboards_py.compile import compile_boards, find
from dashboards_py.compiled import Compiled
from dashboards_py.errors import DashboardsError
from dashboards_py.model import PlacedDashboard
from dashboards_py.provisioning import provisioning_files, rule_files

PRETTY, MINIFIED, APPLIED = 170_000, 80_000, 262_144
# Panels that compare the scraped agents with the nodes that agents know, all of a cluster's whichever is chosen.
OF_ALL_NODES = {
    *(("cilium-agent", title) for title in ("Agents", "Not scraped")),
    *(("cilium-bgp", title) for title in ("Sessions", "Sessions down now", "Peers by failed sessions")),
    ("cilium-bgp", "Nodes without any session"),
    *(("hubble-overview", title) for title in ("Hubble missing", "Nodes without Hubble")),
}
KEPT = {"cilium-operator": 0.7, "cilium-clustermesh": 0.6, "cilium-bgp": 0.6}


@cache
def boards(release: Release = NEWEST) -> tuple[Board, ...]:
    """The compiled boards of a release, read back."""
    return tuple(read(board.json, board.uid) for board in compile_boards(release))


def shown(row: Row) -> list[Panel]:
    """A row's panels that have a query."""
    return [panel for panel in row.panels if panel.type != "text"]


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_each_release_keeps_most_of_what_is_open(release: Release, report: Callable[[str], None]) -> None:
    """At least 80 % of the panels of open rows remain (60 % where a feature is young)."""
    newest = {board.uid: board for board in boards()}
    for board in boards(release):
        open_now = sum(len(shown(row)) for row in board.rows if not row.collapsed)
        open_newest = sum(len(shown(row)) for row in newest[board.uid].rows if not row.collapsed)
        if open_now < open_newest:
            report(f"{release} {board.uid}: {len(board.panels)} panels, {open_now} of {open_newest} in open rows")
        assert open_now >= KEPT.get(board.uid, 0.8) * open_newest


def test_nothing_is_left_out_on_the_newest_release() -> None:
    """The compiler drops nothing on the release of provisioning/: no board queries a metric that it does not have."""
    assert [omission for board in compile_boards(NEWEST) for omission in board.omissions] == []


def test_what_is_left_out_has_a_reason_that_names_the_metric() -> None:
    """On 1.16 each omission names the missing metric and the release that introduced it."""
    omissions = [omission for board in compile_boards(RELEASES[0]) for omission in board.omissions]
    assert len(omissions) > 20
    for omission in omissions:
        assert any(entries(word.rstrip(":;,")) for word in omission.reason.split()), omission


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_every_query_is_scoped_and_known(release: Release) -> None:
    """Each selector of a catalogued metric is tied to $cluster, and to $node if the board and the series have it.

    Series without a cluster are chosen beside those of each cluster.
    Written for all nodes it is one that the nodes of $node are compared with: the query has the metric of these too; or
    what agents know of the nodes of their cluster.
    """
    for board in boards(release):
        names = {variable.name for variable in board.variables}
        for panel, query in board.queries():
            for selector in promql.selectors(query.expr):
                labels = {matcher.label: matcher.value for matcher in selector.matchers}
                is_unlabelled = not labels["cluster"] and f"by (cluster) ({selector.metric}{{" in query.expr
                assert labels["cluster"] == "$cluster" or is_unlabelled, (board.uid, panel.title)
                assert selector.metric in FOREIGN or entries(selector.metric), (board.uid, panel.title)
                nodes = all(metric.exposed_by.has_node for metric in entries(selector.metric))
                if "node" in names and entries(selector.metric) and nodes:
                    nodes_chosen = {labels["node"]} | {
                        matcher.value
                        for other in promql.selectors(query.expr)
                        for matcher in other.matchers
                        if other.metric == selector.metric and matcher.label == "node"
                    }
                    is_of_all = (board.uid, panel.title) in OF_ALL_NODES
                    least, unknown = (set[str](), {""}) if is_of_all else ({"$node"}, set[str]())
                    assert least <= nodes_chosen <= {"$node", ".*"} | unknown, (board.uid, panel.title)


def lacking(board: Board) -> Iterator[str]:
    """What a reader would miss: a title of its own, a description of a sentence or more, units, legends."""
    panels = [panel for row in board.rows for panel in shown(row)]
    yield from (
        f"title twice: {title}" for title, count in Counter(panel.title for panel in panels).items() if count > 1
    )
    for panel in panels:
        if not panel.title:
            yield f"no title: {panel.id}"
        if not panel.description.endswith((".", "?")) or len(panel.description) < 30:
            yield f"no description: {panel.title}"
        if not panel.unit and len(_overrides(panel, "unit")) < len(panel.queries):
            yield f"no unit: {panel.title}"
        yield from (f"no legend: {panel.title}" for query in panel.queries if not query.legend)


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.uid)
def test_every_panel_can_be_acted_on(board: Board) -> None:
    """Each panel has a title of its own, a unit, and a description of at least a sentence; each query has a legend."""
    assert list(lacking(board)) == []


def test_a_panel_that_cannot_be_acted_on_is_named() -> None:
    """The test above detects each omission."""
    target = {"refId": "A", "expr": "up", "legendFormat": "up"}
    whole = {"type": "stat", "title": "Up", "description": "Targets that are up. When it falls: look at them."}
    good = {**whole, "fieldConfig": {"defaults": {"unit": "none"}}, "targets": [target]}
    panels = [good, {**good, "title": "", "id": 2}, {**good, "title": "Short", "description": "Up."}]
    panels += [
        {**good, "title": "Bare", "fieldConfig": {}},
        {**good, "title": "Mute", "targets": [{**target, "legendFormat": ""}]},
    ]
    assert list(lacking(read({"title": "X", "panels": [*panels, good]}))) == [
        "title twice: Up",
        "no title: 2",
        "no description: Short",
        "no unit: Bare",
        "no legend: Mute",
    ]


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.uid)
def test_every_variable_is_defined_and_used(board: Board) -> None:
    """No query uses an undefined variable, and no variable is unused."""
    built_in = {"__rate_interval", "__range", "__interval"}
    words = [query.expr for _, query in board.queries()] + [variable.query for variable in board.variables]
    words += [row.title.replace("${", "$") for row in board.rows]
    used = {name for text in words for name in _variables(text)} | {"datasource"}
    names = {variable.name for variable in board.variables}
    assert used - built_in <= names
    assert names <= used


def _variables(text: str) -> set[str]:
    return {
        part.split("{")[-1]
        for part in (piece[:40] for piece in text.split("$")[1:])
        for part in [_word(part)]
        if not part.isdigit()
    }


def _word(text: str) -> str:
    end = next((index for index, char in enumerate(text) if not (char.isalnum() or char == "_")), len(text))
    return text[:end]


def _overrides(panel: Panel, kind: str) -> list[dict[str, str]]:
    overrides = panel.raw.get("fieldConfig", {}).get("overrides", [])
    return [
        field_property
        for override in overrides
        for field_property in override["properties"]
        if field_property["id"] == kind
    ]


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_each_table_has_one_kind_of_row(release: Release) -> None:
    """Queries of a table group by the same labels: Grafana would merge rows that have nothing to do with each other."""
    for board in compile_boards(release):
        for panel in read(board.json).panels:
            kept = {
                "".join(re.findall(r"\bby \(([^)]*)\)", query.expr)[:1])
                for query in panel.queries
                if panel.type == "table"
            }
            assert len(kept) <= 1, f"{board.uid} {panel.title}: {kept}"


def test_links_lead_to_boards_and_variables_that_exist() -> None:
    """Each link of a panel names a board of ours, and only variables that this board has."""
    variable_names = {board.uid: {variable.name for variable in board.variables} for board in boards()}
    followed = 0
    for board in boards():
        for panel in board.panels:
            for link in panel.links:
                uid, _, parameters = link.url.removeprefix("/d/").partition("?")
                if uid == "${__value.raw}":  # the board that a row of the panel names
                    named = {name for query in panel.queries for name in re.findall(r'"next", "([^"]*)"', query.expr)}
                    assert named - {"$1"} <= variable_names.keys()
                    assert named, (board.uid, panel.title)
                    continue
                assert uid in variable_names, (board.uid, panel.title)
                parts = parameters.split("&")
                assert parts[0] == "${__url_time_range}"
                kept = {
                    part.removeprefix("${").removesuffix(":queryparam}") for part in parts[1:] if part.startswith("${")
                }
                assigned = {part.removeprefix("var-").split("=")[0] for part in parts[1:] if part.startswith("var-")}
                assert kept | assigned <= variable_names[uid], (board.uid, panel.title, link.url)
                assert kept <= variable_names[board.uid]
                assert not kept & assigned
                followed += 1
    assert followed > 60


@pytest.mark.parametrize("board", compile_boards(), ids=lambda board: board.uid)
def test_a_board_fits(board: object) -> None:
    """Below 170 kB as committed, below 80 kB minified, and as a ConfigMap applied by the client."""
    text = board.json  # type: ignore[attr-defined]
    assert len(text.encode()) < PRETTY
    assert len(json.dumps(json.loads(text), separators=(",", ":")).encode()) < MINIFIED
    assert len(json.dumps({"data": {"x.json": text}}).encode()) + 1000 < APPLIED


@pytest.mark.fault("a text panel of 100 px says one line at the top of each board")
@pytest.mark.parametrize("board", compile_boards(), ids=lambda board: board.uid)
def test_a_board_begins_with_its_first_row(board: Compiled) -> None:
    """Who the board is for and what it answers is its description, in plain text, and takes no space of the page."""
    data = json.loads(board.json)
    assert data["description"].startswith("For ")
    assert not set("*`#") & set(data["description"])
    assert (data["panels"][0]["type"], data["panels"][0]["gridPos"]["y"]) == ("row", 0)
    assert "text" not in {panel["type"] for panel in data["panels"]}


def test_no_board_holds_nulls_or_emptiness_or_a_fixed_data_source() -> None:
    """The JSON has no keys without effect, and no data source but $datasource.

    Two empty values say something: the value of the lowest threshold, and the options of a transformation, which
    Grafana's types require.
    """

    def walk(value: object, path: str) -> None:
        assert value not in (None, "", [], {}), path
        if isinstance(value, dict):
            if "datasource" in value:
                assert value["datasource"] == {"type": "prometheus", "uid": "$datasource"}
            for key, inner in value.items():
                lowest_threshold = key == "value" and path.endswith("steps[0]")
                transformation = key == "options" and path.rpartition("[")[0].endswith("transformations")
                if not (lowest_threshold and inner is None) and not (transformation and inner == {}):
                    walk(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                walk(inner, f"{path}[{index}]")

    for board in compile_boards():
        data = json.loads(board.json)
        assert data["schemaVersion"] == 41
        assert "__inputs" not in data
        walk(data, board.uid)


@pytest.mark.fault("with several Prometheus data sources, boards open on the alphabetically first")
def test_boards_open_on_the_default_data_source() -> None:
    """`$datasource` starts with the value and the text `default`: Grafana adds that option only if both are so."""
    for board in compile_boards():
        (chooser,) = (one for one in json.loads(board.json)["templating"]["list"] if one["type"] == "datasource")
        assert chooser["current"] == {"text": "default", "value": "default"}


def test_an_unknown_uid_lists_the_known_ones() -> None:
    """An unknown uid lists the known ones."""
    with pytest.raises(DashboardsError, match=r"cilium-agnet.*no board has this uid\n.*cilium-agent"):
        find("cilium-agnet")


@pytest.mark.fault("`show UID` compiles every board")
def test_one_board_is_compiled_without_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """`find` renders only the requested board, with the same result as compiling all of them."""
    rendered: list[str] = []
    original = renderer.dashboard
    together = compile_boards(RELEASES[0])

    def render(placed: PlacedDashboard) -> dict[str, object]:
        rendered.append(placed.uid)
        return original(placed)

    monkeypatch.setattr(renderer, "dashboard", render)
    for board in together:
        assert find(board.uid, RELEASES[0]) == board
    assert rendered == [board.uid for board in together]


@pytest.mark.fault("`show UID` compiles every board")
def test_show_compiles_one_board(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command, with settings that nothing was compiled for yet, and an empty cache."""
    rendered: list[str] = []
    original = renderer.dashboard

    def render(placed: PlacedDashboard) -> dict[str, object]:
        rendered.append(placed.uid)
        return original(placed)

    monkeypatch.setattr(renderer, "dashboard", render)
    (tmp_path / "house.toml").write_text('tags = ["shown"]\n')
    result = CliRunner(env={"XDG_CACHE_HOME": str(tmp_path)}).invoke(
        cli, ["show", "hubble-relay", "--config", str(tmp_path / "house.toml")], catch_exceptions=False
    )
    assert json.loads(result.stdout)["uid"] == "hubble-relay"
    assert rendered == ["hubble-relay"]


@pytest.mark.fault("code that needs all boards several times compiles them each time")
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_all_boards_are_compiled_once(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process compiles a board for a release once."""
    first = compile_boards(release)
    monkeypatch.setattr(renderer, "dashboard", None)
    assert compile_boards(release) is first
    if release == NEWEST:
        assert compile_boards() is first


BYTES = """
import hashlib
from dashboards_py.provisioning import provisioning_files, rule_files
print(hashlib.sha256(repr(sorted(provisioning_files().items())).encode()).hexdigest())
"""


def test_the_same_bytes_under_other_hash_seeds(tmp_path: Path) -> None:
    """Neither hash seed nor working directory nor locale changes a byte of provisioning/."""
    actual = {
        subprocess.run(
            [sys.executable, "-c", BYTES],
            env={"PYTHONHASHSEED": seed, "LC_ALL": locale, "PATH": ""},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, locale in (("0", "C"), ("1", "C.UTF-8"), ("4242", "C"))
    }
    assert len(actual) == 1


def test_provisioning_is_what_the_code_compiles_to() -> None:
    """The committed tree is the compiler's output, byte for byte."""
    root = Path(__file__).parents[2] / "provisioning"
    names = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    committed = {name for name in names if not name.startswith(".cilium-dashboards/")}
    assert {name: (root / name).read_bytes() for name in committed} == {**provisioning_files(), **rule_files()}


@pytest.mark.fault("links of a panel show only after a click on one of its lines")
def test_a_panel_says_where_its_links_lead() -> None:
    """Each board to which a link in a panel's header leads is in the panel's description, by the board's title."""
    linked = 0
    for board in boards():
        for panel in board.panels:
            titles = {link["title"] for link in panel.raw.get("links", ())}
            assert {title for title in titles if title not in panel.description} == set(), (board.uid, panel.title)
            linked += bool(titles)
    assert linked > 30
