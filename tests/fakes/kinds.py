"""Kinds of objects that a fresh API server has, as far as the tests need them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: its name, plural, API group ("" for the core) and version."""

    name: str
    plural: str
    group: str = ""
    version: str = "v1"
    namespaced: bool = True

    @property
    def full_name(self) -> str:
        """Plural with group, as `api-resources --output=name` prints it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def api_version(self) -> str:
        """The `apiVersion` of objects."""
        return f"{self.group}/{self.version}" if self.group else self.version


BUILT_IN = (
    Kind("ConfigMap", "configmaps"),
    Kind("Endpoints", "endpoints"),
    Kind("EndpointSlice", "endpointslices", "discovery.k8s.io"),
    Kind("Event", "events"),
    Kind("LimitRange", "limitranges"),
    Kind("Namespace", "namespaces", namespaced=False),
    Kind("Node", "nodes", namespaced=False),
    Kind("PersistentVolumeClaim", "persistentvolumeclaims"),
    Kind("Pod", "pods"),
    Kind("ResourceQuota", "resourcequotas"),
    Kind("Secret", "secrets"),
    Kind("ServiceAccount", "serviceaccounts"),
    Kind("Service", "services"),
    Kind("CustomResourceDefinition", "customresourcedefinitions", "apiextensions.k8s.io", namespaced=False),
    Kind("DaemonSet", "daemonsets", "apps"),
    Kind("Deployment", "deployments", "apps"),
    Kind("ReplicaSet", "replicasets", "apps"),
    Kind("StatefulSet", "statefulsets", "apps"),
    Kind("HorizontalPodAutoscaler", "horizontalpodautoscalers", "autoscaling", "v2"),
    Kind("Job", "jobs", "batch"),
    Kind("Lease", "leases", "coordination.k8s.io"),
    Kind("NetworkPolicy", "networkpolicies", "networking.k8s.io"),
    Kind("Role", "roles", "rbac.authorization.k8s.io"),
    Kind("RoleBinding", "rolebindings", "rbac.authorization.k8s.io"),
    Kind("ClusterRole", "clusterroles", "rbac.authorization.k8s.io", namespaced=False),
    Kind("ClusterRoleBinding", "clusterrolebindings", "rbac.authorization.k8s.io", namespaced=False),
)
