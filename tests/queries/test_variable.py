"""Queries of variables."""

import pytest

from dashboards_py.board import Variable
from dashboards_py.queries import VariableQuery, variable_query
from dashboards_py.queries.variable import source_labels


@pytest.mark.fault("`label_values( cilium_x , node)` and query_result(...) are forgotten by `values`")
@pytest.mark.parametrize(
    ("text", "expected", "executed_query"),
    [
        ("label_values(x, node)", VariableQuery("label_values", "x", "node"), "group by (node) (x)"),
        (" label_values ( x , node ) ", VariableQuery("label_values", "x", "node"), "group by (node) (x)"),
        ("label_values(node)", VariableQuery("label_values", "", "node"), ""),
        (
            'label_values(x{a="b,c", d=~"e(f)"},\n node)',
            VariableQuery("label_values", 'x{a="b,c", d=~"e(f)"}', "node"),
            'group by (node) (x{a="b,c", d=~"e(f)"})',
        ),
        ("label_values(x, $label)", VariableQuery("label_values", "x", "$label"), "group by ($label) (x)"),
        ("label_values(x, ${l:raw})", VariableQuery("label_values", "x", "${l:raw}"), "group by (${l:raw}) (x)"),
        ('label_values(x, "a.b")', VariableQuery("label_values", "x", '"a.b"'), 'group by ("a.b") (x)'),
        ("query_result(topk(3, x))", VariableQuery("query_result", "topk(3, x)"), "topk(3, x)"),
        ("metrics(cilium_.*)", VariableQuery("metrics"), ""),
        ("label_names()", VariableQuery("label_names"), ""),
        ("label_names(x)", VariableQuery("label_names", "x"), "x"),
        ('x{a="b"}', VariableQuery("series", 'x{a="b"}'), 'x{a="b"}'),
        ("SELECT a FROM b", VariableQuery(""), ""),
        ("", VariableQuery(""), ""),
    ],
)
def test_forms(text: str, expected: VariableQuery, executed_query: str) -> None:
    """Each of Grafana's forms is parsed into the PromQL that it runs."""
    query = variable_query(text)
    assert query == expected
    assert query.executed_query == executed_query
    assert variable_query(str(query)) == query or query.kind in ("metrics", "")


@pytest.mark.parametrize(
    ("query", "regex", "labels"),
    [
        ("label_values(x, node)", "", {"node"}),
        ("label_values(x, $label)", "", set()),
        ("query_result(x)", '/.*source_workload="([^"]+)".*pod="(.*)"/', {"source_workload", "pod"}),
        ("query_result(x)", "/(.*)/", set()),
    ],
)
def test_labels_that_are_taken_from_the_answer(query: str, regex: str, labels: set[str]) -> None:
    """The label of label_values, and those that a pattern looks for in the text of query_result."""
    assert source_labels(Variable("v", "query", query, regex=regex)) == labels
