"""What Hubble sees of workloads, and whether it sees all."""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.alert_limits import DNS_SERVER_FAILURES, HTTP_LATENCY, TRAFFIC, WORKLOAD_5XX
from dashboards_py.style.alerts import alert, group, panel
from dashboards_py.style.hubble import answered_by_client_namespace
from dashboards_py.style.limits import CERTIFICATE, DNS_UNANSWERED, ENDPOINT_TIME, EVENTS_LOST
from dashboards_py.style.shares import share

IN_CLUSTER = 'destination_namespace!=""'
OF_CLIENT = "cluster, destination_namespace"  # of an answer
OF_SERVER = "cluster, destination_namespace, destination_app"
ANSWERS, REQUESTS = "hubble_dns_responses_total", "hubble_http_requests_total"
DURATION = "hubble_http_request_duration_seconds"
SCRAPES = "hubble_metrics_http_handler_request_duration_seconds"
# Failures of servers. "Non-Existent Domain" is none: search domains ask for many names that do not exist.
SERVER_FAILURES = 'rcode=~"Server Failure|Query Refused|Not Implemented|Format Error"'
# cert-manager's names of the chart's Certificates (templates/hubble/tls-certmanager in the charts 1.16 to 1.20).
CERTIFICATES = 'name=~"hubble-.*|clustermesh-apiserver-.*"'


def _rate(metric: str, by: str, *matchers: str) -> str:
    return f"sum by ({by}) (rate({metric}{{{', '.join((IN_CLUSTER, *matchers))}}}[$__rate_interval]))"


