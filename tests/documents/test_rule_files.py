"""Alerting and recording rules in the documents that people keep them in."""

import base64
import json
from typing import Any

import pytest
import yaml

from dashboards_py.documents.rule_files import Rule, RuleSet, is_about_rules, rule_sets_in
from dashboards_py.errors import DashboardsError

ALERT = {
    "alert": "Full",
    "expr": "cilium_bpf_map_pressure > 0.9",
    "for": "10m",
    "keep_firing_for": "5m",
    "labels": {"severity": "critical"},
    "annotations": {"summary": "{{ $labels.map_name }}"},
}
GROUP = {"name": "cilium", "interval": "30s", "rules": [{"record": "a:b", "expr": "up"}, ALERT]}
FILE = {"groups": [GROUP]}
TEXT = yaml.safe_dump(FILE)
RULES = (
    Rule("cilium", "a:b", is_alert=False, expr="up", interval="30s"),
    Rule(
        "cilium",
        "Full",
        is_alert=True,
        expr="cilium_bpf_map_pressure > 0.9",
        wait="10m",
        keep_firing_for="5m",
        labels={"severity": "critical"},
        annotations={"summary": "{{ $labels.map_name }}"},
        interval="30s",
    ),
)
META = {"metadata": {"namespace": "n", "name": "x"}}
MAP = {"additionalPrometheusRulesMap": {"cilium": FILE}}


def resource(api: str, kind: str, **rest: Any) -> dict[str, Any]:
    """An object of Kubernetes."""
    return {"apiVersion": api, "kind": kind, **META, **rest}


# The documents of a file, and the name of the document with the rules, "" for the file itself.
FORMS: dict[str, tuple[list[Any], str]] = {
    "rule file": ([FILE], ""),
    "mimirtool": ([{"namespace": "net", **FILE}], "namespace net"),
    "PrometheusRule": ([resource("monitoring.coreos.com/v1", "PrometheusRule", spec=FILE)], "PrometheusRule n/x"),
    "PrometheusRule without apiVersion": ([{"kind": "PrometheusRule", **META, "spec": FILE}], "PrometheusRule n/x"),
    "VMRule": ([resource("operator.victoriametrics.com/v1beta1", "VMRule", spec=FILE)], "VMRule n/x"),
    "managed Prometheus": ([resource("monitoring.googleapis.com/v1", "ClusterRules", spec=FILE)], "ClusterRules n/x"),
    "List": (
        [{"apiVersion": "v1", "kind": "List", "items": [{"kind": "PrometheusRule", **META, "spec": FILE}]}],
        "PrometheusRule n/x",
    ),
    "many documents": ([{"kind": "Namespace"}, {"kind": "PrometheusRule", **META, "spec": FILE}], "PrometheusRule n/x"),
    "ConfigMap": (
        [resource("v1", "ConfigMap", data={"notes.txt": "groups", "r.yaml": TEXT})],
        "ConfigMap n/x: data[r.yaml]",
    ),
    "ConfigMap, JSON": (
        [resource("v1", "ConfigMap", data={"r.json": json.dumps(FILE)})],
        "ConfigMap n/x: data[r.json]",
    ),
    "Secret": (
        [resource("v1", "Secret", data={"r.yaml": base64.b64encode(TEXT.encode()).decode()})],
        "Secret n/x: data[r.yaml]",
    ),
    "kube-prometheus-stack, map": ([MAP], ""),
    "kube-prometheus-stack, list": ([{"additionalPrometheusRules": [{"name": "cilium", **FILE}]}], "cilium"),
    "prometheus chart": ([{"serverFiles": {"alerting_rules.yml": FILE, "prometheus.yml": {"rule_files": []}}}], ""),
    "grafana chart, rules of Prometheus": ([{"alerting": {"rules.yaml": FILE}}], ""),
    "subchart": ([{"kube-prometheus-stack": MAP}], ""),
    "HelmRelease": (
        [
            resource(
                "helm.toolkit.fluxcd.io/v2",
                "HelmRelease",
                spec={"chart": {"spec": {"chart": "kube-prometheus-stack"}}, "values": MAP},
            )
        ],
        "HelmRelease n/x",
    ),
    "Application, text": (
        [
            resource(
                "argoproj.io/v1alpha1",
                "Application",
                spec={"source": {"chart": "kube-prometheus-stack", "helm": {"values": yaml.safe_dump(MAP)}}},
            )
        ],
        "Application n/x",
    ),
    "Application, object": (
        [
            resource(
                "argoproj.io/v1alpha1",
                "Application",
                spec={"sources": [{"chart": "kube-prometheus-stack", "helm": {"valuesObject": MAP}}]},
            )
        ],
        "Application n/x",
    ),
    "HelmChart": (
        [
            resource(
                "helm.cattle.io/v1",
                "HelmChart",
                spec={"chart": "kube-prometheus-stack", "valuesContent": yaml.safe_dump({"x": MAP})},
            )
        ],
        "HelmChart n/x",
    ),
    "Kustomization": (
        [{"helmCharts": [{"name": "kube-prometheus-stack", "valuesInline": MAP}]}],
        "Kustomization kube-prometheus-stack",
    ),
    "mixin": ([{"prometheusAlerts": FILE}], "prometheusAlerts"),
}


