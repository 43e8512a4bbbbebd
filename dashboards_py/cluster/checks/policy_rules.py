"""Rules of network policies: whom they select, what they isolate, allow and deny. Values only.

An ingress section that is empty ([]) denies nothing in Cilium's policies and everything in NetworkPolicies
(pkg/policy/api/rule.go of cilium/cilium, `policyTypes` in networking/v1). What cannot be judged from objects, such as
blocks of addresses, counts as allowed and not as denied.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboards_py.kubernetes import Json
from dashboards_py.kubernetes.selectors import selects

Direction = Literal["ingress", "egress"]
FROM: Mapping[Direction, str] = {"ingress": "from", "egress": "to"}  # how the keys of its peers begin
NAMESPACE = "io.kubernetes.pod.namespace"  # the label by which Cilium's selectors know a namespace
NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels."
# Peers of Cilium's rules that are not compared with pods, by the end of their keys.
UNKNOWN = ("CIDR", "CIDRSet", "Groups", "Nodes", "Services")
POD_ENTITIES = frozenset({"all", "cluster"})
NODE_ENTITIES = frozenset({"all", "cluster", "host", "remote-node"})
NODE_LABELS = ("reserved:host", "reserved:remote-node")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A pod with its labels and those of its namespace, or a node, whose address pods on its network have."""

    namespace: str = ""
    labels: Mapping[str, str] | None = None
    namespace_labels: Mapping[str, str] | None = None

    @property
    def is_node(self) -> bool:
        """Whether it is a node."""
        return self.labels is None


NODE = Endpoint()


@dataclass(frozen=True, slots=True)
class PolicyRules:
    """The rules of a policy for one selector: Cilium's may have several. `namespace` is "" if it is of the cluster."""

    name: str
    namespace: str
    is_native: bool
    spec: Json


def rules_of(policies: Iterable[Json]) -> tuple[PolicyRules, ...]:
    """The rules of policies, of NetworkPolicies and of Cilium's."""
    return tuple(
        PolicyRules(
            name=f"{policy['kind']} {namespace and f'{namespace}/'}{policy['metadata']['name']}",
            namespace=namespace,
            is_native=policy["kind"] == "NetworkPolicy",
            spec=spec,
        )
        for policy in policies
        for namespace in [policy["metadata"].get("namespace", "")]
        for spec in (policy.get("spec"), *(policy.get("specs") or ()))
        if isinstance(spec, dict)
    )


def selects_endpoint(rules: PolicyRules, endpoint: Endpoint) -> bool:
    """Whether the policy is about a pod, or about nodes: which of them is not judged."""
    if endpoint.is_node:
        return not rules.is_native and "nodeSelector" in rules.spec
    if rules.namespace and rules.namespace != endpoint.namespace:
        return False
    if rules.is_native:
        return selects(rules.spec.get("podSelector") or {}, endpoint.labels or {})
    return "endpointSelector" in rules.spec and _matches(rules.spec["endpointSelector"], endpoint, "")


def isolates(rules: PolicyRules, direction: Direction) -> bool:
    """Whether what it selects has only those connections that a policy allows."""
    if rules.is_native:
        default = ["Ingress", *(["Egress"] if rules.spec.get("egress") else [])]
        return direction.title() in (rules.spec.get("policyTypes") or default)
    has_rules = rules.spec.get(direction) or rules.spec.get(f"{direction}Deny")
    return bool(has_rules) and (rules.spec.get("enableDefaultDeny") or {}).get(direction) is not False


def allows(rules: PolicyRules, direction: Direction, port: int, peers: Sequence[Endpoint]) -> bool:
    """Whether a rule allows TCP to the port with one of the peers; with anything if there are none."""
    return any(_fits(rule, rules, direction, port, peers, True) for rule in rules.spec.get(direction) or ())


def denies(rules: PolicyRules, direction: Direction, port: int, peers: Sequence[Endpoint]) -> bool:
    """Whether a rule denies TCP to the port with one of the peers, whatever others allow."""
    listed = () if rules.is_native else rules.spec.get(f"{direction}Deny") or ()
    return any(_fits(rule, rules, direction, port, peers, False) for rule in listed)


