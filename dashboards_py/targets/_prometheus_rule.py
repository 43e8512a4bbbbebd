"""The alerts as a PrometheusRule: what would happen to the object, and applying it as it was read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboards_py.errors import ProblemsFound
from dashboards_py.kubernetes import Json, Kubectl
from dashboards_py.kubernetes.ownership import OWNER_LABEL, editors
from dashboards_py.kubernetes.selectors import required_labels, selects
from dashboards_py.targets._objects import apply_as_read, change_of, delete_as_deployed, left_over_object, with_fix
from dashboards_py.targets._plan import Action, Change

GROUP = "monitoring.coreos.com"
RULES = f"prometheusrules.{GROUP}"
SPEC = (("f:spec",),)
NO_KIND = "the cluster has no kind PrometheusRule"


def difference(required: Json, live: Json | None, namespace: str, *, overwrite: bool) -> Change:
    """What would happen to the object; if it is refused, `why` names the cause."""
    return change_of(required, live, () if _is_same(required, live or {}) else SPEC, namespace, overwrite=overwrite)


def _is_same(required: Json, live: Json) -> bool:
    labels: Mapping[str, Any] = live.get("metadata", {}).get("labels") or {}
    same_labels = all(labels.get(key) == value for key, value in required["metadata"]["labels"].items())
    return same_labels and live.get("spec") == required["spec"]


def rule_editors(live: Json) -> list[str]:
    """Managers, other than those of our deployments, that last set a part of the rules."""
    return editors(live, SPEC)


def plan_rules(kubectl: Kubectl, body: Json, *, overwrite: bool) -> tuple[Json, Change]:
    """The object with labels by which a Prometheus selects it, and what would happen to it in kubectl's namespace."""
    name = body["metadata"]["name"]
    if RULES not in kubectl.run("api-resources", f"--api-group={GROUP}", "--output=name").split():
        fix = "install prometheus-operator's CRDs, or load another file of rules"
        return body, Change(name, Action.IMPOSSIBLE, f"PrometheusRule {name}: {NO_KIND}: {fix}")
    try:
        labels = _labels(body["metadata"]["labels"], kubectl.objects(f"prometheuses.{GROUP}", "--all-namespaces"))
    except ProblemsFound as error:
        why = f"PrometheusRule {name}: {error.what} {error.cause}: {error.fix}"
        return body, Change(name, Action.IMPOSSIBLE, why)
    required = {**body, "metadata": {**body["metadata"], "labels": labels}}
    live = _live(kubectl, name)
    return required, with_fix(difference(required, live, kubectl.namespace, overwrite=overwrite))


def apply_rules(kubectl: Kubectl, required: Json, commit: str, *, overwrite: bool) -> None:
    """Apply the object, unless it was edited or is not ours by now; the API server refuses what changes in between."""
    live = _live(kubectl, required["metadata"]["name"])
    change = difference(required, live, kubectl.namespace, overwrite=overwrite)
    apply_as_read(kubectl, required, live, change, commit, overwrite=overwrite)


def leftover_rules(kubectl: Kubectl, name: str, *, prune: bool) -> Iterator[Change]:
    """A change for each PrometheusRule with our label in kubectl's namespace that has another name."""
    for live in kubectl.objects(RULES, "-l", "=".join(OWNER_LABEL), "--show-managed-fields"):
        if live["metadata"]["name"] != name:
            yield left_over_object(live, "no alerts of ours now", RULES, kubectl.namespace, prune=prune)


def delete_rules(kubectl: Kubectl, name: str) -> None:
    """Delete a PrometheusRule that still is as we deployed it."""
    delete_as_deployed(kubectl, "prometheusrules", _live(kubectl, name))


def _live(kubectl: Kubectl, name: str) -> Json | None:
    return next(iter(kubectl.objects(RULES, name, "--show-managed-fields")), None)


def _labels(labels: Mapping[str, str], prometheuses: Sequence[Json]) -> Mapping[str, str]:
    """The labels of the object: those of a house, or those that the only Prometheus selects by.

    Raises ProblemsFound if there is a Prometheus, and none selects it.
    """
    from dashboards_py.configuration import DEFAULTS

    selectors = [body["spec"].get("ruleSelector") for body in prometheuses]
    if not prometheuses or any(selects(selector, labels) for selector in selectors):
        return labels
    names = ", ".join(f"{body['metadata']['namespace']}/{body['metadata']['name']}" for body in prometheuses)
    own = {key: value for key, value in labels.items() if key != OWNER_LABEL[0]}
    if own == dict(DEFAULTS.alerts.selector) and len(selectors) == 1 and selectors[0] is not None:
        return {**dict([OWNER_LABEL]), **required_labels(selectors[0])}
    shown = ", ".join(f"{key}={value}" for key, value in own.items()) or "none"
    cause = f"selects no rules with the labels {shown}"
    raise ProblemsFound(f"Prometheus {names}", cause=cause, fix="set alerts.selector to the labels of its ruleSelector")