@pytest.mark.fault("rules in Helm values, ConfigMaps, VMRules and files of mimirtool are not read")
@pytest.mark.parametrize(("documents", "document"), FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_each_form_holds_the_same_rules(documents: list[Any], document: str, mark: bytes) -> None:
    """Whatever the document, its rules are those of the plain file, with all that belongs to them."""
    source = mark + yaml.safe_dump_all(documents).encode()
    assert is_about_rules(source)
    assert rule_sets_in(source, "f.yaml") == (RuleSet(f"f.yaml: {document}" if document else "f.yaml", RULES),)


@pytest.mark.parametrize(
    ("documents", "document"), [pytest.param(*form, id=name) for name, form in FORMS.items() if len(form[0]) == 1]
)
def test_json_is_read(documents: list[Any], document: str) -> None:
    """As JSON too, also with tabs, which YAML does not allow."""
    source = json.dumps(documents[0], indent="\t").encode()
    assert is_about_rules(source)
    assert rule_sets_in(source, "f.json") == (RuleSet(f"f.json: {document}" if document else "f.json", RULES),)


LINES = """\
kind: ConfigMap
apiVersion: v1
metadata: {name: c}
data:
  one.yaml: |
    # a comment
    groups:
      - name: g
        rules:
          - alert: A
            expr: up == 0
          - {alert: B, expr: up == 0}
  two.yaml: "groups: [{name: g, rules: [{alert: C, expr: up}]}]"
---
groups:
- rules:
  - expr: up
    alert: D
"""


def test_rules_have_lines() -> None:
    """The line of the file where a rule begins, also in a text of a ConfigMap; else that of the text."""
    rules = [rule for one in rule_sets_in(LINES.encode(), "f.yaml") for rule in one.rules]
    assert {rule.name: rule.line for rule in rules} == {"A": 10, "B": 12, "C": 13, "D": 17}


def test_labels_of_a_group_are_its_rules() -> None:
    """With the rule's own on top, as Prometheus has them."""
    group = {"name": "g", "labels": {"severity": "info", "team": "net"}, "rules": [ALERT]}
    ((rule_set),) = rule_sets_in(json.dumps({"groups": [group]}).encode(), "x")
    assert rule_set.rules[0].labels == {"severity": "critical", "team": "net"}


def grafana(*expressions: Any, condition: str, **rest: Any) -> bytes:
    """A file of Grafana's alert provisioning with one rule; the query is A."""
    query = {"refId": "A", "datasourceUid": "prom", "model": {"expr": "x", "instant": True}}
    data = [query, *({"refId": ref, "datasourceUid": "__expr__", "model": model} for ref, model in expressions)]
    rule = {"uid": "u", "title": "T", "condition": condition, "data": data, "for": "5m", **rest}
    group = {"orgId": 1, "name": "g", "folder": "f", "interval": "1m", "rules": [rule]}
    return json.dumps({"apiVersion": 1, "groups": [group]}).encode()


def condition(kind: str, *params: float, query: str = "A", operator: str = "and") -> dict[str, Any]:
    """A condition of a threshold or of classic conditions."""
    evaluator = {"type": kind, "params": [*params]}
    return {"evaluator": evaluator, "query": {"params": [query]}, "operator": {"type": operator}}


REDUCE = ("B", {"type": "reduce", "expression": "A", "reducer": "last"})
GRAFANA = {
    "threshold": (
        grafana(
            REDUCE, ("C", {"type": "threshold", "expression": "B", "conditions": [condition("gt", 3)]}), condition="C"
        ),
        "(x) > 3",
    ),
    "range": (
        grafana(
            ("C", {"type": "threshold", "expression": "A", "conditions": [condition("outside_range", 1, 3)]}),
            condition="C",
        ),
        "((x) < 1 or (x) > 3)",
    ),
    "math": (
        grafana(REDUCE, ("C", {"type": "math", "expression": "${B} > 3 || $A < 1"}), condition="C"),
        "(x) > 3 or (x) < 1",
    ),
    "math, one": (grafana(REDUCE, ("C", {"type": "math", "expression": "$B * 2 > 3"}), condition="C"), "(x) * 2 > 3"),
    "any value": (
        grafana(("C", {"type": "math", "expression": "is_number($A) || is_nan($A) || is_inf(${A})"}), condition="C"),
        "x",
    ),
    "any value, compared": (
        grafana(
            ("B", {"type": "math", "expression": "is_number($A) || is_nan($A)"}),
            ("C", {"type": "threshold", "expression": "B", "conditions": [condition("gt", 0)]}),
            condition="C",
        ),
        "x",
    ),
    "no value is a number": (grafana(("C", {"type": "math", "expression": "is_nan($A)"}), condition="C"), ""),
    "classic": (
        grafana(
            (
                "C",
                {"type": "classic_conditions", "conditions": [condition("lt", 3), condition("gt", 1, operator="or")]},
            ),
            condition="C",
        ),
        "(x) < 3 or (x) > 1",
    ),
    "no value": (
        grafana(("C", {"type": "classic_conditions", "conditions": [condition("no_value")]}), condition="C"),
        "absent(x)",
    ),
    "the query itself": (grafana(condition="A"), "x"),
    "SQL": (grafana(("C", {"type": "sql", "expression": "SELECT 1"}), condition="C"), ""),
    "missing condition": (grafana(condition="Z"), ""),
    "circle": (grafana(("C", {"type": "reduce", "expression": "C"}), condition="C"), ""),
}


@pytest.mark.fault("alerts of Grafana's provisioning are not read")
@pytest.mark.parametrize(("source", "expr"), GRAFANA.values(), ids=GRAFANA)
def test_alerts_of_grafana(source: bytes, expr: str) -> None:
    """The query with its condition as PromQL, or a note that says why the alert is not read."""
    (rule_set,) = rule_sets_in(source, "f.json")
    if expr:
        settings = {"folder": "f"}
        alert = Rule("g", "T", is_alert=True, expr=expr, wait="5m", interval="1m", is_grafana=True, settings=settings)
        assert (rule_set.rules, rule_set.notes) == ((alert,), ())
    else:
        assert rule_set.rules == ()
        assert rule_set.notes[0].startswith("group g, alert T: not read: ")


def test_a_group_of_grafana_operator() -> None:
    """GrafanaAlertRuleGroup is such a group."""
    group = json.loads(grafana(condition="A"))["groups"][0]
    source = json.dumps(resource("grafana.integreatly.org/v1beta1", "GrafanaAlertRuleGroup", spec=group)).encode()
    (rule_set,) = rule_sets_in(source, "f")
    assert (rule_set.name, [rule.name for rule in rule_set.rules]) == ("f: GrafanaAlertRuleGroup n/x", ["T"])


def test_logs_are_not_read() -> None:
    """A rule of Loki, and an alert of Grafana on logs, are noted: they are not PromQL."""
    group = {"name": "g", "rules": [{"alert": "L", "expr": 'sum(rate({app="x"} |= "error" [5m])) > 1'}, ALERT]}
    (rule_set,) = rule_sets_in(json.dumps({"groups": [group]}).encode(), "f")
    assert [rule.name for rule in rule_set.rules] == ["Full"]
    assert rule_set.notes == ("group g, L: not read: its expression is LogQL",)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "3",
        "[]",
        "groups: 3",
        "groups: []",
        "panels: []\ngroups: {}",
        "kind: ConfigMap\napiVersion: v1\ndata: {a: b}",
    ],
)
def test_other_documents_hold_no_rules(source: str) -> None:
    """Nothing for documents of other kinds; an error for what is no document."""
    assert rule_sets_in(source.encode(), "f.yaml") == ()
    with pytest.raises(DashboardsError, match=r"f\.yaml: is not YAML"):
        rule_sets_in(b"groups: [", "f.yaml")


def test_texts_that_expand_are_refused() -> None:
    """A short text of a ConfigMap may not become a long one; the others are read."""
    bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for name, before in zip("bcdef", "abcde", strict=True):
        bomb += f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    source = yaml.safe_dump(
        resource("v1", "ConfigMap", data={"a.yaml": f"{bomb}groups: []\n", "b.yaml": TEXT})
    ).encode()
    assert [rule_set.rules for rule_set in rule_sets_in(source, "f")] == [RULES]
