"""Are the alerts in the cluster as compiled, does the Prometheus select them, and can it evaluate them?"""

from collections.abc import Iterator, Mapping

from dashboards_py.catalog import Release
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.fixes import Fixes, edited_fix
from dashboards_py.cluster.checks.monitors import READ
from dashboards_py.cluster.clients import Clients
from dashboards_py.cluster.options import Options
from dashboards_py.cluster.rule_object import compiled_rules, selection_problem
from dashboards_py.cluster.state import ALL, GROUP, RULES, Prometheus, State
from dashboards_py.doctor import Client, RulesToExamine, loaded_rules, loaded_rules_findings
from dashboards_py.documents.rule_files import rules_of
from dashboards_py.documents.value import Document
from dashboards_py.errors import DashboardsError, Fix, Remedy
from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.ownership import is_ours
from dashboards_py.remedies import VERIFY_PROMETHEUS
from dashboards_py.shapes import Ask
from dashboards_py.targets import Action
from dashboards_py.targets._prometheus_rule import difference

LOADED = "alerts in Prometheus"
SECONDS = 30.0  # that the question for loaded rules may take
CAUSES: Mapping[Action, str] = {Action.CONFLICT: "edited-object", Action.UPDATE: "older-rule"}


def alert_checks(
    clients: Clients,
    state: State,
    options: Options,
    release: Release,
    prometheus: Prometheus | None,
    ask: Ask | None,
    fixes: Fixes,
) -> Iterator[Check]:
    """The PrometheusRules with our label, wherever they are or were applied; nothing where alerts are not used."""
    recorded = {what.removeprefix("rules ") for what in state.record.created if what.startswith("rules ")}
    try:
        live = clients.kubectl.objects(RULES, ALL, "--show-managed-fields") if RULES in state.crds else []
    except DashboardsError as error:
        if recorded:
            yield Check("alerts", None, error.cause, READ.format("prometheusrules", GROUP), cause="missing-rights")
        return
    required = compiled_rules(release, options)
    name = f"PrometheusRule {required['metadata']['name']}"
    own = [body for body in live if is_ours(body) and body["metadata"]["name"] == required["metadata"]["name"]]
    for namespace in sorted(recorded - {body["metadata"]["namespace"] for body in own}):
        yield Check(name, False, f"is not in {namespace}, where it was applied", fixes.rules, cause="unloaded-rule")
    for body in own:
        yield _object(name, body, required, release, fixes)
        if prometheus and prometheus.can_be_queried:
            yield _selection(f"{name} selected", body, prometheus, state, fixes)
    if own and ask:
        yield from _loaded(ask, own[0])


def _object(name: str, live: Json, required: Json, release: Release, fixes: Fixes) -> Check:
    """Whether it has the alerts of the release; its labels are what a Prometheus selects by."""
    metadata = {**required["metadata"], "labels": {}}
    change = difference({**required, "metadata": metadata}, live, live["metadata"]["namespace"], overwrite=False)
    where = live["metadata"]["namespace"]
    if change.action == Action.UNCHANGED:
        return Check(name, True, f"in {where}, for Cilium {release}")
    edited = change.action == Action.CONFLICT
    observed = f"in {where}: {change.why}" if edited else f"in {where} has other alerts than those for Cilium {release}"
    fix = edited_fix(change.editors, fixes.take_over_rules, fixes.rules) if edited else fixes.rules
    return Check(name, False, observed, fix, cause=CAUSES[change.action])


def _selection(name: str, live: Json, prometheus: Prometheus, state: State, fixes: Fixes) -> Check:
    """Whether the Prometheus selects the object, by labels and by namespace."""
    problem = selection_problem(prometheus, live["metadata"].get("labels") or {}, live["metadata"]["namespace"], state)
    if not problem:
        return Check(name, True, f"by {prometheus.qualified_name}")
    observed = f"not by {prometheus.qualified_name}: {problem.cause}"
    fix: Fix = problem.fix or fixes.rules
    return Check(name, False, observed, fix, cause="unloaded-rule")


def _loaded(ask: Ask, live: Json) -> Iterator[Check]:
    """Whether the Prometheus has loaded the alerts of the object, and evaluates them."""
    loaded = loaded_rules(Client(ask, SECONDS))
    if loaded is None:
        fix = "give the address of the server that evaluates them: ", Remedy(VERIFY_PROMETHEUS, {"url": "URL"})
        yield Check(LOADED, None, "Prometheus does not say which rules it has", fix)
        return
    rules = rules_of((Document("PrometheusRule", live),), "PrometheusRule")
    findings = tuple(loaded_rules_findings([RulesToExamine("PrometheusRule", rules)], loaded))
    if not findings:
        yield Check(LOADED, True, f"{len(rules)} loaded, and evaluated without errors")
    for finding in findings:
        observed = ": ".join(filter(None, (finding.what, " ".join(finding.why.split()))))
        yield Check(LOADED, False, observed, finding.fix, cause=finding.rule)
