"""The objects in a namespace, without those that Kubernetes creates."""

from collections.abc import Iterable, Iterator, Sequence

from dashboards_py.shapes import Json

# Kinds whose objects nobody keeps: events, leader election, what a metrics server measures.
TRANSIENT_KINDS = frozenset({"events", "events.events.k8s.io", "leases.coordination.k8s.io", "pods.metrics.k8s.io"})
IN_EVERY_NAMESPACE = frozenset({("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")})


def permanent_kinds(listing: str) -> list[str]:
    """The kinds that `kubectl api-resources --output=name` lists, without the transient ones."""
    return [kind for kind in listing.split() if kind not in TRANSIENT_KINDS]


def not_derived(objects: Iterable[Json]) -> tuple[Json, ...]:
    """The objects that someone created: not derived from another one here, and not those that every namespace has."""
    by_uid = {item["metadata"]["uid"]: item for item in objects}  # a kind in two API groups is listed twice
    services = {item["metadata"]["name"] for item in by_uid.values() if item["kind"] == "Service"}
    return tuple(_not_derived(tuple(by_uid.values()), by_uid.keys(), services))


def _not_derived(objects: Sequence[Json], uids: Iterable[str], services: set[str]) -> Iterator[Json]:
    known = set(uids)
    for item in objects:
        metadata = item["metadata"]
        if (item["kind"], metadata["name"]) in IN_EVERY_NAMESPACE or _is_default_token(item):
            continue
        # The endpoint controller names them after the Service and sets no owner; slices of it have one.
        if item["kind"] == "Endpoints" and metadata["name"] in services:
            continue
        # An owner outside the namespace, or one that no longer exists, does not tell who needs the object.
        if any(owner["uid"] in known for owner in metadata.get("ownerReferences") or ()):
            continue
        yield item


def _is_default_token(item: Json) -> bool:
    """Whether it is the Secret that Kubernetes before 1.24 creates for a namespace's default ServiceAccount."""
    annotations = item["metadata"].get("annotations") or {}
    return (
        item.get("type") == "kubernetes.io/service-account-token"
        and annotations.get("kubernetes.io/service-account.name") == "default"
    )
