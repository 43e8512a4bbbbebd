"""stopped-prometheus: ServiceMonitors are as they should be, Prometheus does not get them, its object is paused

prometheus-operator applies no change, such as new ServiceMonitors, to a Prometheus object that is paused
(`spec.paused`), and runs no Prometheus for one with 0 replicas.

Undo it in the object, or in the Helm values or resource that it is made of.
"""

from dashboards_py.doctor.conditions._condition import NO_TARGET
from dashboards_py.findings import Severity

ORDER = 28
EXPLAINS: frozenset[str] = NO_TARGET
ALONE: Severity | None = Severity.WARNING
