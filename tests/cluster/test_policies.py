"""Policies in the way of a scrape: of nodes and pods, at its end and its beginning, as values."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from dashboards_py.cluster.checks.policies import blocking
from dashboards_py.cluster.checks.policy_rules import NODE, Endpoint, rules_of

NATIVE, CILIUM, CLUSTERWIDE = "NetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"
RELAY = Endpoint("kube-system", {"k8s-app": "hubble-relay"}, {"team": "net"})
PROMETHEUS = Endpoint("monitoring", {"app": "prometheus"}, {"team": "sre"})
ALL: Mapping[str, Any] = {"endpointSelector": {}}
PORT = {"ports": [{"port": "9966", "protocol": "TCP"}]}


def policy(kind: str, namespace: str = "kube-system", **spec: Any) -> dict[str, Any]:
    """A policy; `specs` are the rules of one that has several."""
    metadata = {"name": "one"} if kind == CLUSTERWIDE else {"name": "one", "namespace": namespace}
    return {"kind": kind, "metadata": metadata, **(spec if "specs" in spec else {"spec": spec})}


def allowed(kind: str, *rules: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A policy of Relay's pods with rules for what comes in."""
    selector = {"podSelector": {}} if kind == NATIVE else ALL
    return policy(kind, ingress=list(rules), **selector, **more)


