"""Rule ids of the previous version: accepted for one more version wherever an id can be given.

The command line names the new id on stderr. Remove an entry in the version after the one that renamed the rule.
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
    """The id that a rule has today; an id that was never renamed, or is unknown, is returned as it is."""
    return NEW_IDS.get(rule, rule)
