"""Every option of a panel type is drawn, or named in its box and among the problems."""

import re
from pathlib import Path
from typing import Any

import pytest

from dashboards_py.preview.picture import Picture
from tests.components import require
from tests.npm import installed
from tests.preview.option_cases import CASES, DRAWN, NAMED, Case
from tests.preview.panels import panel_picture
from tests.preview.svg import texts
from tests.types.grafana_types import DIRECTORY, PREFIX, VERSIONS

# Panel types by the directory that their options have in npm's @grafana/schema.
DIRECTORIES = {
    "timeseries": "timeseries",
    "stat": "stat",
    "bargauge": "bargauge",
    "table": "table",
    "statetimeline": "state-timeline",
    "heatmap": "heatmap",
    "text": "text",
}
INTERFACE = re.compile(r"^export interface (\w+)(?: extends ([^{]+?))? \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
FIELD = re.compile(r"^    (\w+)\??:", re.MULTILINE)
# What a type takes over from an axis, although it has none of numbers.
WITHOUT_NUMBERS = ("axis", "scaleDistribution")


def picture(case: Case, *, with_value: bool) -> Picture:
    """The picture of the case's panel, with the value or as it is without."""
    arguments: dict[str, Any] = {**case.setting}
    kind, _, name = case.path.partition(".")
    values = {**arguments.pop(kind, {})}
    if with_value:
        values[name] = case.value
    arguments[kind] = values
    return panel_picture(case.panel_type, **arguments)


@pytest.mark.fault("an option that a picture does not show is not named in the panel")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.panel_type}-{case.path}-{case.value}")
def test_an_option_is_drawn_or_named(case: Case) -> None:
    """Its picture is another one than without it, or says what is missing; what only a mouse shows changes nothing."""
    without, with_value = picture(case, with_value=False), picture(case, with_value=True)
    named = [sentence for _, sentence in with_value.problems if sentence not in dict(without.problems).values()]
    assert bool(named) == (case.seen == NAMED), named
    assert set(named) <= set(texts(with_value.svg).get("problem", []))
    assert (with_value.svg != without.svg) == (case.seen in (DRAWN, NAMED))


@pytest.mark.fault("an option that a picture does not show is not named in the panel")
@pytest.mark.parametrize("case", [case for case in CASES if case.path.startswith("custom.") and case.seen == NAMED])
def test_an_option_of_an_override_is_named_too(case: Case) -> None:
    """Also if it is set for some fields only."""
    item = {"id": case.path, "value": case.value}
    override = {"matcher": {"id": "byRegexp", "options": ".*"}, "properties": [item]}
    shown = panel_picture(case.panel_type, overrides=[override], **case.setting)
    assert set(dict(picture(case, with_value=True).problems).values()) <= {text for _, text in shown.problems}


def options_in(version: str) -> set[tuple[str, str]]:
    """The options of each panel type in Grafana's published types, as pairs of panel type and path."""
    package = installed(DIRECTORY, "types") / f"{PREFIX}{version}" / "dist"
    common = next(path for path in package.rglob("common.gen.d.ts")).read_text(encoding="utf-8")
    pairs = set()
    for directory, panel_type in DIRECTORIES.items():
        file = next(iter(package.glob(f"**/composable/{directory}/panelcfg/x/*_types.gen.d.ts")))
        interfaces = {name: (bases, body) for name, bases, body in INTERFACE.findall(common + _text(file))}
        for interface, kind in (("Options", "options"), ("FieldConfig", "custom")):
            pairs |= {(panel_type, f"{kind}.{name}") for name in _fields(interface, interfaces)}
    return pairs


def _text(file: Path) -> str:
    """The declarations of a file, without those of another panel type's interfaces of the same name."""
    return "\n" + file.read_text(encoding="utf-8")


def _fields(interface: str, interfaces: dict[str, tuple[str, str]]) -> set[str]:
    bases, body = interfaces.get(interface, ("", ""))
    inherited = (_fields(base.strip().rpartition(".")[2], interfaces) for base in bases.split(",") if base.strip())
    return set(FIELD.findall(body)).union(*inherited)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_option_of_grafana_is_tried(version: str) -> None:
    """The table above has each option of Grafana's published types."""
    require("node")
    tried = {(case.panel_type, case.path) for case in CASES}
    missing = {
        (panel_type, path)
        for panel_type, path in options_in(version) - tried
        if not (panel_type == "state-timeline" and path.removeprefix("custom.").startswith(WITHOUT_NUMBERS))
    }
    assert missing == set()


@pytest.mark.fault("a panel's own range of time and its links are not drawn in its header")
@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"timeFrom": "30m"}, ["Last 30 minutes"]),
        ({"timeFrom": "1h", "timeShift": "1d"}, ["Last 1 hour timeshift -1d"]),
        ({"timeFrom": "2M", "hideTimeOverride": True}, []),
        ({}, []),
    ],
)
def test_the_header_says_which_range_of_time_a_panel_has(fields: dict[str, Any], text: list[str]) -> None:
    """If it is not that of the board, unless the panel hides it."""
    assert texts(panel_picture("stat", **fields).svg).get("time", []) == text


