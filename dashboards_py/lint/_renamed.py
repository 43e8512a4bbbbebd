"""Rule ids of the previous version, which are accepted for one more version.

The command line prints the new id on stderr. Remove an entry one version after the rule was renamed.
"""

from collections.abc import Mapping

NEW_IDS: Mapping[str, str] = {
    "data-source-is-fixed": "hardcoded-datasource",
    "inputs-in-file": "unresolved-inputs",
    "label-is-not-there": "unknown-label",
    "legend-is-lost": "missing-legend-label",
    "metric-is-not-there": "unknown-metric",
    "panel-type-is-gone": "removed-panel-type",
    "query-does-not-parse": "invalid-promql",
    "query-twice": "duplicate-query",
    "scope-is-missing": "missing-scope-matcher",
    "title-twice": "duplicate-title",
    "value-is-never-taken": "impossible-label-value",
    "variable-is-not-there": "undefined-variable",
    "variable-is-not-used": "unused-variable",
}


def current_id(rule: str) -> str:
    """The current id of a rule; an id that was never renamed, or is unknown, is returned unchanged."""
    return NEW_IDS.get(rule, rule)
