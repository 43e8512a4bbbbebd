"""Static checks of dashboards. Each rule is a file in this package; its docstring is the rule's manual page."""

from dashboards_py.findings.of_panel import Excused, Finding
from dashboards_py.lint._empty import EmptyPanel, empty_without_classic
from dashboards_py.lint._fix import fixable, fixed_query
from dashboards_py.lint._fix_panels import datasource_variable, fixed_panel, with_variable
from dashboards_py.lint._judged import Records, records_of
from dashboards_py.lint._renamed import current_id
from dashboards_py.lint._run import (
    lint,
    lint_rules,
    manual_page,
    rule_ids,
    severity_of,
    unread_queries,
)
from dashboards_py.lint._settings import Settings, needs_promtool

__all__ = [
    "EmptyPanel",
    "Excused",
    "Finding",
    "Records",
    "Settings",
    "current_id",
    "datasource_variable",
    "empty_without_classic",
    "fixable",
    "fixed_panel",
    "fixed_query",
    "lint",
    "lint_rules",
    "manual_page",
    "needs_promtool",
    "records_of",
    "rule_ids",
    "severity_of",
    "unread_queries",
    "with_variable",
]
