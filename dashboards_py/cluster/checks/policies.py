"""Do policies keep Prometheus from the ports with metrics? As far as their objects tell.

A scrape may be blocked at its end, by a policy that selects the component, or at its beginning, by one that selects
Prometheus. NetworkPolicies are not applied to pods on the host's network (agents, Envoy and usually the operator are),
host policies are: CiliumClusterwideNetworkPolicies with a nodeSelector, if the host firewall is on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from dashboards_py.catalog import Component
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.checks.policy_rules import (
    NODE,
    Direction,
    Endpoint,
    PolicyRules,
    allows,
    denies,
    isolates,
    rules_of,
    selects_endpoint,
)
from dashboards_py.cluster.state import Prometheus, State
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Json, Kubectl

BUILT_IN = {"NetworkPolicy": "networkpolicies.networking.k8s.io"}
KINDS = {
    "CiliumNetworkPolicy": "ciliumnetworkpolicies.cilium.io",
    "CiliumClusterwideNetworkPolicy": "ciliumclusterwidenetworkpolicies.cilium.io",
}
ON_HOST = frozenset({"cilium-agent", "hubble", "cilium-operator", "cilium-envoy"})  # unless their pods say otherwise
# Labels that Cilium adds to those of a pod (pkg/k8s/apis/cilium.io/const.go).
ACCOUNT, CLUSTER = "io.cilium.k8s.policy.serviceaccount", "io.cilium.k8s.policy.cluster"


def policy_checks(
    kubectl: Kubectl,
    state: State,
    components: Mapping[Component, str],
    prometheus: Prometheus | None,
    where: str,
    configuration: Mapping[str, str],
) -> Iterator[Check]:
    """One check for each component whose port a policy does not allow; undetermined, since not all can be seen.

    `where` is Cilium's namespace.
    """
    try:
        defined = {kind: plural for kind, plural in KINDS.items() if plural in state.kinds or not state.kinds}
        listed = kubectl.objects_by_kind(BUILT_IN | defined, "--all-namespaces")
        policies = [item for items in listed.values() for item in items]
        pods = kubectl.at(where).objects("pods") if policies else []
        own = kubectl.at(prometheus.namespace).objects("pods") if policies and prometheus else []
    except DashboardsError as error:
        yield Check(
            "network policies", None, f"may not be read: {error.cause}", error.suggestion, cause="missing-rights"
        )
        return
    rules = rules_of(policies)
    cluster = configuration.get("cluster-name", "default")
    sources = [_endpoint(item, state, cluster) for item in own if prometheus and _is_of(item, prometheus)]
    firewall = configuration.get("enable-host-firewall") == "true"
    blocked = False
    for component in components:
        matching = [item for item in pods if re.fullmatch(component.pod, item["metadata"]["name"])]
        ends = [_endpoint(item, state, cluster) for item in matching] or [NODE] * (component.name in ON_HOST)
        if component.port and (seen := blocking(rules, component.port, sources, ends, firewall=firewall)):
            yield Check(
                f"policies for {component.name}",
                None,
                *seen,
                cause="blocked-scrape",
                subjects=frozenset({component.name}),
            )
            blocked = True
    if not blocked:
        yield Check("network policies", True, f"none of {len(policies)} is in the way of a scrape, as far as they tell")


def blocking(
    rules: Sequence[PolicyRules],
    port: int,
    sources: Sequence[Endpoint],
    ends: Sequence[Endpoint],
    *,
    firewall: bool,
) -> tuple[str, str] | None:
    """What is seen of a policy that blocks a scrape, and its fix; of several pods with one purpose the first counts."""
    for end in ends[:1]:
        # Which node's address a Prometheus on the host's network has, objects do not tell.
        known = [] if any(source.is_node for source in sources) else sources
        if firewall or not end.is_node:
            if denied := _denying(rules, "ingress", port, end, known):
                return f"{denied} denies Prometheus port {port}", _fix_of_denial(denied, port)
            if closed := _isolating(rules, "ingress", port, end, known):
                observed = f"{closed} seems to allow no connection from Prometheus to port {port}"
                return observed, f"allow TCP port {port} from Prometheus in {closed}, or in a policy beside it"
    for source in sources[:1]:
        if source.is_node and not firewall:
            continue
        if denied := _denying(rules, "egress", port, source, ends):
            return f"{denied} denies Prometheus' own pods port {port}", _fix_of_denial(denied, port)
        if closed := _isolating(rules, "egress", port, source, ends):
            observed = f"{closed} seems to allow Prometheus' own pods no connection to port {port}"
            fix = f"allow egress to TCP port {port} in {closed}, or in a policy beside it"
            if any(end.is_node for end in ends):
                fix += "; it is on the nodes' addresses: a CiliumNetworkPolicy with toEntities: [host, remote-node]"
            return observed, fix
    return None


def _fix_of_denial(name: str, port: int) -> str:
    return f"take TCP port {port} out of what {name} denies: no other policy can allow it"


def _denying(
    rules: Sequence[PolicyRules], direction: Direction, port: int, subject: Endpoint, peers: Sequence[Endpoint]
) -> str:
    """The policy that denies the subject the port, "" if none does."""
    own = [one for one in rules if selects_endpoint(one, subject)]
    return next((one.name for one in own if denies(one, direction, port, peers)), "")


def _isolating(
    rules: Sequence[PolicyRules], direction: Direction, port: int, subject: Endpoint, peers: Sequence[Endpoint]
) -> str:
    """The policy that isolates the subject, "" if none does, or if one allows the port."""
    own = [one for one in rules if selects_endpoint(one, subject)]
    if any(allows(one, direction, port, peers) for one in own):
        return ""
    return next((one.name for one in own if isolates(one, direction)), "")


def _endpoint(item: Json, state: State, cluster: str) -> Endpoint:
    """A pod; one on the host's network is its node."""
    spec = item.get("spec") or {}
    if spec.get("hostNetwork"):
        return NODE
    namespace = item["metadata"]["namespace"]
    labels = (state.namespaces.get(namespace) or {"metadata": {}})["metadata"].get("labels") or {}
    added = {ACCOUNT: spec.get("serviceAccountName") or "default", CLUSTER: cluster}
    return Endpoint(
        namespace,
        {**(item["metadata"].get("labels") or {}), **added},
        {"kubernetes.io/metadata.name": namespace, **labels},
    )


def _label(item: Json, name: str) -> str | None:
    return (item["metadata"].get("labels") or {}).get(name)


def _is_of(item: Json, prometheus: Prometheus) -> bool:
    """Whether a pod is of the Prometheus object, by labels that the operator sets.

    Sources: pkg/prometheus/labels.go of prometheus-operator; SelectorLabels() of VMAgent in VictoriaMetrics' operator.
    """
    if prometheus.is_victoria_metrics:
        names = (_label(item, "app.kubernetes.io/name"), _label(item, "app.kubernetes.io/instance"))
        return names == ("vmagent", prometheus.name)
    return prometheus.name in (_label(item, "operator.prometheus.io/name"), _label(item, "prometheus"))
