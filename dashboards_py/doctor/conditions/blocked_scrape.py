"""blocked-scrape: "context deadline exceeded" or "i/o timeout" on a target, a NetworkPolicy or host firewall

A policy selects the pods (or, with the host firewall, the nodes) of this component and denies connections from
Prometheus to its port for metrics, or allows none, or one selects Prometheus' own pods and does the same.
NetworkPolicies, CiliumNetworkPolicies and CiliumClusterwideNetworkPolicies are judged; not the firewalls of a cloud.

Allow the port: the agent's is 9962, the operator's 9963, Envoy's 9964, Hubble's 9965, Relay's 9966. All but Relay's are
at the nodes' addresses, to which CiliumNetworkPolicies allow egress with `toEntities: [host, remote-node]`.
"""

from dashboards_py.doctor.conditions._condition import FAILED_SCRAPE
from dashboards_py.findings import Severity

ORDER = 40
EXPLAINS: frozenset[str] = FAILED_SCRAPE
ALONE: Severity | None = None
