"""What kubectl and helm print as JSON, as far as we read it."""

from typing import NotRequired, TypedDict


class ListedRelease(TypedDict):
    """A row of `helm list --output=json` (releaseElement in Helm's list.go): the revision is a text here."""

    name: str
    namespace: str
    revision: str
    updated: NotRequired[str]
    status: str
    chart: str


class ListedRevision(TypedDict):
    """A row of `helm history --output=json` (releaseInfo in Helm's history.go): the revision is a number here."""

    revision: int
    status: str
    updated: NotRequired[str]
    description: NotRequired[str]


class ObjectMeta(TypedDict):
    """What we write of an object's metadata (k8s.io/apimachinery/pkg/apis/meta/v1)."""

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
