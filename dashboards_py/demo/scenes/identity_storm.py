"""Jobs of a CI system carry their build's number as a label of the pod, which is part of the identity: a storm of them.

Each job has an identity of its own, which stays for a while after its pod (operator/identitygc): 63,000 of the 65,280
that a cluster can have. The operator counts them at each garbage collection, every 15 minutes. Every agent writes them
into the policy maps of the endpoints whose rules select the jobs, and builds these again; the maps are nearly full.
"""

from collections.abc import Callable, Iterator, Mapping

from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._story import faster, gauge, is_of_leader

BEGUN = -5 * 3600.0
FIRST, LAST = 4_000.0, 63_200.0  # identities alive
COLLECTED_IN = 0.00007  # seconds for each of them
FULL = 0.94
BUSY = 9.0  # times as many writes, regenerations and CPU seconds


def played(part: Part) -> Iterator[Part]:
    """What counts identities, and what agents do for each of them."""
    yield _CHANGES.get(part.name, _unchanged)(part)


def _unchanged(part: Part) -> Part:
    return part


def _collected(part: Part) -> Part:
    is_of_jobs = part.labels["status"] == "alive" and part.labels["identity_type"] == "crd"
    return gauge(part, (BEGUN, FIRST), (0.0, LAST)) if is_of_jobs else part


def _collecting(part: Part) -> Part:
    is_of_jobs = part.labels["identity_type"] == "crd"
    return gauge(part, (BEGUN, FIRST * COLLECTED_IN), (0.0, LAST * COLLECTED_IN)) if is_of_jobs else part


def _known(part: Part) -> Part:
    """Selectors of labels are compared with each."""
    return gauge(part, (BEGUN, FIRST), (0.0, LAST)) if part.labels["type"] == "labels" else part


def _matched(part: Part) -> Part:
    """The jobs are in the cluster: selectors of names and addresses outside of it match as many as before."""
    is_of_jobs = part.labels["class"] in ("cluster", "other")
    return gauge(part, (BEGUN, 38.0), (0.0, LAST)) if is_of_jobs else part


def _of_agent(part: Part) -> Part:
    """An agent counts the identities that it allocated: those of the jobs on its node, by type and source of labels."""
    is_of_jobs = {part.labels.get("type"), part.labels.get("source")} & {"cluster_local", "k8s"}
    return gauge(part, (BEGUN, FIRST / 6), (0.0, LAST / 6)) if is_of_jobs else part


def _map(part: Part) -> Part:
    return gauge(part, (BEGUN, 0.34), (0.0, FULL)) if "policy" in part.labels["map_name"] else part


def _policy_writes(part: Part) -> Part:
    return faster(part, (BEGUN, BUSY)) if "policy" in part.labels["map_name"] else part


def _for_identities(part: Part) -> Part:
    is_for_identities = part.labels["reason"] == "SelectorPolicyStale"
    return faster(part, (BEGUN, 10 * BUSY)) if is_for_identities else part


def _busier(part: Part) -> Part:
    """Every agent, and of two operators the one that leads."""
    is_idle = part.target.component == "cilium-operator" and not is_of_leader(part)
    return part if is_idle else faster(part, (BEGUN, 2.5))


_CHANGES: Mapping[str, Callable[[Part], Part]] = {
    "cilium_bpf_map_ops_total": _policy_writes,
    "cilium_bpf_map_pressure": _map,
    "cilium_endpoint_regenerations_total": _for_identities,
    "cilium_identity": _of_agent,
    "cilium_identity_label_sources": _of_agent,
    "cilium_operator_identity_gc_entries": _collected,
    "cilium_operator_identity_gc_latency": _collecting,
    "cilium_operator_process_cpu_seconds_total": _busier,
    "cilium_policy_selector_cache_identities": _known,
    "cilium_policy_selector_match_count_max": _matched,
    "cilium_process_cpu_seconds_total": _busier,
}
