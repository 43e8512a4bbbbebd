"""unconfigured-handler: a Hubble dashboard is empty, and cilium-config does not name its handler

The list of Hubble's handlers (`hubble-metrics` in cilium-config, or the ConfigMap of dynamic metrics) does not have the
one that writes the metric.

Add it to `hubble.metrics.enabled` or to the dynamic configuration. Agents read the former when they start, the latter
within a minute.
"""

from dashboards_py.findings import Severity

ORDER = 56
EXPLAINS: frozenset[str] = frozenset({"handler-off"})
ALONE: Severity | None = None
