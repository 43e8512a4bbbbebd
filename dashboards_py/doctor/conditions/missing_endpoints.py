"""missing-endpoints: the Service has no endpoints, "kubectl get endpointslices" is empty

The Service selects pods by labels that none has, or none of them is ready: Prometheus discovers targets by endpoints.

Compare the selector of the Service with the labels of the pods.
"""

from dashboards_py.doctor.conditions._condition import NO_TARGET
from dashboards_py.findings import Severity

ORDER = 38
EXPLAINS: frozenset[str] = NO_TARGET
ALONE: Severity | None = Severity.ERROR
