"""The types of the JSON of kubectl and helm, as far as it is used."""

from typing import NotRequired, TypedDict

from dashboards_py.shapes import Json


class ListedRelease(TypedDict):
    """A row of `helm list --output=json` (releaseElement in Helm's list.go): the revision is a string."""

    name: str
    namespace: str
    revision: str
    updated: NotRequired[str]
    status: str
    chart: str


class ListedRevision(TypedDict):
    """A row of `helm history --output=json` (releaseInfo in Helm's history.go): the revision is a number."""

    revision: int
    status: str
    updated: NotRequired[str]
    chart: NotRequired[str]
    description: NotRequired[str]


class ObjectMeta(TypedDict):
    """The metadata that we write (k8s.io/apimachinery/pkg/apis/meta/v1)."""

    name: str
    labels: dict[str, str]
    annotations: dict[str, str]
    resourceVersion: NotRequired[str]


class ConfigMap(TypedDict):
    """A ConfigMap of ours (k8s.io/api/core/v1)."""

    apiVersion: str
    kind: str
    metadata: ObjectMeta
    data: dict[str, str]


class ManagedFields(TypedDict):
    """The manager of a set of fields of an object (ManagedFieldsEntry)."""

    manager: str
    subresource: NotRequired[str]
    time: NotRequired[str]
    fieldsV1: NotRequired[Json]


class LiveMeta(TypedDict):
    """Metadata of a namespaced object as the API server returns it."""

    name: str
    namespace: str
    uid: str
    resourceVersion: str
    labels: NotRequired[dict[str, str] | None]
    annotations: NotRequired[dict[str, str] | None]
    managedFields: NotRequired[list[ManagedFields]]


class LiveConfigMap(TypedDict):
    """Any ConfigMap, as the API server returns it."""

    kind: str
    metadata: LiveMeta
    data: NotRequired[dict[str, str] | None]


class ServiceMonitor(TypedDict):
    """A ServiceMonitor as the API server returns it (monitoring.coreos.com/v1), as far as selectors need it."""

    kind: str
    metadata: LiveMeta
