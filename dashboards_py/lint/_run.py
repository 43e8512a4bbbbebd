"""Run the rules on a dashboard."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from inspect import cleandoc

from dashboards_py.board import Board, Panel
from dashboards_py.board.rules import board_of_rules, rule_title
from dashboards_py.catalog import Release
from dashboards_py.documents.rule import Rule
from dashboards_py.documents.rule_files import RuleSet
from dashboards_py.errors import DashboardsError
from dashboards_py.findings import Severity
from dashboards_py.findings.of_panel import Excused, Finding
from dashboards_py.lint._judged import JudgedRule, Records
from dashboards_py.lint._renamed import current_id
from dashboards_py.lint._rule import RULES, AlertRule, AnyRule, RuleWithSettings
from dashboards_py.lint._rule import Rule as PanelRule
from dashboards_py.lint._settings import Settings
from dashboards_py.promql.expand import renamed_metrics
from dashboards_py.queries import board_queries, is_cilium_metric

RECORDED = "recorded:"  # the beginning of another name for a recorded series


Check = Callable[[Board, Release, Settings], Iterator[tuple[Panel | None, str]]]
# The reasons for excuses, by panel id and rule.
Excuses = Mapping[int, Mapping[str, str]]


def rule_ids() -> tuple[str, ...]:
    """The ids of all rules, sorted."""
    return tuple(name.replace("_", "-") for name in RULES.names())


def manual_page(rule: str) -> str:
    """The manual page of a rule, by its current or old id; an unknown id raises DashboardsError."""
    if current_id(rule) not in rule_ids():
        raise DashboardsError(f"rule {rule}", cause="no rule has this id", fix=f"known: {', '.join(rule_ids())}")
    return cleandoc(_load(current_id(rule)).__doc__ or "")


def severity_of(rule: str) -> Severity:
    """The severity of a rule's findings."""
    severity: Severity = getattr(_load(rule), "SEVERITY", Severity.ERROR)
    return severity


def lint(
    board: Board,
    release: Release,
    excuses: Excuses | None = None,
    *,
    house_rules: bool = True,
    settings: Settings | None = None,
    rules: Collection[str] | None = None,
) -> tuple[list[Finding], list[Excused]]:
    """Run the rules for a Cilium release; returns the findings, and those that the dashboard's author excused.

    `house_rules` includes the rules of our own style (HOUSE_RULE), `rules` are the ids of those to run (None: all).
    Excuses may use old rule ids.
    """
    reasons = {
        panel_id: {current_id(rule): reason for rule, reason in by_rule.items()}
        for panel_id, by_rule in (excuses or {}).items()
    }
    findings: dict[Finding, None] = {}  # a set that keeps its order
    excused: list[Excused] = []
    for rule in rule_ids():
        if rules is not None and rule not in rules:
            continue
        check = _check_of_queries(rule)
        if check is None or (not house_rules and getattr(_load(rule), "HOUSE_RULE", False)):
            continue
        for panel, message in check(board, release, settings or Settings()):
            finding = Finding(board.uid or board.title, panel.title if panel else "", rule, message)
            reason = reasons.get(panel.id, {}).get(rule) if panel and panel.id is not None else None
            if reason:
                excused.append(Excused(finding, reason))
            else:
                findings[finding] = None
    order = {panel.title: index for index, panel in enumerate(board.panels)} | {"": -1}
    return sorted(findings, key=lambda finding: (order.get(finding.panel, len(order)), finding.rule)), excused


def lint_rules(
    rule_set: RuleSet,
    release: Release,
    records: Records,
    *,
    house_rules: bool = False,
    settings: Settings | None = None,
) -> list[Finding]:
    """Run the rules for queries and those for alerts on the rules of a document, for a Cilium release.

    `records` are the recording rules of all documents, which alerts may read.
    """
    board = board_of_rules(rule_set.name, [_readable(rule, records) for rule in rule_set.rules])
    judged = [JudgedRule(rule, records, number, rule_set.kind) for number, rule in enumerate(rule_set.rules, start=1)]
    findings: dict[tuple[int, str, str], None] = {}
    for name in rule_ids():
        module, check = _load(name), _check_of_queries(name)
        if isinstance(module, AlertRule):
            for one in judged:
                for message in module.check(one, release, settings or Settings()):
                    findings[one.number, name, message] = None
        elif check and _is_for_rules(module, rule_set, house_rules=house_rules):
            for panel, message in check(board, release, settings or Settings()):
                if panel is not None and panel.id is not None:
                    findings[panel.id, name, message.replace(RECORDED, "")] = None
    located = [(rule_set.rules[number - 1], name, message) for number, name, message in sorted(findings)]
    return [Finding(rule_set.name, rule_title(rule), name, message, rule.line) for rule, name, message in located]


def _is_for_rules(module: AnyRule, rule_set: RuleSet, *, house_rules: bool) -> bool:
    """True if a rule for queries judges those of a document's rules: no Prometheus stores what VMRules read."""
    if getattr(module, "BOARDS_ONLY", False) or (getattr(module, "HOUSE_RULE", False) and not house_rules):
        return False
    return rule_set.kind != "VMRule" or not getattr(module, "OF_NATIVE_HISTOGRAMS", False)


def _readable(rule: Rule, records: Records) -> Rule:
    """The rule with other names for recorded series that are named like metrics of Cilium, which they are not."""
    names = {name: f"{RECORDED}{name}" for name in records if is_cilium_metric(name)}
    return replace(rule, expr=renamed_metrics(rule.expr, names)) if names else rule


def unread_queries(board: Board, settings: Settings | None = None) -> tuple[tuple[str, str], ...]:
    """The locations of queries that cannot be parsed but may be valid, and the reasons why they are skipped."""
    queries = ((query.where, (settings or Settings()).unread_reason(query.expr)) for query in board_queries(board))
    return tuple(dict.fromkeys((where, reason) for where, reason in queries if reason))


def _load(rule: str) -> AnyRule:
    return RULES.load(rule.replace("-", "_"))


@cache
def _check_of_queries(rule: str) -> Check | None:
    """The check of a rule for queries; None for a rule for alerts. Telling them apart is slower than a short check."""
    module = _load(rule)
    if isinstance(module, AlertRule):
        return None
    if isinstance(module, RuleWithSettings):
        return module.check
    without_settings: PanelRule = module
    return lambda board, release, _: without_settings.check(board, release)
