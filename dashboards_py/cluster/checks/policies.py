"""Do policies keep Prometheus from the ports with metrics? As far as their objects tell.

NetworkPolicies are not applied to pods on the host's network (which agents, the operator and Envoy are), host policies
are: CiliumClusterwideNetworkPolicies with a nodeSelector, if the host firewall is on. An ingress section that is empty
([]) denies nothing in Cilium's policies and everything in NetworkPolicies (pkg/policy/api/rule.go of cilium/cilium,
`policyTypes` in networking/v1).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboards_py.catalog import Component
from dashboards_py.cluster.checks.check import Check
from dashboards_py.cluster.state import Prometheus, State
from dashboards_py.errors import DashboardsError
from dashboards_py.kubernetes import Json, Kubectl
from dashboards_py.kubernetes.selectors import selects

KINDS = (
    "networkpolicies.networking.k8s.io",
    "ciliumnetworkpolicies.cilium.io",
    "ciliumclusterwidenetworkpolicies.cilium.io",
)
ON_HOST = frozenset({"cilium-agent", "hubble", "cilium-operator", "cilium-envoy"})
WORKLOADS = {"hubble-relay": "hubble-relay"}  # components in the pod network, by the label k8s-app of their pods
NAMESPACE = "io.kubernetes.pod.namespace"  # the label by which Cilium's selectors know a namespace
ANYONE = frozenset({"all", "cluster"})  # entities that Prometheus' pods are among


@dataclass(frozen=True, slots=True)
class Pod:
    """The labels of a pod and of its namespace."""

    namespace: str
    labels: Mapping[str, str]
    namespace_labels: Mapping[str, str]


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
        policies = [item for kind in KINDS for item in kubectl.objects(kind, "--all-namespaces")]
        pods = kubectl.at(where).objects("pods") if policies else []
        own = kubectl.at(prometheus.namespace).objects("pods") if policies and prometheus else []
    except DashboardsError as error:
        yield Check(
            "network policies", None, f"may not be read: {error.cause}", error.suggestion, cause="missing-rights"
        )
        return
    sources = [_pod(item, state) for item in own if prometheus and _is_of(item, prometheus)]
    firewall = configuration.get("enable-host-firewall") == "true"
    blocked = False
    for component in components:
        for policy in policies:
            if component.port and _blocks(policy, component, policies, pods, sources, state, firewall):
                metadata = policy["metadata"]
                name = f"{policy['kind']} {metadata.get('namespace', '')}/{metadata['name']}".replace(" /", " ")
                observed = f"{name} seems to allow no connection from Prometheus to port {component.port}"
                fix = f"allow TCP port {component.port} from Prometheus in {name}, or in a policy beside it"
                yield Check(
                    f"policies for {component.name}",
                    None,
                    observed,
                    fix,
                    cause="blocked-scrape",
                    subjects=frozenset({component.name}),
                )
                blocked = True
                break
    if not blocked:
        yield Check("network policies", True, f"none of {len(policies)} is in the way of a scrape, as far as they tell")


def _blocks(
    policy: Json,
    component: Component,
    policies: Sequence[Json],
    pods: Sequence[Json],
    sources: Sequence[Pod],
    state: State,
    firewall: bool,
) -> bool:
    """Whether the policy isolates the component's pods (or nodes), and no policy that selects them allows the port."""
    port = component.port or 0
    if component.name in ON_HOST:
        if not firewall or "nodeSelector" not in _specs(policy)[0] or not _isolates(policy):
            return False
        hosts = [item for item in policies if "nodeSelector" in _specs(item)[0]]
        return not any(_allows(item, port, sources) for item in hosts)
    own = [_pod(item, state) for item in pods if _label(item, "k8s-app") == WORKLOADS.get(component.name)]
    if not own or not _selects(policy, own[0]) or not _isolates(policy):
        return False
    return not any(_allows(item, port, sources) for item in policies if _selects(item, own[0]))


def _specs(policy: Json) -> list[Json]:
    """The rules of a policy: Cilium's may have several in `specs`."""
    specs: list[Json] = [spec for spec in (policy.get("spec"), *(policy.get("specs") or ())) if isinstance(spec, dict)]
    return specs or [{}]


def _selects(policy: Json, pod: Pod) -> bool:
    """Whether a policy selects a pod: one of a namespace selects there only."""
    namespace = policy["metadata"].get("namespace")
    if namespace and namespace != pod.namespace:
        return False
    if policy["kind"] == "NetworkPolicy":
        return selects(_specs(policy)[0].get("podSelector") or {}, pod.labels)
    return any("endpointSelector" in spec and _matches(spec["endpointSelector"], pod) for spec in _specs(policy))


