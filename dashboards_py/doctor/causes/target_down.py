"""target-down: up is 0, "connection refused", "server returned HTTP status 403" at Status > Targets

Prometheus cannot scrape some pods. What the last scrape said is named: nothing listens on the port (metrics are off, or
the pod restarts), a NetworkPolicy or host firewall is in the way, TLS or authorization fails.

The fix is that of the error: "server returned HTTP status 400 Bad Request" (`hubble.metrics.tls.enabled` is on), "401
Unauthorized", "404 Not Found", "x509: certificate signed by unknown authority", "server gave HTTP response to HTTPS
client", "received unsupported Content-Type ... and no fallback_scrape_protocol specified for target" (Prometheus 3).

Check that the pod listens on the port (`prometheus.port`, `hubble.metrics.port`), and that Prometheus may reach it.
Agents and Hubble are on the node's own address: the host firewall applies.
"""

import re

from dashboards_py.catalog import components
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._targets import down, is_limit, is_timeout, of_down
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation, ScrapeTarget

ORDER = 76
# By the error of the last scrape: texts of scrape/scrape.go and model/textparse of Prometheus, and of Go's net/http and
# crypto/tls. A server with TLS answers plain http with 400.
FIXES = {
    r"HTTP response to HTTPS client|not look like a TLS handshake": "the port speaks plain http: "
    "remove scheme: https from the monitor or scrape job",
    r"HTTP status 400|malformed HTTP response": "the port may speak TLS (hubble.metrics.tls.enabled): "
    "set scheme: https and tlsConfig for the endpoint of the ServiceMonitor",
    r"x509:|tls:": "set tlsConfig (ca, serverName, cert and keySecret) for the endpoint of the ServiceMonitor, "
    "and check that the certificate has not expired",
    r"HTTP status 40[137]": "the port, or a proxy before it, demands credentials: "
    "set authorization, or a client certificate in tlsConfig, for the endpoint of the ServiceMonitor",
    r"HTTP status 404": "metrics are at /metrics: check path and port of the scrape job or monitor",
    r"HTTP status 5\d\d": "the pod, or a proxy before it, fails to answer: see its log",
    r"Content-Type|expected .* got|invalid metric|unexpected end|is not a valid|parse": "this is no page of metrics: "
    "check port and path; where only the Content-Type is wrong, set fallbackScrapeProtocol: PrometheusText0.0.4",
    r"no such host|server misbehaving": "the name of the target has no address: scrape pods, not a name",
}


def explain(query: ExecutedQuery, seen: Observation) -> tuple[Diagnosis, ...]:
    """The last scrape of a target failed for any other reason."""
    targets = down(query, seen, lambda target: not is_limit(target) and not is_timeout(target))
    return of_down(query, seen, targets, ("is down", "are down"), _fixes)


def _fixes(targets: list[ScrapeTarget]) -> str:
    port = components()[targets[0].component].port
    return "; ".join(dict.fromkeys(_fix(target.error, port) for target in targets))


def _fix(error: str, port: int | None) -> str:
    for pattern, fix in FIXES.items():
        if re.search(pattern, error):
            return fix
    return f"check that the pod listens on {port}, and that no firewall or NetworkPolicy is in the way"
