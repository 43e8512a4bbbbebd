"""An alerting or recording rule as a value."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a group: `name` is the alert's, or that of the series that it records.

    `wait` is its `for`, `interval` its group's; they and `keep_firing_for` are as written, "" if missing. `line` is its
    line in the file, 0 if unknown. Of an alert of Grafana, `expr` is the query with the condition as PromQL. `settings`
    are others of the rule and its group, by key, without those that have their default.
    """

    group: str
    name: str
    is_alert: bool
    expr: str
    wait: str = ""
    keep_firing_for: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    interval: str = ""
    is_grafana: bool = False
    settings: Mapping[str, str] = field(default_factory=dict, hash=False)
    line: int = field(default=0, compare=False)


def plain_text(value: Any) -> str:
    """A text or number as text; "" for anything else."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def setting_texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as texts, without those that are empty or false."""
    return {
        key: value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
        for key, value in values.items()
        if value not in (None, False, "", [], {})
    }


def texts(value: Any) -> dict[str, str]:
    """The texts and numbers of a map."""
    return {key: plain_text(inner) for key, inner in value.items()} if isinstance(value, Mapping) else {}