def test_the_header_has_a_sign_for_links() -> None:
    """And one for a description."""
    plain, linked = panel_picture("stat"), panel_picture("stat", links=[{"title": "x", "url": "https://example.org"}])
    assert linked.svg != plain.svg
    assert panel_picture("stat", description="D").svg != plain.svg


def test_only_numbers_have_bars_in_a_table() -> None:
    """Texts and times are drawn as they are."""
    cells = {"cellOptions": {"type": "gauge"}}
    target = {"format": "table", "instant": True}
    picture = panel_picture("table", custom=cells, target=target, defaults={"color": {"mode": "continuous-GrYlRd"}})
    assert picture.svg.count("<linearGradient") == 2


@pytest.mark.parametrize(
    ("desc", "names"),
    [(True, ["n10", "n9", "b", "a", "none"]), (False, ["none", "a", "b", "n9", "n10"])],
)
def test_a_table_is_sorted_as_in_grafana(desc: bool, names: list[str]) -> None:
    """Equal rows are in reverse order if the column is sorted descending, and a missing number is the least."""
    series: dict[str, list[float | None]] = {"a": [1], "b": [1], "n9": [9], "n10": [10], "none": [float("nan")]}
    options = {"sortBy": [{"displayName": "Value", "desc": desc}]}
    target = {"format": "table", "instant": True}
    drawn = texts(panel_picture("table", options=options, target=target, series=series).svg)["cell"]
    assert [text for text in drawn if text in series] == names


def test_texts_of_a_table_are_sorted_as_in_a_language() -> None:
    """Numbers in them by size, without regard to case."""
    series: dict[str, list[float | None]] = {name: [1] for name in ("n10", "N9", "b", "A")}
    options = {"sortBy": [{"displayName": "node", "desc": False}]}
    target = {"format": "table", "instant": True}
    drawn = texts(panel_picture("table", options=options, target=target, series=series).svg)["cell"]
    assert [text for text in drawn if text in series] == ["A", "b", "N9", "n10"]


NODES: dict[str, list[float | None]] = {"b": [3.0], "a": [1.0], "c": [2.0]}


def cells_of_nodes(**settings: Any) -> list[str]:
    """The names of nodes in a table, from the top; they arrive as b, a, c."""
    drawn = panel_picture("table", series=NODES, target={"instant": True, "format": "table"}, **settings)
    return [text for text in texts(drawn.svg)["cell"] if text in NODES]


@pytest.mark.fault("a table that is sorted by a column out of sight is drawn unsorted, in reverse")
@pytest.mark.parametrize(
    ("properties", "w"),
    [
        ([{"id": "custom.hidden", "value": True}], 12),
        ([{"id": "custom.hideFrom", "value": {"viz": True}}], 12),
        ([], 4),
    ],
    ids=["hidden", "hidden from 12.2 on", "beyond the edge"],
)
def test_rows_are_sorted_by_columns_out_of_sight(properties: list[Any], w: int) -> None:
    """As Grafana sorts them: by all fields."""
    hidden = [{"id": "custom.hidden", "value": True}]
    overrides = [{"matcher": {"id": "byName", "options": "Value"}, "properties": properties}]
    overrides.append({"matcher": {"id": "byType", "options": "time"}, "properties": hidden})
    for desc, names in ((True, ["b", "c", "a"]), (False, ["a", "c", "b"])):
        options = {"sortBy": [{"displayName": "Value", "desc": desc}]}
        widths = {"minWidth": 400}
        assert cells_of_nodes(options=options, overrides=overrides, custom=widths, size=(w, 9)) == names


@pytest.mark.fault("a table that is sorted by a column out of sight is drawn unsorted, in reverse")
def test_an_order_by_an_unknown_column_is_ignored() -> None:
    """Rows stay as they are."""
    assert cells_of_nodes(options={"sortBy": [{"displayName": "gone", "desc": True}]}) == ["b", "a", "c"]


@pytest.mark.fault("rows that a hidden column colors are not colored")
def test_rows_have_the_color_of_a_hidden_column() -> None:
    """Its thresholds color them."""
    background = {"type": "color-background", "applyToRow": True}
    properties = [{"id": "custom.hidden", "value": True}, {"id": "custom.cellOptions", "value": background}]
    overrides = [{"matcher": {"id": "byName", "options": "Value"}, "properties": properties}]
    steps = [{"value": None, "color": "#010203"}, {"value": 2.5, "color": "#040506"}]
    defaults = {"thresholds": {"mode": "absolute", "steps": steps}, "color": {"mode": "thresholds"}}
    drawn = panel_picture(
        "table",
        series=NODES,
        target={"instant": True, "format": "table"},
        overrides=overrides,
        defaults=defaults,
    )
    assert (drawn.svg.count("#010203"), drawn.svg.count("#040506")) == (2, 1)
