"""unknown-template-label: an annotation or label of the alert names a label that its query cannot return.

The notification then has nothing in that place: "on node  of ". Keep the label in the aggregation, or do not name it.
Before: `sum(cilium_controllers_failing) > 0` with `{{ $labels.node }}`. After:
`sum by (node) (cilium_controllers_failing) > 0`.

Labels that the rule itself adds are not in `$labels`, only in the alert.
"""

from collections.abc import Iterator

from dashboards_py import promql
from dashboards_py.catalog import Release
from dashboards_py.documents.templates import labels_of_templates
from dashboards_py.findings import Severity
from dashboards_py.lint._judged import JudgedRule
from dashboards_py.lint._recorded_labels import result_labels, rule_label_lookup
from dashboards_py.lint._settings import Settings

SEVERITY = Severity.WARNING
OF_ALERTS = True


def check(judged: JudgedRule, release: Release, settings: Settings) -> Iterator[str]:
    """Labels in templates that no series of the result has."""
    rule = judged.rule
    if not rule.is_alert:
        return
    try:
        tree = promql.parse(rule.expr)
    except promql.QueryError:
        return
    possible = result_labels(tree, rule_label_lookup(judged.records, release, settings.labels))
    if possible is None:
        return
    for key, names in labels_of_templates({**rule.labels, **rule.annotations}).items():
        missing = [name for name in names if name not in possible and name != "__name__"]
        if missing:
            returned = ", ".join(sorted(possible)) if len(possible) <= 8 else "others"
            yield f"{key} names {', '.join(missing)}, but the query returns {returned or 'no labels'}"
