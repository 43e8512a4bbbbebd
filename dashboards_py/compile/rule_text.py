"""The texts of alerts: templates of Prometheus, with limits as people write them."""

import re
from collections.abc import Mapping

from dashboards_py import promql
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Level, Unit

LABEL = re.compile(r"\$labels\.(\w+)")
LIMIT = "[limit]"
WINDOW = "$__rate_interval"  # which stands for the window of an alert, as in boards
# Grafana prints "<no value>" for a label that is not there, and Prometheus nothing: `with` prints nothing in both.
OF_CLUSTER = "{{ with $labels.cluster }} in cluster {{ . }}{{ end }}"


def template_labels(text: str) -> frozenset[str]:
    """The labels that a template reads."""
    return frozenset(LABEL.findall(text))


def rename_labels(text: str, names: Mapping[str, str]) -> str:
    """The template with other names for labels."""
    return LABEL.sub(lambda match: f"$labels.{names.get(match[1], match[1])}", text)


def with_limit(text: str, level: Level | None, unit: Unit) -> str:
    """The text with the value of the limit in place of `[limit]`."""
    if LIMIT not in text:
        return text
    if level is None:
        raise DashboardsError(f"text {text!r}", cause="has [limit], but the alert compares with none")
    return text.replace(LIMIT, limit_text(level.value, unit))


def limit_text(value: float, unit: Unit) -> str:
    """A limit with its unit: `90%`, `2 s`, `7 days`, `3`."""
    if unit == "percentunit":
        return f"{promql.number_text(round(value * 100, 6))}%"
    suffix = {"s": " s", "ms": " ms", "suffix: days": " days", "reqps": "/s", "eps": "/s", "ops": "/s"}
    return promql.number_text(value) + suffix.get(unit, "/s" if unit == "count:pkt/s" else "")


def value_of(label: str) -> str:
    """The value of a label as part of a URL's query; nothing where the alert lacks it."""
    return f"{{{{ with $labels.{label} }}}}{{{{ . | urlquery }}}}{{{{ end }}}}"
