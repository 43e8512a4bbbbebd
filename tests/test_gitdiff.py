"""`git diff` of a board shows reviewers the panel that changed and nothing else."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards_py.catalog import NEWEST
from dashboards_py.compile import compile_together
from dashboards_py.dashboards.cilium_overview import board
from dashboards_py.style import Dashboard, link_to, query, stat

ROOT = Path(__file__).parent.parent
TEXTCONV = f"{Path(sys.executable).parent / 'cilium-dashboards'} outline --textconv"
BOARD_FILE = "provisioning/dashboards/Cilium/cilium-overview.json"


def git(directory: Path, *args: str) -> str:
    """Run git in a directory, without the developer's own settings."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(directory), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    name = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(
        ["git", *name, *args], cwd=directory, env=env, capture_output=True, text=True, check=True
    ).stdout


def overview(*, with_new: bool) -> Dashboard:
    """The overview, optionally with a new panel in the middle of its first row, and without other boards to link."""
    overview = board(NEWEST)
    first, *rest = (
        replace(row, panels=tuple(replace(panel, links=()) for panel in row.panels)) for row in overview.rows
    )
    if with_new:
        new = stat("New", "A new panel.", query("count(cilium_version)", "n"), links=(link_to("cilium-overview"),))
        first = replace(first, panels=(*first.panels[:4], new, *first.panels[4:]))
    return replace(overview, rows=(first, *rest))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with our .gitattributes and git setting, the overview committed, and a panel inserted since."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "diff.grafana-board.textconv", TEXTCONV)
    (tmp_path / ".gitattributes").write_text((ROOT / ".gitattributes").read_text())
    file = tmp_path / BOARD_FILE
    file.parent.mkdir(parents=True)
    for with_new in (False, True):
        file.write_text(compile_together([overview(with_new=with_new)], NEWEST)[0].json)
        git(tmp_path, "add", ".")
        if not with_new:
            git(tmp_path, "commit", "--quiet", "-m", "A board")
    return tmp_path


def changed(diff: str) -> list[str]:
    """The added and removed lines of a diff."""
    return [line for line in diff.splitlines() if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def test_a_panel_inserted_in_a_row_is_all_that_shows(repository: Path) -> None:
    """All panels after it move, and their JSON changes; the diff shows the new panel only."""
    raw = changed(git(repository, "diff", "--cached", "--no-textconv"))
    assert len(raw) > 100
    assert changed(git(repository, "diff", "--cached")) == [
        "+  panel New [stat, none]",
        "+    about: A new panel.",
        '+    query n (instant): count(cilium_version{cluster=~"$cluster"})',
        "+    link Cilium / Overview: /d/cilium-overview?${__url_time_range}"
        "&${datasource:queryparam}&${cluster:queryparam}",
    ]


def test_the_log_shows_outlines_and_survives_non_boards(repository: Path) -> None:
    """`git log -p` reads like the diff; a file that is not a board is shown as its own text."""
    git(repository, "commit", "--quiet", "-m", "A panel")
    (repository / BOARD_FILE).write_text("{ broken\n")
    git(repository, "commit", "--quiet", "-a", "-m", "Broken")
    log = git(repository, "log", "-p")
    assert "+  panel New [stat, none]" in log
    assert "+{ broken" in log
    assert '"gridPos"' not in log