def _fits(
    rule: Json, rules: PolicyRules, direction: Direction, port: int, peers: Sequence[Endpoint], unknown: bool
) -> bool:
    """Whether a rule is about the port and one of the peers; `unknown` is the answer where objects do not tell."""
    native = rules.is_native
    listed = rule.get("ports") if native else [port for item in rule.get("toPorts") or () for port in _listed(item)]
    if listed and not any(_has(one, port, unknown) for one in listed):
        return False
    return (_fits_native if native else _fits_cilium)(rule, rules, direction, peers, unknown)


def _listed(item: Json) -> list[Json]:
    return list(item.get("ports") or ())


def _has(listed: Json, port: int, unknown: bool) -> bool:
    """Whether an entry of ports has the number; a name may be that of any port. None and 0 are all ports."""
    if str(listed.get("protocol") or "TCP").upper() not in ("TCP", "ANY"):
        return False
    number = str(listed.get("port") or 0)
    if not number.isdecimal():
        return unknown
    return int(number) == 0 or int(number) <= port <= int(listed.get("endPort") or number)


def _fits_native(
    rule: Json, rules: PolicyRules, direction: Direction, peers: Sequence[Endpoint], unknown: bool
) -> bool:
    listed = rule.get(FROM[direction])
    if not listed:
        return True
    return any(_is_peer(one, rules.namespace, peer) for one in listed for peer in peers) if peers else unknown


def _is_peer(peer: Json, namespace: str, endpoint: Endpoint) -> bool:
    """Whether a peer of a NetworkPolicy may be the endpoint; addresses are not compared with blocks."""
    if "ipBlock" in peer:
        return True
    if endpoint.is_node:
        return False
    if "namespaceSelector" in peer:
        inside = selects(peer["namespaceSelector"] or {}, endpoint.namespace_labels or {})
    else:
        inside = endpoint.namespace == namespace
    return inside and selects(peer.get("podSelector") or {}, endpoint.labels or {})


def _fits_cilium(
    rule: Json, rules: PolicyRules, direction: Direction, peers: Sequence[Endpoint], unknown: bool
) -> bool:
    start = FROM[direction]
    named = [key.removeprefix(start) for key in rule if key.startswith(start) and key != "toPorts"]
    if not named:
        # A rule without peers and ports ({}) is how one writes "deny all".
        return bool(rule.get("toPorts"))
    if not peers or any(name in UNKNOWN for name in named):
        return unknown
    entities = set(rule.get(f"{start}Entities") or ())
    selectors = rule.get(f"{start}Endpoints") or ()
    return any(
        entities & (NODE_ENTITIES if peer.is_node else POD_ENTITIES)
        or any(_matches(selector, peer, rules.namespace) for selector in selectors)
        for peer in peers
    )


def _matches(selector: Json | None, endpoint: Endpoint, namespace: str) -> bool:
    """Whether a selector of Cilium matches: its keys may begin with a source of labels (`k8s:`, `any:`).

    One that names no namespace is of that of its policy (getEndpointSelector in pkg/k8s/apis/cilium.io/utils).
    """
    wanted = (selector or {}).get("matchLabels") or {}
    expressions = (selector or {}).get("matchExpressions") or ()
    keys = [_key(key) for key in (*wanted, *(rule["key"] for rule in expressions))]
    if endpoint.is_node:
        return any(label in keys for label in NODE_LABELS)
    names_one = any(key == NAMESPACE or key.startswith(NAMESPACE_LABELS) for key in keys)
    if namespace and not names_one and endpoint.namespace != namespace:
        return False
    labels = {**(endpoint.labels or {}), NAMESPACE: endpoint.namespace}
    labels |= {f"{NAMESPACE_LABELS}{key}": value for key, value in (endpoint.namespace_labels or {}).items()}
    stripped = {
        "matchLabels": {_key(key): value for key, value in wanted.items()},
        "matchExpressions": [{**rule, "key": _key(rule["key"])} for rule in expressions],
    }
    return selects(stripped, labels)


def _key(key: str) -> str:
    return key.removeprefix("k8s:").removeprefix("any:")
