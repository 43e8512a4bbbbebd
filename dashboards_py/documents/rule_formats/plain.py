"""Files with `groups`: of Prometheus, of mimirtool and Loki (with `namespace`), of Grafana's provisioning.

And the output of a Jsonnet mixin: `prometheusAlerts` and `prometheusRules`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.objects import is_object, text
from dashboards_py.documents.rule_formats._carrier import GroupSource, groups_at

MIXIN = ("prometheusAlerts", "prometheusRules")


def groups(document: Mapping[str, Any]) -> Iterator[GroupSource]:
    """The groups of the document itself."""
    if is_object(document):
        return
    namespace = text(document, "namespace")
    yield from groups_at(document, (), f"namespace {namespace}" if namespace else "")
    for key in MIXIN:
        yield from groups_at(document.get(key), (key,), key)
