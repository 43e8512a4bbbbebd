"""A board as text."""

import json
import math

import pytest

from dashboards_py.board import Annotation, Board, Link, Panel, Query, Row, Step, Variable, read
from dashboards_py.outline import outline

PANEL = Panel(
    id=1,
    title="Drops\nby  reason",
    type="stat",
    description="What  is\ndropped.",
    unit="pps",
    thresholds=(Step(None, "green"), Step(0.5, "orange"), Step(80.0, "red"), Step(math.inf, "purple")),
    no_value="none seen",
    queries=(
        Query("A", "sum(\n  x)", legend="{{reason}}", instant=True, hidden=True),
        Query("B", "y"),
    ),
    links=(Link("More", "/d/x"),),
)
BOARD = Board(
    uid="x",
    title="A board",
    raw={"description": "What is\nshown?"},
    tags=("cilium", "new"),
    variables=(
        Variable("node", "query", "label_values(x, node)", multi=True, include_all=True),
        Variable("empty", "textbox"),
    ),
    annotations=(Annotation("Restarts", "changes(\nz)"), Annotation("Built in")),
    links=(Link("Others", tags=("cilium",)), Link("Docs", "https://example.org")),
    rows=(
        Row("", False, (PANEL,)),
        Row(
            "Closed",
            True,
            (
                Panel(2, "", "library-panel", library="shared"),
                Panel(3, "About", "text", raw={"options": {"content": "# Title\n\nText"}}),
            ),
        ),
    ),
)
TEXT = """\
board x: A board
about: What is shown?
tags: cilium, new
variable node (query, multi, all): label_values(x, node)
variable empty (textbox):
annotation Restarts: changes( z)
link Others: cilium
link Docs: https://example.org

row (top)
  panel Drops by reason [stat, pps]
    about: What is dropped.
    thresholds: green, orange from 0.5, red from 80, purple from inf
    without data: none seen
    query {{reason}} (instant, hidden): sum( x)
    query (auto): y
    link More: /d/x

row Closed (closed)
  panel (no title) [library-panel, library panel shared]
  panel About [text]
    text: # Title Text
"""


def test_every_fact_has_its_line() -> None:
    """A threshold with the value from which it applies; text of several lines is joined into one."""
    assert outline(BOARD) == TEXT


@pytest.mark.fault("the outline lists thresholds of numbers that nobody judges")
def test_numbers_that_nobody_judges_have_no_thresholds() -> None:
    """A color of all values is none, and one from a limit on is."""
    steps = ([{"color": "gray", "value": None}, {"color": "text", "value": value}] for value in (-1e300, 5))
    panels = [
        {"type": "stat", "title": "A", "fieldConfig": {"defaults": {"thresholds": {"steps": own}}}} for own in steps
    ]
    lines = outline(read(json.dumps({"title": "B", "uid": "b", "panels": panels}))).splitlines()
    assert [line.strip() for line in lines if "thresholds" in line] == ["thresholds: gray, text from 5"]