def rules(_: Release) -> RuleGroup:
    """DNS, HTTP and Hubble itself."""
    answered = answered_by_client_namespace(more_than=TRAFFIC.floor or 0)
    return group(
        "hubble",
        alert(
            "HubbleDNSUnanswered",
            f"1 - {answered}",
            above=DNS_UNANSWERED.level("critical"),
            levels=(TRAFFIC.level("floor"),),
            hold="10m",
            severity="critical",
            summary="DNS lookups of namespace {{ $labels.source_namespace }} get no answer",
            description="{{ $value | humanizePercentage }} of the lookups of namespace {{ $labels.source_namespace }} "
            "are not answered; the limit is [limit].",
            action="See whether policy denies them, whether packets to the DNS servers are dropped, and these servers.",
            panel=panel("hubble-dns", "Unanswered share", namespace="source_namespace"),
        ),
        alert(
            "HubbleDNSServerFailures",
            share(
                _rate(ANSWERS, OF_CLIENT, SERVER_FAILURES),
                _rate(ANSWERS, OF_CLIENT),
                more_than=DNS_SERVER_FAILURES.floor or 0,
            ),
            above=DNS_SERVER_FAILURES.level("warning"),
            levels=(DNS_SERVER_FAILURES.level("floor"),),
            hold="10m",
            severity="warning",
            summary="DNS servers fail for namespace {{ $labels.destination_namespace }}",
            description="{{ $value | humanizePercentage }} of the DNS answers to namespace "
            "{{ $labels.destination_namespace }} are failures of the server (names that do not exist are not counted); "
            "the limit is [limit].",
            action="Read the log of CoreDNS, and see whether the servers that it forwards to answer.",
            panel=panel("hubble-dns", "Answers by code", namespace="destination_namespace"),
        ),
        alert(
            "HubbleHTTPServerErrors",
            share(
                _rate(REQUESTS, OF_SERVER, 'status=~"5.."'),
                _rate(REQUESTS, OF_SERVER),
                more_than=WORKLOAD_5XX.floor or 0,
            ),
            above=WORKLOAD_5XX.level("warning"),
            levels=(WORKLOAD_5XX.level("floor"),),
            hold="10m",
            severity="warning",
            summary="{{ $labels.destination_app }} answers {{ $value | humanizePercentage }} of requests with 5xx",
            description="{{ $value | humanizePercentage }} of the HTTP responses of {{ $labels.destination_app }} in "
            "namespace {{ $labels.destination_namespace }} are 5xx; the limit is [limit].",
            action="The log of this workload, and the callers on the panel, show since when and for whom.",
            panel=panel(
                "hubble-http",
                "Requests by status",
                namespace="destination_namespace",
                workload="destination_app",
            ),
        ),
        alert(
            "HubbleHTTPSlow",
            f"histogram_quantile(0.95, {_rate(f'{DURATION}_bucket', f'le, {OF_SERVER}')}) "
            f"and {_rate(f'{DURATION}_count', OF_SERVER)} > {HTTP_LATENCY.floor}",
            above=HTTP_LATENCY.level("warning"),
            levels=(HTTP_LATENCY.level("floor"),),
            hold="15m",
            severity="warning",
            summary="{{ $labels.destination_app }} answers slowly",
            description="One in twenty HTTP requests to {{ $labels.destination_app }} in namespace "
            "{{ $labels.destination_namespace }} takes {{ $value | humanizeDuration }} or more; the limit is [limit].",
            action="Look at the CPU of this workload and at what it calls; set http-latency for slow services.",
            panel=panel(
                "hubble-http",
                "Duration quantiles",
                namespace="destination_namespace",
                workload="destination_app",
            ),
        ),
        alert(
            "HubbleLosesEvents",
            "sum by (cluster, node, source) (rate(hubble_lost_events_total[10m]))",
            above=EVENTS_LOST.level("warning"),
            hold="15m",
            severity="warning",
            summary="Hubble on {{ $labels.node }} loses events",
            description="Hubble on {{ $labels.node }} loses {{ $value | humanize }} events a second "
            "({{ $labels.source }}): flows and what is counted of them are incomplete.",
            action="Raise hubble.eventBufferCapacity or hubble.eventQueueSize, or aggregate more with "
            "bpf.monitorAggregation.",
            panel=panel("hubble-overview", "Events lost by place", node="node"),
        ),
        alert(
            "HubbleNoFlows",
            "sum by (cluster, node) (rate(hubble_flows_processed_total[10m])) == 0",
            hold="15m",
            severity="warning",
            summary="Hubble on {{ $labels.node }} sees no flows",
            description="Hubble on {{ $labels.node }} has not counted a flow for 25 minutes, although it is scraped.",
            action="See whether hubble observe shows flows there; cilium-dbg status shows whether Hubble runs.",
            panel=panel("hubble-overview", "Busiest nodes", node="node"),
        ),
        alert(
            "HubbleScrapeSlow",
            f"max by (cluster, node) (rate({SCRAPES}_sum[10m]) / rate({SCRAPES}_count[10m]))",
            above=ENDPOINT_TIME.level("warning"),
            hold="15m",
            severity="warning",
            summary="Hubble's metrics on {{ $labels.node }} take {{ $value | humanizeDuration }} to scrape",
            description="A scrape of Hubble's metrics on {{ $labels.node }} takes {{ $value | humanizeDuration }} in "
            "the mean; the limit is [limit], and Prometheus gives up after its time-out (10 s by default).",
            action="Fewer labels in hubble.metrics.enabled: contexts with pods or addresses make most series.",
            panel=panel("hubble-overview", "Time of a scrape", node="node"),
        ),
        alert(
            "HubbleCertificateExpiring",
            "min by (cluster, name) "
            f"(certmanager_certificate_expiration_timestamp_seconds{{{CERTIFICATES}}} - time()) / 86400",
            below=CERTIFICATE.level("warning"),
            hold="1h",
            severity="warning",
            summary="Certificate {{ $labels.name }} expires in {{ $value | humanize }} days",
            description="cert-manager has not renewed {{ $labels.name }}, which expires in {{ $value | humanize }} "
            "days; the limit is [limit]. After that relay, or another cluster, cannot connect.",
            action="The conditions of the Certificate and its CertificateRequest name the cause.",
            panel=panel("hubble-relay", "Peers failing"),
        ),
    )
