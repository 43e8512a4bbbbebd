"""blocked-scrape: "context deadline exceeded" or "i/o timeout" on a target, a NetworkPolicy or host firewall

A policy selects the pods (or, with the host firewall, the nodes) of this component and allows no connection from
Prometheus to its port for metrics, or one selects Prometheus' own pods and allows none to it. What is judged are
NetworkPolicies, CiliumNetworkPolicies and CiliumClusterwideNetworkPolicies; not the firewalls of a cloud.

Allow the port: the agent's is 9962, the operator's 9963, Envoy's 9964, Hubble's 9965, Relay's 9966.
"""

from dashboards_py.doctor.conditions._condition import FAILED_SCRAPE
from dashboards_py.findings import Severity

ORDER = 40
EXPLAINS: frozenset[str] = FAILED_SCRAPE
ALONE: Severity | None = None
