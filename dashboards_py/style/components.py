"""The components of Cilium, by a metric of each."""

from dashboards_py.style.hubble import HUBBLE_SCRAPED

# A metric that each component always has. Without a series of it the component is not scraped, and missing metrics say
# nothing.
ALWAYS_EXPOSED = {
    "cilium-agent": "cilium_version",
    "cilium-operator": "cilium_operator_process_start_time_seconds",
    "cilium-envoy": "envoy_server_live",
    "hubble": HUBBLE_SCRAPED,
    "hubble-relay": "hubble_relay_pool_peer_connection_status",
}