def sent(kind: str, *rules: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A policy of Prometheus' pods with rules for what goes out."""
    selector = {"podSelector": {}, "policyTypes": ["Egress"]} if kind == NATIVE else ALL
    return policy(kind, "monitoring", egress=list(rules), **selector, **more)


def block(
    policies: Sequence[Mapping[str, Any]],
    end: Endpoint = RELAY,
    source: Endpoint | None = PROMETHEUS,
    *,
    firewall: bool = False,
) -> str:
    """What is seen of a policy in the way of a scrape of port 9966, "" if none is."""
    sources = [source] if source else []
    seen = blocking(rules_of([dict(one) for one in policies]), 9966, sources, [end], firewall=firewall)
    return seen[0] if seen else ""


TO_NATIVE = {"from": [{"namespaceSelector": {"matchLabels": {"team": "sre"}}, "podSelector": {}}]}
FROM_SRE = {"fromEndpoints": [{"matchLabels": {"k8s:io.cilium.k8s.namespace.labels.team": "sre"}}]}
FROM_NAMESPACE = {"fromEndpoints": [{"matchLabels": {"k8s:io.kubernetes.pod.namespace": "monitoring"}}]}
NODES: Mapping[str, Any] = {"nodeSelector": {}}


@pytest.mark.fault("a policy keeps Prometheus from a port, and doctor --kube does not see it")
@pytest.mark.parametrize(
    ("policies", "end", "firewall", "text"),
    [
        pytest.param([allowed(NATIVE)], RELAY, False, "NetworkPolicy kube-system/one seems to", id="nothing comes in"),
        pytest.param([allowed(NATIVE, {"ports": [{"port": 1}]})], RELAY, False, "port 9966", id="another port"),
        pytest.param(
            [allowed(NATIVE, {"ports": [{"port": 9966, "protocol": "UDP"}]})], RELAY, False, "seems", id="UDP only"
        ),
        pytest.param(
            [allowed(NATIVE, {"from": [{"podSelector": {}}]})], RELAY, False, "seems", id="only its own namespace"
        ),
        pytest.param([allowed(CILIUM, {})], RELAY, False, "CiliumNetworkPolicy kube-system/one", id="deny all"),
        pytest.param(
            [allowed(CILIUM, {"fromEndpoints": [{}]})], RELAY, False, "seems", id="Cilium: only its own namespace"
        ),
        pytest.param([allowed(CILIUM, {"fromEntities": ["world"]})], RELAY, False, "seems", id="only from outside"),
        pytest.param(
            [policy(CILIUM, specs=[{**ALL, "egress": [{}]}, {**ALL, "ingress": [{}]}])],
            RELAY,
            False,
            "seems",
            id="second of several specs",
        ),
        pytest.param(
            [allowed(CILIUM, FROM_SRE), allowed(CILIUM, ingressDeny=[{**FROM_SRE, "toPorts": [PORT]}])],
            RELAY,
            False,
            "denies Prometheus port 9966",
            id="denied although allowed",
        ),
        pytest.param(
            [policy(CLUSTERWIDE, **NODES, ingress=[{"fromEntities": ["health"]}])],
            NODE,
            True,
            "CiliumClusterwideNetworkPolicy one seems",
            id="host firewall",
        ),
        pytest.param(
            [policy(CLUSTERWIDE, **NODES, ingressDeny=[{"fromEntities": ["cluster"], "toPorts": [PORT]}])],
            NODE,
            True,
            "denies",
            id="host firewall denies",
        ),
        pytest.param([sent(NATIVE)], NODE, False, "NetworkPolicy monitoring/one", id="Prometheus may send nothing"),
        pytest.param(
            [sent(NATIVE, {"to": [{"podSelector": {}, "namespaceSelector": {}}]})],
            NODE,
            False,
            "own pods no connection",
            id="all pods are not nodes",
        ),
        pytest.param(
            [sent(CILIUM, {"toEndpoints": [{}]})], RELAY, False, "own pods no connection", id="only its own namespace"
        ),
        pytest.param([sent(CILIUM, {"toEntities": ["world"]})], NODE, False, "own pods", id="only to the outside"),
        pytest.param(
            [sent(CILIUM, {"toEntities": ["all"]}, egressDeny=[{"toEntities": ["host", "remote-node"]}])],
            NODE,
            False,
            "denies Prometheus' own pods port 9966",
            id="nodes are denied",
        ),
        pytest.param(
            [policy(CILIUM, endpointSelector={}, ingressDeny=[{"toPorts": [{"ports": [{"port": "1"}]}]}])],
            RELAY,
            False,
            "CiliumNetworkPolicy kube-system/one seems to allow no connection",
            id="a denial of another port isolates as well",
        ),
    ],
)
def test_a_policy_in_the_way(policies: list[dict[str, Any]], end: Endpoint, firewall: bool, text: str) -> None:
    """The policy is named with the port."""
    assert text in block(policies, end, firewall=firewall)


@pytest.mark.fault("doctor --kube blames a policy that lets Prometheus through")
@pytest.mark.parametrize(
    ("policies", "end", "firewall"),
    [
        pytest.param([], RELAY, False, id="none"),
        pytest.param([allowed(NATIVE, TO_NATIVE)], RELAY, False, id="allowed by namespace"),
        pytest.param([allowed(NATIVE), allowed(NATIVE, TO_NATIVE)], RELAY, False, id="allowed by another"),
        pytest.param(
            [allowed(NATIVE, {"ports": [{"port": 9000, "endPort": 9999}]})], RELAY, False, id="a range of ports"
        ),
        pytest.param([allowed(NATIVE, {"ports": [{"port": "metrics"}]})], RELAY, False, id="a port by its name"),
        pytest.param([allowed(NATIVE, {"from": [{"ipBlock": {}}]})], RELAY, False, id="a block of addresses"),
        pytest.param([policy(NATIVE, "web", podSelector={})], RELAY, False, id="of another namespace"),
        pytest.param([policy(NATIVE, podSelector={}, policyTypes=["Egress"])], RELAY, False, id="egress of Relay"),
        pytest.param([allowed(NATIVE)], NODE, False, id="no NetworkPolicy selects a node"),
        pytest.param([policy(CILIUM, **ALL, ingress=[])], RELAY, False, id="Cilium: no rule isolates nothing"),
        pytest.param([allowed(CILIUM, FROM_SRE)], RELAY, False, id="Cilium: by labels of the namespace"),
        pytest.param([allowed(CILIUM, FROM_NAMESPACE)], RELAY, False, id="Cilium: by the namespace"),
        pytest.param([allowed(CILIUM, {"toPorts": [PORT]})], RELAY, False, id="Cilium: from anywhere"),
        pytest.param(
            [allowed(CILIUM, {"toPorts": [{"ports": [{"port": "0"}]}]})], RELAY, False, id="Cilium: port 0 is all"
        ),
        pytest.param([allowed(CILIUM, {"fromEntities": ["cluster"]})], RELAY, False, id="Cilium: from the cluster"),
        pytest.param(
            [allowed(CILIUM, {}, enableDefaultDeny={"ingress": False})], RELAY, False, id="Cilium: no default deny"
        ),
        pytest.param(
            [allowed(CILIUM, FROM_SRE, ingressDeny=[{"fromCIDR": ["0.0.0.0/0"]}])], RELAY, False, id="denied addresses"
        ),
        pytest.param([policy(CLUSTERWIDE, **NODES, ingress=[{}])], NODE, False, id="the host firewall is off"),
        pytest.param(
            [policy(CLUSTERWIDE, **NODES, ingress=[{"fromEntities": ["cluster"]}])], NODE, True, id="host firewall"
        ),
        pytest.param([sent(CILIUM, {"toEntities": ["remote-node"]})], NODE, False, id="to nodes"),
        pytest.param(
            [sent(CILIUM, {"toEndpoints": [{"matchLabels": {"reserved:host": ""}}]})], NODE, False, id="to the host"
        ),
        pytest.param(
            [sent(CILIUM, {"toEndpoints": [{"matchLabels": {"io.kubernetes.pod.namespace": "kube-system"}}]})],
            RELAY,
            False,
            id="to a namespace",
        ),
        pytest.param([sent(NATIVE, {"to": [{"namespaceSelector": {}}]})], RELAY, False, id="to all pods"),
    ],
)
def test_a_policy_that_is_not_in_the_way(policies: list[dict[str, Any]], end: Endpoint, firewall: bool) -> None:
    """It is not reported."""
    assert block(policies, end, firewall=firewall) == ""


def test_what_is_not_known_is_not_in_the_way() -> None:
    """Where the pods of Prometheus are not known, or are on the host's network, rules by origin may allow them."""
    by_origin = [allowed(CILIUM, {"fromEndpoints": [{"matchLabels": {"app": "web"}}]})]
    assert block(by_origin)
    assert block(by_origin, source=None) == block(by_origin, source=NODE) == ""
    assert block([sent(NATIVE)], source=NODE) == ""


def test_the_fix_for_nodes() -> None:
    """Egress to a node is allowed by entities, which the fix names; a denial has another fix."""
    seen = blocking(rules_of([sent(NATIVE)]), 9962, [PROMETHEUS], [NODE], firewall=False)
    assert seen
    assert "toEntities: [host, remote-node]" in seen[1]
    denial = sent(CILIUM, egressDeny=[{"toEntities": ["all"]}])
    seen = blocking(rules_of([denial]), 9962, [PROMETHEUS], [NODE], firewall=False)
    assert seen
    assert (
        seen[1]
        == "take TCP port 9962 out of what CiliumNetworkPolicy monitoring/one denies: no other policy can allow it"
    )