def _isolates(policy: Json) -> bool:
    """Whether what it selects accepts only connections that a policy allows."""
    specs = _specs(policy)
    if policy["kind"] == "NetworkPolicy":
        return "Ingress" in (specs[0].get("policyTypes") or ["Ingress"])
    return any(
        (spec.get("ingress") or spec.get("ingressDeny"))
        and (spec.get("enableDefaultDeny") or {}).get("ingress") is not False
        for spec in specs
    )


def _allows(policy: Json, port: int, sources: Sequence[Pod]) -> bool:
    """Whether a rule allows the port from one of the sources; if there are none, from anything."""
    native = policy["kind"] == "NetworkPolicy"
    for spec in _specs(policy):
        for rule in spec.get("ingress") or ():
            ports = rule.get("ports") if native else _ports(rule)
            if ports and not any(_has(one, port) for one in ports):
                continue
            if (_from_native if native else _from_cilium)(rule, policy, sources):
                return True
    return False


def _ports(rule: Json) -> list[Json]:
    return [port for item in rule.get("toPorts") or () for port in item.get("ports") or ()]


def _has(listed: Json, port: int) -> bool:
    """Whether an entry of ports has the number; a name may be that of any port."""
    number = str(listed.get("port", ""))
    if not number.isdecimal():
        return True
    return int(number) <= port <= int(listed.get("endPort") or number)


def _from_native(rule: Json, policy: Json, sources: Sequence[Pod]) -> bool:
    peers = rule.get("from")
    if not peers:
        return True
    return any(_is_peer(peer, policy["metadata"]["namespace"], pod) for peer in peers for pod in sources) or not sources


def _is_peer(peer: Json, namespace: str, pod: Pod) -> bool:
    """Whether a peer of a NetworkPolicy may be the pod; addresses of pods are not compared with blocks."""
    if "ipBlock" in peer:
        return True
    if "namespaceSelector" in peer:
        inside = selects(peer["namespaceSelector"] or {}, pod.namespace_labels)
    else:
        inside = pod.namespace == namespace
    return inside and selects(peer.get("podSelector") or {}, pod.labels)


def _from_cilium(rule: Json, policy: Json, sources: Sequence[Pod]) -> bool:
    origins = [key for key in rule if key.startswith("from")]
    if not origins:
        # A rule without origin and ports ({}) is how one writes "deny all".
        return bool(rule.get("toPorts"))
    if any(key in ("fromCIDR", "fromCIDRSet", "fromGroups", "fromNodes") for key in origins) or not sources:
        return True
    if ANYONE & set(rule.get("fromEntities") or ()):
        return True
    inside = policy["metadata"].get("namespace")
    return any(
        _matches(selector, pod) and (NAMESPACE in str(selector) or not inside or inside == pod.namespace)
        for selector in rule.get("fromEndpoints") or ()
        for pod in sources
    )


def _matches(selector: Json | None, pod: Pod) -> bool:
    """Whether a selector of Cilium matches: its keys may begin with a source of labels (`k8s:`, `any:`)."""
    labels = {**pod.labels, NAMESPACE: pod.namespace}
    prefix = "io.cilium.k8s.namespace.labels."
    labels |= {f"{prefix}{key}": value for key, value in pod.namespace_labels.items()}
    stripped = {
        "matchLabels": {_key(key): value for key, value in ((selector or {}).get("matchLabels") or {}).items()},
        "matchExpressions": [
            {**rule, "key": _key(rule["key"])} for rule in (selector or {}).get("matchExpressions") or ()
        ],
    }
    return selects(stripped, labels)


def _key(key: str) -> str:
    return key.removeprefix("k8s:").removeprefix("any:")


def _pod(item: Json, state: State) -> Pod:
    namespace = item["metadata"]["namespace"]
    labels = (state.namespaces.get(namespace) or {"metadata": {}})["metadata"].get("labels") or {}
    return Pod(namespace, item["metadata"].get("labels") or {}, {"kubernetes.io/metadata.name": namespace, **labels})


def _label(item: Json, name: str) -> str | None:
    return (item["metadata"].get("labels") or {}).get(name)


def _is_of(item: Json, prometheus: Prometheus) -> bool:
    """Whether a pod is of the Prometheus object, by labels that the operator sets (pkg/prometheus/labels.go)."""
    return prometheus.name in (_label(item, "operator.prometheus.io/name"), _label(item, "prometheus"))
