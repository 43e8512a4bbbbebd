"""`lint` as a command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboards_py.cli import cli
from dashboards_py.errors import DashboardsError, ProblemsFound
from tests.upstream.test_answers import written


def run(*given: str, catch: bool = False) -> Result:
    """Run the command; errors of ours are raised unless caught."""
    return CliRunner().invoke(cli, ["lint", *given], catch_exceptions=catch)


def test_ours_are_clean() -> None:
    """All boards, or one by its uid: exit 0 and a count."""
    assert "0 found, 2 excused" in run().stdout
    found = run("hubble-dns", "--cilium", "1.16")
    assert found.stdout.endswith("panels on Cilium 1.16: 0 found, 0 excused\n")
    assert found.stdout.count("\n") == 1


def test_a_file_with_faults(tmp_path: Path) -> None:
    """Each finding with its panel and rule; exit 1; JSON for machines."""
    path = str(written(tmp_path, "board.json", A="sum(", B="rate(cilium_bpf_map_pressure[$__range])"))
    with pytest.raises(ProblemsFound, match="4 found"):
        run(path)
    found = run(path, catch=True)
    assert "x / A [query-does-not-parse]\n    query 'sum(': does not parse: unclosed" in found.stdout
    rows = json.loads(run(path, "--json", catch=True).stdout)
    assert [row["rule"] for row in rows] == [
        "panel-type-is-gone",
        "query-does-not-parse",
        "panel-type-is-gone",
        "rate-of-a-gauge",
    ]


def test_explained() -> None:
    """A rule's page, or all of them."""
    assert run("--explain", "rate-of-a-gauge").stdout.startswith("rate-of-a-gauge: `rate`")
    assert run("--explain", "all").stdout.count("\n\n") > 5


def test_what_is_neither_file_nor_board() -> None:
    """It is named with the boards that there are."""
    with pytest.raises(DashboardsError, match=r"board 'nonsense': no board has this uid\n  known: cilium-agent"):
        run("nonsense")
