"""The metadata of objects that carry rules in Kubernetes."""

from typing import Any

from dashboards_py.configuration import Alerts

NAME = "cilium-dashboards"
PART_OF = {"app.kubernetes.io/part-of": "cilium-dashboards"}


def metadata(settings: Alerts) -> dict[str, Any]:
    """Name and labels, without a namespace."""
    return {"name": NAME, "labels": {**PART_OF, **dict(settings.selector)}}
