"""Faults that Hubble sees, and faults of Hubble and its relay."""

from tests.rules.faults._fault import HOUR, NODE, Fault, changing, level, moved, on, rate, removed, times

DAY = 24 * HOUR
DURATION = "hubble_http_request_duration_seconds"
RELAY = "hubble-relay"

FAULTS = (
    Fault(
        name="dns-servers-down",
        story="CoreDNS has no pod left: lookups of all namespaces go out and are not answered.",
        fires=("HubbleDNSUnanswered",),
        played=on("hubble_dns_respons.*", times(0.0)),
    ),
    Fault(
        name="dns-servers-fail",
        story="The servers to which CoreDNS forwards do not answer it: SERVFAIL.",
        fires=("HubbleDNSServerFailures",),
        played=on("hubble_dns_responses_total", times(300.0), rcode="Server Failure"),
    ),
    Fault(
        name="search-domains",
        story="Names outside of the cluster are looked up in each search domain: most answers are NXDOMAIN. No fault.",
        played=changing(
            on("hubble_dns_responses_total", times(100.0), rcode="Non-Existent Domain"),
            on("hubble_dns_queries_total", times(4.0), rcode=""),
        ),
    ),
    Fault(
        name="workload-answers-5xx",
        story="One workload lost its database: a third of its answers is 503.",
        fires=("HubbleHTTPServerErrors",),
        played=on("hubble_http_requests_total", times(1000.0), status="503", destination_app="checkout"),
    ),
    Fault(
        name="workload-answers-404",
        story="A crawler asks one workload for pages that do not exist: 404 is no fault of the server.",
        played=on("hubble_http_requests_total", times(1000.0), status="404", destination_app="checkout"),
    ),
    Fault(
        name="workload-slow",
        story="One workload waits for its database: nearly all its answers take between 2.5 and 10 seconds.",
        fires=("HubbleHTTPSlow",),
        played=on(f"{DURATION}_bucket", times(0.0), destination_app="checkout", le="0.*|1.0|2.5"),
    ),
    Fault(
        name="events-lost",
        story="A node has more events than Hubble reads from the perf ring buffer.",
        fires=("HubbleLosesEvents",),
        played=on("hubble_lost_events_total", rate(30.0), node=NODE, source="perf_event_ring_buffer"),
    ),
    Fault(
        name="hubble-blind",
        story="Hubble of one node gets no events from the datapath: none of its flows is counted any more.",
        fires=("HubbleNoFlows",),
        played=on("hubble_flows_processed_total", times(0.0), node=NODE),
    ),
    Fault(
        name="hubble-scrape-slow",
        story="Labels with addresses: a page of metrics of one node takes twelve seconds.",
        fires=("HubbleScrapeSlow",),
        played=on("hubble_metrics_http_handler_request_duration_seconds_sum", times(1000.0), node=NODE),
    ),
    Fault(
        name="certificate-not-renewed",
        story="cert-manager cannot renew the server certificate of Hubble, which expires in five days.",
        fires=("HubbleCertificateExpiring",),
        played=on("certmanager_certificate_.*", moved(-55 * DAY), name="hubble-server-certs"),
    ),
    Fault(
        name="other-certificate-expires",
        story="A certificate that is not of Cilium expires.",
        played=on("certmanager_certificate_.*", moved(-55 * DAY), name="shop-web"),
    ),
    Fault(
        name="relay-misses-peers",
        story="The certificate of the relay is not accepted by two agents.",
        fires=("HubbleRelayPeersFailing",),
        played=changing(
            on("hubble_relay_pool_peer_connection_status", level(4.0), status="READY"),
            on("hubble_relay_pool_peer_connection_status", level(2.0), status="TRANSIENT_FAILURE"),
        ),
    ),
    Fault(
        name="relay-peers-idle",
        story="Nobody asks the relay: gRPC lets the connections go idle. No fault.",
        played=changing(
            on("hubble_relay_pool_peer_connection_status", level(0.0), status="READY"),
            on("hubble_relay_pool_peer_connection_status", level(6.0), status="IDLE"),
        ),
    ),
    Fault(
        name="relay-gone",
        story="The relay's Deployment was scaled to 0.",
        fires=("HubbleRelayAbsent",),
        played=on(".*", removed, component=RELAY),
    ),
    Fault(
        name="relay-calls-fail",
        story="The relay answers half of the calls with Unavailable.",
        fires=("HubbleRelayCallsFailing",),
        played=on("grpc_server_handled_total", rate(2.0), pod="hubble-relay.*", grpc_code="Unavailable"),
    ),
)
