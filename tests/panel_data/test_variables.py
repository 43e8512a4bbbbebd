"""Variables when a board opens, and texts with variables."""

from typing import Any

import pytest

from dashboards_py.panel_data import VariableValue, interpolate, opening_values
from dashboards_py.panel_data.interpolate import written_as_is
from tests.panel_data.known_series import HOUR, Known, board, constant

LABELS = {"node": ("b10", "b9", "a"), "cluster": ("one", "two")}


def opened(*variables: dict[str, Any], chosen: dict[str, tuple[str, ...]] | None = None) -> dict[str, VariableValue]:
    """What the variables of a board hold."""
    source = Known(constant(({"__name__": "up", "node": "n1"}, 2)), LABELS)
    values = opening_values(board(variables=variables), HOUR, source, chosen)
    assert values.problems == ()
    return {name: value for name, value in values.values.items() if not name.startswith("__")}


def query(name: str, text: str = "label_values(up, node)", **options: Any) -> dict[str, Any]:
    """A query variable."""
    return {"name": name, "type": "query", "query": {"query": text, "refId": "x"}, **options}


@pytest.mark.parametrize(
    ("variable", "values"),
    [
        ({"type": "custom", "query": "server,client"}, ("server",)),
        ({"type": "custom", "query": r"Of all : 1\,2, two : 2"}, ("1,2",)),
        ({"type": "custom", "query": "a,b", "current": {"value": "b"}}, ("b",)),
        ({"type": "custom", "query": "a,b", "current": {"value": "gone"}}, ("a",)),
        ({"type": "custom", "query": "a,b", "includeAll": True, "multi": True}, ("a", "b")),
        ({"type": "constant", "query": "c"}, ("c",)),
        ({"type": "textbox", "query": "typed"}, ("typed",)),
        ({"type": "textbox", "query": "typed", "current": {"value": "other"}}, ("other",)),
        ({"type": "datasource", "query": "prometheus"}, ("prometheus",)),
        ({"type": "interval", "query": "1m,10m"}, ("1m",)),
        ({"type": "interval", "query": "1m,10m", "current": {"value": "10m"}}, ("10m",)),
        ({"type": "interval", "query": "1m", "auto": True, "auto_count": 60, "auto_min": "10s",
          "current": {"value": "$__auto_interval_x"}}, ("1m",)),
        ({"type": "switch", "current": {"value": "on"}}, ("on",)),
    ],
)  # fmt: skip
def test_variables_without_a_query(variable: dict[str, Any], values: tuple[str, ...]) -> None:
    """What was saved if it is an option still, else the first option."""
    assert opened({"name": "x", **variable})["x"].values == values


@pytest.mark.parametrize(
    ("options", "values"),
    [
        ({}, ("b10",)),
        ({"sort": 1}, ("a",)),
        ({"sort": 2}, ("b9",)),
        ({"sort": 4}, ("b10",)),
        ({"sort": 8}, ("b10",)),
        ({"includeAll": True}, ("b10", "b9", "a")),
        ({"includeAll": True, "allValue": ".*"}, (".*",)),
        ({"includeAll": True, "current": {"value": ["a", "b9"]}, "multi": True}, ("b9", "a")),
        ({"includeAll": True, "current": {"value": ["gone"]}, "multi": True, "sort": 1}, ("a", "b10", "b9")),
        ({"current": {"value": "a"}}, ("a",)),
        ({"regex": "/^(b)(?<value>[0-9]+)/"}, ("10",)),
        ({"regex": "/[a-z]([0-9]*)/", "includeAll": True}, ("10", "9", "")),
        ({"regex": "/^(?!b)/"}, ("a",)),
        ({"regex": "a|b9", "includeAll": True}, ("b9", "a")),
        ({"regex": "/nothing/", "multi": True, "includeAll": True}, ()),
    ],
)
def test_query_variables(options: dict[str, Any], values: tuple[str, ...]) -> None:
    """The first value in order, or all of them; a regex chooses and cuts."""
    assert opened(query("x", **options))["x"].values == values


