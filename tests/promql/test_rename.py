"""Labels of a query get other names, and nothing else does."""

import pytest

from dashboards_py import promql

NAMES = {"node": "kubernetes_node", "cluster": "k8s_cluster"}


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("up", "up"),
        ("node", "node"),
        ('node{node=~"$node"}', 'node{kubernetes_node=~"$node"}'),
        ('up{x="node", node!="node"}', 'up{x="node", kubernetes_node!="node"}'),
        ("sum by (cluster, node) (up)", "sum by (k8s_cluster, kubernetes_node) (up)"),
        ("sum(up) without(node)", "sum(up) without(kubernetes_node)"),
        ("a * on(node) group_left(cluster) b", "a * on(kubernetes_node) group_left(k8s_cluster) b"),
        ("a and ignoring (node) b", "a and ignoring (kubernetes_node) b"),
        ('up{"node"="a"} or sum by ("node") (up)', 'up{"kubernetes_node"="a"} or sum by ("kubernetes_node") (up)'),
        (
            'label_replace(up, "node", "node", "cluster", "node")',
            'label_replace(up, "kubernetes_node", "node", "k8s_cluster", "node")',
        ),
        (
            "label_join(up, 'a', 'node', 'node', `cluster`)",
            "label_join(up, 'a', 'node', 'kubernetes_node', `k8s_cluster`)",
        ),
        ('count_values("node", up)', 'count_values("kubernetes_node", up)'),
        ('sort_by_label(up, "node")', 'sort_by_label(up, "kubernetes_node")'),
        ("rate(up{node=~'a'}[5m]) # by (node)", "rate(up{kubernetes_node=~'a'}[5m]) # by (node)"),
        ("sum by ($by, node) (up)", "sum by ($by, kubernetes_node) (up)"),
    ],
)
def test_labels_by_syntax(expr: str, expected: str) -> None:
    """Metrics, values, separators, replacements, comments and variables stay; it can be undone."""
    assert promql.rename_labels(expr, NAMES) == expected
    assert promql.rename_labels(expected, {new: old for old, new in NAMES.items()}) == expr


def test_two_names_may_be_exchanged() -> None:
    """Both at once."""
    assert promql.rename_labels("sum by (a, b) (up)", {"a": "b", "b": "a"}) == "sum by (b, a) (up)"


@pytest.mark.parametrize(
    "expr",
    [
        "sum by (node, kubernetes_node) (up)",
        'label_replace(up, "kubernetes_node", "$1", "node", "(.*)")',
        "up{k8s_cluster='a'}",
    ],
)
def test_a_name_that_is_used_already_is_refused(expr: str) -> None:
    """Two labels would become one."""
    with pytest.raises(promql.QueryError, match="already"):
        promql.rename_labels(expr, NAMES)
