"""`values` as a command, and the files that hold what it prints."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards_py.catalog import RELEASES
from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError, ProblemsFound

KEPT = Path(__file__).parents[2] / "cluster-setup" / "values"


def run(*given: str) -> Result:
    """Run the command; errors of ours are raised."""
    return CliRunner().invoke(cli, ["values", *given], catch_exceptions=False)


def test_the_files_are_what_it_prints() -> None:
    """cluster-setup/values holds the output for every release and for the stack; `make values` writes it."""
    printed = {f"cilium-{release}.yaml": run("cilium", "--cilium", str(release)).stdout for release in RELEASES}
    printed["stack.yaml"] = run("stack").stdout
    assert {path.name: path.read_text() for path in KEPT.iterdir()} == printed


def test_every_line_says_who_needs_it() -> None:
    """Beside each value stands a board and a panel."""
    lines = [line for line in run().stdout.splitlines() if not line.startswith("#")]
    assert all("  # " in line and " / " in line for line in lines if not line.rstrip().endswith(":"))


def test_check_says_what_stays_empty(tmp_path: Path) -> None:
    """What is lacking is grouped by reason, counted, and exit 1; as JSON for machines."""
    path = tmp_path / "mine.yaml"
    path.write_text("prometheus: {enabled: true, serviceMonitor: {enabled: true, labels: {release: prometheus}}}\n")
    with pytest.raises(ProblemsFound, match=r"\d+ panels lack something\n.*--merge-with"):
        run("--check", str(path), "--board", "hubble-dns")
    found = CliRunner().invoke(cli, ["values", "--check", str(path), "--board", "hubble-dns", "--json"])
    rows = json.loads(found.stdout)
    assert {row["board"] for row in rows} == {"hubble-dns"}
    assert {row["lack"] for row in rows} == {"empty"}
    assert rows[0]["why"] == [
        "hubble.metrics.enabled does not name dns",
        "hubble.metrics.serviceMonitor.enabled is not true",
    ]


def test_flags_are_checked_as_they_stand() -> None:
    """Flags of helm from a page; commas that lost their backslash are named."""
    flags = ["prometheus.enabled=true", "hubble.metrics.enabled={dns,httpV2:labelsContext=source_ip,source_namespace}"]
    found = CliRunner().invoke(cli, ["values", "--set", flags[0], "--set", flags[1]])
    assert "'source_namespace' is no handler of Hubble: in --set the commas" in found.stderr
    assert "hubble.metrics.serviceMonitor.enabled is not true" in found.stdout


def test_what_is_merged_is_enough(tmp_path: Path) -> None:
    """What --merge-with prints, put into the same file's place, leaves nothing to add; their handlers are in it."""
    mine, more = tmp_path / "mine.yaml", tmp_path / "more.yaml"
    mine.write_text("hubble: {metrics: {enabled: ['dns:ignoreAAAA', kafka]}}\n")
    more.write_text(run("--merge-with", str(mine)).stdout)
    assert "- dns:ignoreAAAA;query;labelsContext=" in more.read_text()
    assert "- kafka\n" in more.read_text()
    assert run("--check", str(more)).exit_code == 0
    assert run("--merge-with", str(more)).stdout == "# more.yaml has all that the boards need.\n"


def test_conflicts_are_said_after_the_values(tmp_path: Path) -> None:
    """What cannot be merged is exit 1, with the values all the same."""
    mine = tmp_path / "mine.yaml"
    mine.write_text("prometheus: {serviceMonitor: {labels: {release: other}}}\n")
    with pytest.raises(ProblemsFound, match=r"1 in .*mine\.yaml stand against the boards"):
        run("--merge-with", str(mine))


def test_a_board_of_anyone(tmp_path: Path) -> None:
    """A board's JSON gives values for it alone."""
    path = tmp_path / "board.json"
    panel = {"title": "P", "type": "stat", "targets": [{"expr": "cilium_bpf_map_pressure"}]}
    path.write_text(json.dumps({"title": "x", "schemaVersion": 41, "panels": [panel]}))
    said = run("--board", str(path)).stdout
    assert "prometheus:\n  enabled: true" in said
    assert "hubble" not in said


@pytest.mark.parametrize(
    ("content", "why"),
    [("[]", "holds a list"), ("a: [", "is not YAML"), ("hubble: {metrics: {enabled: dns}}", "is no list")],
)
def test_bad_values(tmp_path: Path, content: str, why: str) -> None:
    """Each is named with its cause."""
    path = tmp_path / "mine.yaml"
    path.write_text(content)
    for flag in ("--check", "--merge-with"):
        with pytest.raises(DashboardsError, match=why):
            run(flag, str(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is named, and a directory is no file."""
    with pytest.raises(DashboardsError, match="No such file"):
        run("--check", str(tmp_path / "none.yaml"))
    with pytest.raises(DashboardsError, match="Is a directory"):
        run("--check", str(tmp_path))
