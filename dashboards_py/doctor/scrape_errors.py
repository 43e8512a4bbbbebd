"""Why a target is down: the error of its last scrape, as Prometheus tells it, with the cause and the fix."""

import re
from collections.abc import Iterable

LIMIT, TIMEOUT, DOWN = "scrape-limit", "scrape-timeout", "target-down"  # causes
# Texts of scrape/scrape.go of Prometheus (errSampleLimit, verifyLabelLimits ...).
LIMIT_TEXT = re.compile(r"limit exceeded")
# The field of a ServiceMonitor by the text of the error (scrape/scrape.go of Prometheus).
LIMITS = {
    "sample limit": "sampleLimit",
    "body size limit": "bodySizeLimit",
    "label_limit": "labelLimit",
    "label_name_length_limit": "labelNameLengthLimit",
    "label_value_length_limit": "labelValueLengthLimit",
    "target_limit": "targetLimit",
    "histogram bucket limit": "nativeHistogramBucketLimit",
}
LIMIT_FIX = "raise {} of its ServiceMonitor or of the Prometheus, or expose fewer labels"
TIMEOUT_FIX = (
    "raise scrapeTimeout, or find out why the pod is slow: CPU limits, too many series; or a firewall drops packets"
)
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


def cause_of(error: str) -> str:
    """The cause that an error tells; the address that an error names may have any of its words."""
    if LIMIT_TEXT.search(error):
        return LIMIT
    # Go's texts for a context that has ended, and for a connection not made in time.
    return TIMEOUT if "deadline exceeded" in error or "timeout" in error.lower() else DOWN


def fix_of(cause: str, errors: Iterable[str], port: int | None) -> str:
    """What to do about errors that have the same cause, of a component with this port."""
    if cause == TIMEOUT:
        return TIMEOUT_FIX
    if cause == LIMIT:
        exceeded = {field for error in errors for text, field in LIMITS.items() if f"{text} exceeded" in error}
        return LIMIT_FIX.format(" and ".join(sorted(exceeded)) or "the limit")
    return "; ".join(dict.fromkeys(_fix(error, port) for error in errors))


def _fix(error: str, port: int | None) -> str:
    for pattern, fix in FIXES.items():
        if re.search(pattern, error):
            return fix
    return f"check that the pod listens on {port}, and that no firewall or NetworkPolicy is in the way"
