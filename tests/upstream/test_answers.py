"""Which panels of upstream's boards ours answer: computed for small boards, complete for the real ones."""

import json
import re
import tarfile
from pathlib import Path

import pytest

from dashboards_py import promql
from dashboards_py.board import Board, read
from dashboards_py.catalog import Release, status
from dashboards_py.catalog.upstream import published
from dashboards_py.compile import compile_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.upstream.answers import Answer, PanelRef, alternatives, answers, facts
from dashboards_py.upstream.available import originals
from tests.components import path_of

BOARDS = compile_boards()
OWN_BOARDS = [read(board.json) for board in BOARDS]
REPLACED = {number: board.uid for board in BOARDS for number in board.replaces}
PANELS = {PanelRef(board.uid, panel.title) for board in OWN_BOARDS for panel in board.panels}


def write_board(directory: Path, name: str, **queries: str) -> Path:
    """A small exported board with a panel for each query."""
    panels = [
        {"id": index, "type": "graph", "title": title, "targets": [{"expr": expr}]}
        for index, (title, expr) in enumerate(queries.items())
    ]
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(json.dumps({"title": name, "uid": "x", "schemaVersion": 30, "panels": panels}))
    return path


def answered(
    directory: Path, boards: list[Board] = OWN_BOARDS, number: int = 21431, **queries: str
) -> dict[str, Answer]:
    """The answers for a board 21431 with these queries, by panel."""
    write_board(directory, f"{number}.json", **queries)
    answer_list = answers(originals([directory])[number], facts(boards), REPLACED[number])
    return {answer.panel.title: answer for answer in answer_list}


def test_by_metric_the_replacing_board_first(tmp_path: Path) -> None:
    """A panel is answered where its metric is read: on the board that replaces the original before others."""
    actual = answered(tmp_path, Drops="sum by (reason) (rate(cilium_drop_count_total{direction='INGRESS'}[1m]))")
    panels = actual["Drops"].panels
    assert panels[0].uid == "cilium-agent"
    assert {panel.uid for panel in panels} > {"cilium-agent"}
    assert set(panels) <= PANELS
    assert len(panels) == 3


def test_histograms_by_any_of_their_series(tmp_path: Path) -> None:
    """A quantile of upstream's may be answered by a mean of ours."""
    actual = answered(
        tmp_path, Slow="histogram_quantile(0.9, rate(cilium_kvstore_operations_duration_seconds_bucket[5m]))"
    )
    assert actual["Slow"].panels[0].uid == "cilium-clustermesh"


def test_unread_metrics_are_unanswered(tmp_path: Path) -> None:
    """A metric that is on no board of ours is named, unless alternatives.json explains it."""
    actual = answered(tmp_path, New="cilium_brand_new_total", Old="kvstore_operations_total", Bad="sum(", None_="1")
    assert actual["New"].unanswered == {"cilium_brand_new_total"}
    assert actual["New"].panels == ()
    assert actual["Old"].unanswered == frozenset()
    assert actual["Old"].panels == (PanelRef("cilium-clustermesh", "Operations"),)
    assert "no component exposes this name" in actual["Old"].reason
    for title in ("Bad", "None_"):
        assert actual[title].reason == "its queries name no metric"


def test_alternatives_name_existing_panels() -> None:
    """The hand-kept part holds to our boards, each line with a reason, and none that a board reads."""
    read_by_us = {
        selector.metric
        for board in OWN_BOARDS
        for _, query in board.queries()
        for selector in promql.selectors(query.expr)
    }
    for metric, alternative in alternatives().items():
        assert set(alternative.panels) <= PANELS, metric
        assert alternative.reason, metric
        assert metric not in read_by_us


@pytest.mark.parametrize("chart", ["cilium-1.17.18", "cilium-1.20.0"])
def test_every_panel_of_the_charts_boards_is_answered_or_explained(chart: str) -> None:
    """No live metric of upstream's is on none of our boards without a reason; most panels have an answer."""
    directory = path_of("upstream-boards") / chart
    release = Release.parse(".".join(re.findall(r"\d+", chart)[:2]))
    available = originals([directory])
    assert available.keys() == {board.id for board in published() if board.chart_file}
    candidates = facts(OWN_BOARDS)
    for number, original in available.items():
        for answer in answers(original, candidates, REPLACED[number]):
            where = f"{number} {answer.panel.title}"
            live = {
                name
                for name in answer.unanswered
                if any(metric_status.present for metric_status in status(name, release))
            }
            assert not live, where
            assert answer.panels or answer.reason, where
            assert set(answer.panels) <= PANELS, where
    total = [
        answer for number, original in available.items() for answer in answers(original, candidates, REPLACED[number])
    ]
    assert sum(bool(answer.panels) for answer in total) >= 0.95 * len(total)


