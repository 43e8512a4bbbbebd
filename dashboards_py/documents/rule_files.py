"""Alerting and recording rules, in whatever document people keep them: see `rule_formats`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dashboards_py.documents.grafana_alerts import alert_of
from dashboards_py.documents.json import load_json
from dashboards_py.documents.languages import ensure_no_code
from dashboards_py.documents.limits import VALUES, Limits
from dashboards_py.documents.lines import Lines, Path
from dashboards_py.documents.objects import mappings, text
from dashboards_py.documents.rule import Rule, plain_text, setting_texts, texts
from dashboards_py.documents.rule_formats import GroupSource, Style, group_sources
from dashboards_py.documents.value import Document
from dashboards_py.documents.yaml import load_yaml_documents
from dashboards_py.errors import DashboardsError

__all__ = ["FIX", "Rule", "RuleSet", "is_about_rules", "rule_sets_in", "rules_of"]

FIX = (
    "give a rule file of Prometheus (`groups:`), a PrometheusRule or VMRule, a file of Grafana's alert provisioning, "
    "Helm values with additionalPrometheusRulesMap, or a ConfigMap that holds one"
)
ABOUT_RULES = re.compile(
    rb"PrometheusRule|VMRule|ClusterRules|GlobalRules|kind: Rules|AlertRuleGroup|prometheusAlerts|prometheusRules"
    rb"|serverFiles|kind[\"']?\s*:\s*[\"']?Secret|groups\\?[\"']?\s*:"
)
# A part of each alternative of ABOUT_RULES: a file without them, as most boards are, need not be searched for it.
PARTS = (b"Rule", b"prometheusAlerts", b"serverFiles", b"Secret", b"groups")
LOGQL = re.compile(r"[})]\s*(?:\|[=~]|\|\s*\w)")  # a pipe, which PromQL has not
# Keys of a rule and its group that have a field of their own.
READ = frozenset(
    {"name", "interval", "rules", "alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"}
)
LINES_UP_TO = 4 * 1024 * 1024  # bytes of a file in which lines are looked up


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one document.

    `name` is the file's, with the document in it if it is not the file itself; `kind` is the document's, such as
    PrometheusRule, "" for a plain file; `notes` are about anomalies.
    """

    name: str
    rules: tuple[Rule, ...]
    kind: str = field(default="", compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)


def is_about_rules(source: bytes) -> bool:
    """True if a file may hold groups of rules."""
    return any(part in source for part in PARTS) and ABOUT_RULES.search(source) is not None


def rules_of(documents: tuple[Document, ...], name: str) -> tuple[Rule, ...]:
    """The rules in the documents of a file; a file that holds no groups of rules raises DashboardsError."""
    sets = list(_sets(documents, name, None))
    if not sets:
        raise DashboardsError(name, cause="holds no groups of rules", fix=FIX)
    return tuple(rule for one in sets for rule in one.rules)


def rule_sets_in(source: bytes, name: str, limits: Limits = VALUES) -> tuple[RuleSet, ...]:
    """The rules in a file, JSON or YAML, by document; () if it holds none. Raises DashboardsError if it is neither."""
    ensure_no_code(source, name)
    start = source.lstrip(b"\xef\xbb\xbf \t\r\n")[:2]
    if start[:1] in (b"{", b"[") and start != b"{{":  # which a template of Helm begins with
        documents: tuple[Document, ...] = (load_json(source, name, limits),)
    else:
        documents = load_yaml_documents(source, name, VALUES)
    sets = tuple(_sets(documents, name, source))
    notes = [note for document in documents for note in document.notes]
    return (replace(sets[0], notes=(*notes, *sets[0].notes)), *sets[1:]) if sets else ()


def _sets(documents: Sequence[Document], name: str, source: bytes | None) -> Iterator[RuleSet]:
    lines = Lines(source, name) if source is not None and len(source) <= LINES_UP_TO else None
    for number, document in enumerate(documents):
        by_document: dict[str, list[tuple[Path, GroupSource]]] = {}
        for path, item in _items(document.value, ()):
            for group in group_sources(item):
                by_document.setdefault(group.document, []).append((path, group))
        for shown, groups in by_document.items():
            rules: list[Rule] = []
            notes: list[str] = []
            for path, group in groups:
                rules += _rules(group, number, path, lines, notes)
            yield RuleSet(f"{name}: {shown}" if shown else name, tuple(rules), shown.partition(" ")[0], tuple(notes))


def _items(value: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """A document, or the items of a List."""
    if not isinstance(value, Mapping):
        return
    if isinstance(value.get("items"), list):
        for index, item in mappings(value, "items"):
            yield from _items(item, (*path, "items", index))
    else:
        yield path, value


def _rules(source: GroupSource, document: int, path: Path, lines: Lines | None, notes: list[str]) -> Iterator[Rule]:
    group = source.group
    name, interval = plain_text(group.get("name")), plain_text(group.get("interval"))
    for index, raw in mappings(group, "rules"):
        step: Path = ("rules", index)
        outer, inner = (*path, *source.path), source.inner
        where = ((*outer, *step), None) if inner is None else (outer, (*inner, *step))
        line = lines.line(document, *where) if lines else 0
        if source.style is Style.GRAFANA:
            alert = alert_of(raw, name, interval, line, text(group, "folder"))
            if isinstance(alert, Rule):
                yield alert
            else:
                notes.append(f"group {name}, alert {text(raw, 'title')}: not read: {alert}")
        elif (rule := _rule(raw, group, name, interval, line)) is not None:
            if LOGQL.search(rule.expr):
                notes.append(f"group {name}, {rule.name}: not read: its expression is LogQL")
            else:
                yield rule


def _rule(raw: Mapping[str, Any], group: Mapping[str, Any], name: str, interval: str, line: int) -> Rule | None:
    alert, record, expr = raw.get("alert"), raw.get("record"), raw.get("expr")
    named = alert if isinstance(alert, str) else record
    if not isinstance(named, str) or not isinstance(expr, str | int | float) or isinstance(expr, bool):
        return None
    return Rule(
        name,
        named,
        is_alert=isinstance(alert, str),
        expr=str(expr),
        wait=plain_text(raw.get("for")),
        keep_firing_for=plain_text(raw.get("keep_firing_for")),
        # Labels of a group are those of all its rules, since Prometheus 3.0 (rulefmt.RuleGroup).
        labels={**texts(group.get("labels")), **texts(raw.get("labels"))},
        annotations=texts(raw.get("annotations")),
        interval=interval,
        settings=setting_texts({key: value for key, value in {**group, **raw}.items() if key not in READ}),
        line=line,
    )
