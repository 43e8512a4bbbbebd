"""GrafanaAlertRuleGroup of grafana-operator: one group, whose rules are those of Grafana's provisioning."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.objects import mapping, qualified_name, text
from dashboards_py.documents.rule_formats._carrier import GroupSource, Style


def groups(document: Mapping[str, Any]) -> Iterator[GroupSource]:
    """The group of the resource: its name, unless the specification has another."""
    if document.get("kind") != "GrafanaAlertRuleGroup":
        return
    name = qualified_name(document)
    spec = mapping(document, "spec")
    group = {**spec, "name": text(spec, "name") or text(document, "metadata", "name")}
    yield GroupSource(group, ("spec",), f"GrafanaAlertRuleGroup {name}".strip(), Style.GRAFANA)