OLDEST_TAKEN = pytest.mark.fault("of several charts side by side the oldest board is used")
AGENT = "files/cilium-agent/dashboards"


def chart(directory: Path, version: str, name: str = "cilium") -> Path:
    """A chart as it is unpacked, with the agent's board: its folder names the version, or its Chart.yaml does."""
    if not directory.name.endswith(version):
        directory.mkdir(parents=True)
        (directory / "Chart.yaml").write_text(
            f"apiVersion: v2\nname: {name}\ndependencies:\n- name: other\n  version: 99.0.0\nversion: {version}\n"
        )
    return write_board(directory / AGENT, "cilium-dashboard.json", New="up")


@OLDEST_TAKEN
@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.9.1", "1.20.0"),
        ("1.20.0-rc.2", "1.20.0"),
        ("1.20.0-pre.3", "1.20.0-rc.0"),
        ("1.20.0-rc.2", "1.20.0-rc.10"),
        ("1.20.0", "1.21.0-pre.0"),
        ("1.20", "1.20.1"),
        ("v1.19.6", "1.20.0"),
        ("1.20.0-dev", "1.20.0+fork.1"),
    ],
)
@pytest.mark.parametrize("layout", ["cilium-{version}", "{version}", "{side}/cilium"])
def test_of_charts_side_by_side_the_newest_counts(tmp_path: Path, older: str, newer: str, layout: str) -> None:
    """Whichever comes first by name, the higher version is taken, by Chart.yaml or by the folder's name."""
    for turn, sides in enumerate(("ab", "ba")):
        charts = tmp_path / str(turn) / "charts 2.0"
        paths = [
            chart(charts / layout.format(version=version, side=side), version)
            for version, side in zip((older, newer), sides, strict=True)
        ]
        assert originals([charts])[21431].path == paths[1]


@OLDEST_TAKEN
def test_chart_yaml_goes_before_the_folder_s_name(tmp_path: Path) -> None:
    """A renamed folder makes no chart newer; another chart around it does not count, nor does a bare folder."""
    chart(tmp_path / "cilium-9.9.9-copy" / "cilium", "1.18.0")
    chart(tmp_path / "umbrella-30.0.0" / "charts" / "cilium", "1.19.0")
    (tmp_path / "umbrella-30.0.0" / "Chart.yaml").write_text("name: umbrella\nversion: 30.0.0\n")
    write_board(tmp_path / "somewhere", "cilium-dashboard.json", Unknown="up")
    newest = chart(tmp_path / "latest", "1.20.0")
    assert originals([tmp_path])[21431].path == newest


@OLDEST_TAKEN
def test_the_newest_of_real_charts_counts(tmp_path: Path) -> None:
    """Cilium's own charts, unpacked side by side as Helm packs them and as folders named by version."""
    packed = {tuple(map(int, re.findall(r"\d+", path.stem))): path for path in path_of("charts").glob("cilium-1.*.tgz")}
    with_boards = []
    for version, path in packed.items():
        folder = tmp_path / ("z" if version == min(packed) else "a" * version[1])
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
        if list(folder.rglob("cilium-dashboard.json")):
            with_boards.append((version, folder))
    assert len(with_boards) > 1
    newest = max(with_boards)[1]
    assert {original.path.is_relative_to(newest) for original in originals([tmp_path]).values()} == {True}


def test_the_first_directory_wins(tmp_path: Path) -> None:
    """A fetched board in a directory that is named first is taken before a chart's."""
    chart(tmp_path / "charts/cilium-1.20.0", "1.20.0")
    fetched = write_board(tmp_path / "fetched", "21431.json", Fetched="up")
    assert originals([tmp_path / "fetched", tmp_path / "charts"])[21431].path == fetched
    assert originals([]) == {}


def test_bad_directories_and_files(tmp_path: Path) -> None:
    """The error names a path that is not a directory, not JSON or not a board."""
    with pytest.raises(DashboardsError, match="does not exist"):
        originals([tmp_path / "none"])
    (tmp_path / "file").write_text("")
    with pytest.raises(DashboardsError, match="is not a directory"):
        originals([tmp_path / "file"])
    for content, why in (("{", "is not JSON"), ("[]", "not a board"), ('{"a": 1}', "not a board: its keys are a")):
        (tmp_path / "19423.json").write_text(content)
        with pytest.raises(DashboardsError, match=rf"19423\.json(.|\n)*{why}"):
            originals([tmp_path])
