"""missing-dynamic-metrics: Hubble's dynamic metrics are on, and there are none

Agents read Hubble's handlers from a ConfigMap (`hubble.metrics.dynamic`), and it does not exist, has no key
`dynamic-metrics.yaml`, or its content is not a list of handlers that agents can read. They then keep what they had.

Write the ConfigMap, or let the chart do it: `hubble.metrics.dynamic.config.content`.
"""

from dashboards_py.doctor.conditions._condition import NO_TARGET, NOT_EXPOSED
from dashboards_py.findings import Severity

ORDER = 52
EXPLAINS: frozenset[str] = NOT_EXPOSED | NO_TARGET
ALONE: Severity | None = Severity.ERROR
