"""Rules of lint for alerts, and those for queries on alerts: faulty alerts are found, right ones are not."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml

from dashboards_py.alert_files import FORMATS
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile.rules import compile_rules
from dashboards_py.configuration import DEFAULTS
from dashboards_py.documents.rule import Rule
from dashboards_py.documents.rule_files import RuleSet, rule_sets_in, rules_of
from dashboards_py.documents.value import Document
from dashboards_py.lint import Finding, lint_rules, manual_page, records_of, rule_ids
from dashboards_py.lint._rule import RULES, AlertRule
from tests.lint.alerts import FAULTY, RECORDS, RIGHT, Alert, alert

OF_ALERTS = [name.replace("_", "-") for name, module in RULES.load_all().items() if isinstance(module, AlertRule)]


BY_PROGRAM = "reported-by-pint"  # whose findings are those of another program: tests/test_pint.py


def parsed(rule: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rule as read from a file; `interval` is that of its group."""
    group = {"name": "g", "interval": rule.get("interval", ""), "rules": [rule]}
    return rules_of((Document("f", {"groups": [group]}),), "f")


def lint(rule: Alert, release: Release = NEWEST) -> list[Finding]:
    """The findings on an alert that may read recorded series."""
    records = [Rule("r", name, is_alert=False, expr=expr) for name, expr in RECORDS.items()]
    rules = parsed(rule)
    return lint_rules(RuleSet("f", rules), release, records_of([*records, *rules]))


@pytest.mark.fault("lint finds no fault of alerts: those that never fire, never resolve, or hide one node")
@pytest.mark.parametrize(
    ("name", "rule", "release"),
    [
        pytest.param(name, rule, release, id=f"{name}: {rule['expr']}")
        for name, faulty in FAULTY.items()
        for rule, release in faulty
    ],
)
def test_faulty_alerts(name: str, rule: Alert, release: Release) -> None:
    """Each is reported by the rule for its fault."""
    assert name in {finding.rule for finding in lint(rule, release)}


@pytest.mark.fault("lint reports alerts that are right")
@pytest.mark.parametrize("rule", RIGHT.values(), ids=RIGHT)
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_right_alerts(rule: Alert, release: Release) -> None:
    """Nothing is found, on any release, but that a release lacks a metric."""
    findings = [finding for finding in lint(rule, release) if finding.rule != "unknown-metric" or release == NEWEST]
    assert findings == []


def test_a_limit_in_parts() -> None:
    """Since 1.20 the capacity is one series for each CIDR: the largest may be less than all addresses in use."""
    rule = alert("max by (node) (cilium_ip_addresses) / max by (node) (cilium_ipam_capacity) > 1.2")
    never = {release: "never-fires" in {finding.rule for finding in lint(rule, release)} for release in RELEASES}
    assert never == {release: release < (1, 20) for release in RELEASES}


def test_faults_of_each_rule(report: Callable[[str], None]) -> None:
    """Each rule for alerts has at least two faulty ones; all that are found are in the report."""
    assert {*OF_ALERTS} - {BY_PROGRAM} <= FAULTY.keys() <= {*rule_ids()}
    assert all(len(faulty) >= 2 for faulty in FAULTY.values())
    lines = []
    for rule, release in (one for faulty in FAULTY.values() for one in faulty):
        rules = ", ".join(dict.fromkeys(finding.rule for finding in lint(rule, release)))
        lines.append(f"  {' '.join(rule['expr'].split())[:100]:100} {rules}")
    head = f"lint of alerts: {len(lines)} faulty ones and what is found; nothing in {len(RIGHT)} right ones"
    report("\n".join([head, *lines]))


def example(text: str) -> Alert:
    """The alert that a manual page shows: its query, with `for:`, `labels:` or a template in spans of their own."""
    changes: Alert = {}
    expr = "cilium_controllers_failing > 0"
    for span in re.findall(r"`([^`]+)`", text):
        if re.match(r"(for|labels): ", span):
            changes |= yaml.safe_load(span)
        elif "{{" in span:
            changes["annotations"] = {"summary": span}
        else:
            expr = span
    return alert(expr, **changes)


@pytest.mark.parametrize("name", [name for name in OF_ALERTS if name != BY_PROGRAM])
def test_the_manual_page_shows_a_fault_and_its_fix(name: str) -> None:
    """The example before is reported by the rule, the one after by no rule that judges what it is about."""
    page = " ".join(manual_page(name).split())
    before, after = re.search(r"Before: (.*?)\.? After: (.*?)(?:\. |\.$)", page).groups()  # type: ignore[union-attr]
    assert name in {finding.rule for finding in lint(example(before))}, before
    assert name not in {finding.rule for finding in lint(example(after))}, after


@pytest.mark.fault("lint reports alerts of ours")
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_ours_are_clean(release: Release) -> None:
    """No rule finds anything in what is compiled for a release, in any carrier, and nothing in them is unread."""
    compiled = compile_rules(release)
    for name, file in FORMATS.load_all().items():
        text = yaml.safe_dump(file.document(compiled, DEFAULTS.alerts))
        sets = rule_sets_in(text.encode(), name)
        # VMRules lack what VictoriaMetrics cannot have.
        written = {alert.alert for alert in compiled.alerts if re.search(rf"\b{alert.alert}\b", text)}
        assert {rule.name for one in sets for rule in one.rules} == written
        records = records_of(rule for one in sets for rule in one.rules)
        for one in sets:
            assert one.notes == ()
            assert lint_rules(one, release, records, house_rules=True) == [], name