def test_a_chosen_value_wins() -> None:
    """One, several, one that is no option, and All by name."""
    variables = [query("x", current={"value": "a"}, includeAll=True, multi=True), query("y"), query("z")]
    values = opened(*variables, chosen={"x": ("All",), "y": ("p", "q"), "none": ("n",)})
    assert {name: value.values for name, value in values.items()} == {
        "x": ("b10", "b9", "a"), "y": ("p", "q"), "z": ("b10",),
    }  # fmt: skip
    assert (values["x"].text, values["y"].text) == ("All", "p + q")


def test_a_variable_may_use_another_wherever_it_stands() -> None:
    """The selector is written with the other variable's value; two that use each other end."""
    source = Known(labels=LABELS)
    variables = (
        query("x", 'label_values(up{cluster=~"$cluster"}, node)'),
        query("cluster", "label_values(cluster)", includeAll=True, multi=True),
        query("p", "label_values(up{a=~'$q'}, node)"),
        query("q", "label_values(up{a=~'$p'}, node)"),
    )
    opening_values(board(variables=variables), HOUR, source)
    assert ("label_values", "node", 'up{cluster=~"(one|two)"}') in source.requests


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("metrics(^cil)", ("cilium_version",)),
        ("query_result(up == 2)", (f'up{{node="n1"}} 2 {HOUR.end * 1000:.0f}',)),
        ("up", ('up{node="n1"}',)),
    ],
)
def test_other_queries(text: str, values: tuple[str, ...]) -> None:
    """Names of metrics, results of a query with value and time, series."""
    source = Known(constant(({"__name__": "up", "node": "n1"}, 2)), {"__name__": ("up", "cilium_version")})
    assert opening_values(board(variables=(query("x", text),)), HOUR, source).values["x"].values == values


def test_what_cannot_be_asked_is_a_problem() -> None:
    """A sentence with the variable's name; the board opens without its values."""
    values = opening_values(board(variables=(query("x", "label_names()"), query("y"))), HOUR, Known(refused="busy"))
    assert values.problems == (
        "variable x has no values: its query cannot be asked here: label_names()",
        "variable y has no values: busy",
    )
    assert [values.values[name].values for name in "xy"] == [("",), ("",)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("$x ${x} [[x]] $none ${none:regex} $1", "{a.b,c} {a.b,c} {a.b,c} $none ${none:regex} $1"),
        ("${x:regex}", r"(a\.b|c)"),
        ("${x:pipe} ${x:csv} [[x:raw]]", "a.b|c a.b,c a.b,c"),
        ("${x:json} ${x:singlequote} ${x:doublequote}", '["a.b", "c"] \'a.b\',\'c\' "a.b","c"'),
        ("${x:text} ${x:queryparam} ${x:percentencode}", "a.b + c var-x=a.b&var-x=c %7Ba.b%2Cc%7D"),
        ("${x:join: / } ${x:sqlstring} ${x:html} ${x:unknown}", "a.b / c 'a.b','c' a.b, c {a.b,c}"),
        ("${__from:date:iso} ${__from:date:seconds}", "1970-01-02T03:46:40.000Z 100000"),
        ("${__from:date:YYYY-MM-DD} [[__from]]", "1970-01-02 100000000"),
    ],
)  # fmt: skip
def test_formats(text: str, written: str) -> None:
    """formatRegistry.ts in @grafana/scenes."""
    variables = {"x": VariableValue(("a.b", "c")), **written_as_is(__from="100000000")}
    assert interpolate(text, variables) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (VariableValue(("a.b",)), "a.b"),
        (VariableValue(('q"\\',)), 'q\\"\\\\'),
        (VariableValue(('job="x"',)), 'job="x"'),
        (VariableValue(("a.b",), is_multi=True), r"a\\.b"),
        (VariableValue(("a.b", "c\\"), is_multi=True), r"(a\\.b|c\\\\)"),
        (VariableValue((), is_multi=True), "()"),
        (VariableValue((".*",), is_multi=True, as_is=True), ".*"),
    ],
)
def test_values_in_promql(value: VariableValue, written: str) -> None:
    """Regular expressions where a choice of several is possible, as interpolateQueryExpr in Grafana's data source."""
    assert interpolate("$x", {"x": value}, "promql") == written
