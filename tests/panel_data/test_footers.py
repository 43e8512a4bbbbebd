"""Footers of tables: reductions of columns, where their names are, and their older form.

The expected texts follow useReducerEntries, SummaryCell and migrateFooterV2 of Grafana 12.4.
"""

from typing import Any

import pytest

from dashboards_py.panel_data.footers import FooterLine, footer_of
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType, Value
from dashboards_py.panel_data.old_tables import with_new_footer
from tests.preview.panels import panel_picture
from tests.preview.svg import texts

TABLE: dict[str, Any] = {"target": {"format": "table", "instant": True}}


def column(kind: FieldType, values: tuple[Value, ...], *reducers: str, unit: str = "") -> Field:
    """A column with reductions in its footer."""
    return Field(
        name="c",
        type=kind,
        values=values,
        config=FieldConfig(unit=unit, custom={"footer": {"reducers": list(reducers)}}),
    )


def lines(*fields: Field) -> list[list[tuple[str, str]]]:
    """The lines below each column: names and values."""
    return [[(line.name, line.value) for line in column_lines] for column_lines in footer_of(fields, dark=True)]


def test_columns_with_the_same_reductions_have_their_names_once() -> None:
    """In the first column, which has no number of its own."""
    nodes = column(FieldType.STRING, ("n1", "n2"), "sum", "max")
    loads = column(FieldType.NUMBER, (1500.0, 500.0), "sum", "max", unit="s")
    assert lines(nodes, loads) == [[("Total", ""), ("Max", "")], [("", "33.3 mins"), ("", "25 mins")]]


def test_columns_with_other_reductions_have_names_of_their_own() -> None:
    """Beside each value."""
    first, second = column(FieldType.NUMBER, (1.0, 3.0), "sum"), column(FieldType.NUMBER, (1.0, 3.0), "mean")
    assert lines(first, second) == [[("Total", "4")], [("Mean", "2")]]


def test_rows_are_counted_in_the_first_column_alone() -> None:
    """Without the unit of the column; a count of values too."""
    texts_column = column(FieldType.STRING, ("a", "b", "c"), "countAll")
    numbers = column(FieldType.NUMBER, (1.0, None, 3.0), "countAll", unit="bytes")
    assert lines(texts_column, numbers) == [[("Count", "3")], [("", "")]]
    assert lines(column(FieldType.NUMBER, (1.0, None, 3.0), "count", unit="bytes")) == [[("Count", "2")]]


def test_texts_have_no_sum() -> None:
    """A column of texts has what can be said of texts, in the lines that numbers have."""
    assert lines(column(FieldType.STRING, ("a", "b"), "sum")) == [[("Total", "")]]
    assert lines(column(FieldType.STRING, ("a", "b"), "sum", "last")) == [[("Total", ""), ("Last", "b")]]


def test_columns_without_a_footer_have_none() -> None:
    """And reductions that do not exist have no value."""
    plain = Field(name="c", type=FieldType.NUMBER, values=(1.0,))
    assert lines(plain) == [[]]
    assert footer_of([column(FieldType.NUMBER, (1.0,), "nonsense")], dark=True) == [[FooterLine("nonsense", "")]]


SUM, ROWS = {"footer": {"reducers": ["sum"]}}, {"footer": {"reducers": ["countAll"]}}
OF_VALUE = [
    {
        "matcher": {"id": "byName", "options": "Value"},
        "properties": [{"id": "custom.footer.reducers", "value": ["sum"]}],
    }
]


@pytest.mark.parametrize(
    ("footer", "defaults", "overrides"),
    [
        pytest.param({"show": True, "reducer": ["sum"]}, SUM, [], id="all columns"),
        pytest.param({"show": True, "reducer": ["sum"], "fields": ""}, SUM, [], id="no names"),
        pytest.param(
            {"show": True, "reducer": ["count"], "countRows": True},
            {"footer": {"reducers": ["countAll"]}},
            [],
            id="rows",
        ),
        pytest.param({"show": True, "reducer": ["sum"], "fields": ["Value"]}, {}, ["Value"], id="a named column"),
        pytest.param({"show": False, "reducer": ["sum"]}, {}, [], id="off"),
        pytest.param({"show": True}, {}, [], id="without reductions"),
    ],
)
def test_a_footer_of_the_old_form_is_one_of_fields(
    footer: dict[str, Any], defaults: dict[str, Any], overrides: list[str]
) -> None:
    """Reductions are options of the fields: of all, or of those that it names."""
    panel = with_new_footer({"type": "table", "options": {"footer": {**footer, "enablePagination": True}}})
    assert panel["options"] == {"footer": {"enablePagination": True}}
    config = panel.get("fieldConfig", {})
    assert config.get("defaults", {}).get("custom", {}) == defaults
    assert [override["matcher"]["options"]["names"] for override in config.get("overrides", [])] == (
        [overrides] if overrides else []
    )


@pytest.mark.fault("the footer of a table is not drawn")
@pytest.mark.parametrize(
    "setting",
    [
        {"custom": SUM},
        {"options": {"footer": {"show": True, "reducer": ["sum"], "fields": ["Value"]}}},
        {"overrides": OF_VALUE},
    ],
    ids=["today", "Grafana 12.1", "an override"],
)
def test_the_footer_is_drawn(setting: dict[str, Any]) -> None:
    """With the sum in the unit of its column, below rows that end above it."""
    series: dict[str, list[float | None]] = {f"n{number}": [1024.0] for number in range(30)}
    picture = panel_picture("table", series=series, defaults={"unit": "bytes"}, **TABLE, **setting)
    drawn = texts(picture.svg)
    assert drawn["footer"] == ["30 KiB"]
    assert drawn["footer-name"] == ["TOTAL"]
    assert len(drawn["cell"]) < len(texts(panel_picture("table", series=series, **TABLE).svg)["cell"])
    assert not picture.problems


@pytest.mark.fault("a column that an override hides by the name of today's option is drawn")
def test_an_override_of_a_part_of_an_option_is_applied() -> None:
    """`custom.hideFrom.viz`, which Grafana 12.2 makes of `custom.hidden`."""
    hidden = [
        {"matcher": {"id": "byName", "options": "node"}, "properties": [{"id": "custom.hideFrom.viz", "value": True}]}
    ]
    assert texts(panel_picture("table", overrides=hidden, **TABLE).svg)["column"] == ["Time", "Value"]
    assert "node" in texts(panel_picture("table", **TABLE).svg)["column"]
