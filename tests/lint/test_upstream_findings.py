"""lint's findings on Cilium's own boards are those in upstream_findings.md, and at least nine of ten are right."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import Release
from dashboards_py.lint import lint
from tests.components import path_of

CHARTS = {"1.17": "cilium-1.17.18", "1.20": "cilium-1.20.0"}
# Rules with the same finding on many panels, reviewed once for each board.
MANY = {"classic-histogram-only", "fixed-window", "relies-on-k8s-app", "removed-panel-type", "unguarded-mean"}
OTHERS = "(others)"


@dataclass(frozen=True, slots=True)
class Review:
    """A line of upstream_findings.md for one release: the findings of a rule on a panel, all right or all wrong."""

    release: str
    board: str
    panel: str
    rule: str
    number: int
    right: bool
    why: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The board, the panel and the rule."""
        return self.board, self.panel, self.rule


def reviews() -> Iterator[Review]:
    """The lines of the table, once for each release that they name."""
    for line in Path(__file__).with_name("upstream_findings.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| 1."):
            releases, board, panel, rule, number, verdict, why = (
                part.strip() for part in line.strip("| ").split(" | ")
            )
            for release in releases.split():
                yield Review(release, board, panel, rule, int(number), {"right": True, "wrong": False}[verdict], why)


def count_findings(release: str) -> Counter[tuple[str, str, str]]:
    """How many findings there are, by board, panel and rule."""
    directory = path_of("upstream-boards") / CHARTS[release]
    return Counter(
        (path.stem, finding.panel or "(board)", finding.rule)
        for path in sorted(directory.glob("*.json"))
        for finding in lint(read(path.read_bytes(), path.name), Release.parse(release), house_rules=False)[0]
    )


@pytest.mark.parametrize("release", CHARTS)
def test_every_finding_was_reviewed(release: str) -> None:
    """Every finding has a line, every line has a finding, and the counts agree."""
    lines = {line.key: line.number for line in reviews() if line.release == release}
    counted: Counter[tuple[str, str, str]] = Counter()
    for (board, panel, rule), number in count_findings(release).items():
        named = (board, panel, rule) in lines or rule not in MANY
        counted[board, panel if named else OTHERS, rule] += number
    assert counted == lines


@pytest.mark.parametrize("release", CHARTS)
def test_nine_of_ten_are_right(release: str) -> None:
    """Of all findings, and of those of rules that report few; every line has a reason."""
    lines = [line for line in reviews() if line.release == release]
    for counted in (lines, [line for line in lines if line.rule not in MANY]):
        assert sum(line.number for line in counted if line.right) >= 0.9 * sum(line.number for line in counted) > 0
    assert all(line.why for line in lines)
    assert len(lines) == len({line.key for line in lines})
