"""Names and durations as Kubernetes, Helm and Prometheus accept them: anything else is a usage error."""

import re
from typing import Any

import click


class PatternType(click.ParamType[str]):
    """A string that matches a pattern; `description` is the pattern in words, with an example."""

    def __init__(self, name: str, pattern: str, max_length: int, description: str) -> None:
        self.name, self.pattern = name, re.compile(pattern)
        self.max_length, self.description = max_length, description

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The string itself, or a usage error that quotes the description."""
        text = str(value)
        if len(text) > self.max_length or not self.pattern.fullmatch(text):
            shown = text if len(text) <= 100 else f"{text[:100]}..."
            self.fail(f"{shown!r} is not {self.description}", param, ctx)
        return text


LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(?:\.{LABEL})*"
# k8s.io/apimachinery/pkg/util/validation: IsDNS1123Label, IsDNS1123Subdomain.
NAMESPACE = PatternType("namespace", LABEL, 63, "a namespace: up to 63 of a-z, 0-9 and -, such as monitoring")
NAMESPACED_NAME = PatternType(
    "namespaced name",
    rf"|{LABEL}/{SUBDOMAIN}",
    317,
    "NAMESPACE/NAME, such as monitoring/k8s (kubectl get prometheus -A)",
)
# As `helm install` 4.3 requires.
HELM_RELEASE = PatternType(
    "release", SUBDOMAIN, 53, "a Helm release: up to 53 of a-z, 0-9, - and ., such as prometheus"
)
# A context may have any name (kind-x, arn:aws:eks:..., admin@cluster), but "" means the current one to kubectl.
CONTEXT = PatternType("context", r"[^\0-\x1f\x7f]+", 4096, "a context: `kubectl config get-contexts` lists them")
# github.com/prometheus/common/model: ParseDuration. To Prometheus 0 means the global interval, so 0 is refused.
INTERVAL = PatternType(
    "duration",
    r"(?=.*[1-9])(?:[0-9]{1,2}y)?(?:[0-9]{1,3}w)?(?:[0-9]{1,4}d)?(?:[0-9]{1,5}h)?(?:[0-9]{1,7}m)?(?:[0-9]{1,8}s)?"
    r"(?:[0-9]{1,11}ms)?",  # limits on digits, because Prometheus accepts at most 292 years
    40,
    "a duration of Prometheus, such as 30s or 1m30s",
)
# Go's time.ParseDuration, as helm and kubectl read --timeout.
TIMEOUT = PatternType(
    "timeout",
    r"(?=.*[1-9])(?:[0-9]{1,6}(?:\.[0-9]*)?(?:ns|us|µs|ms|s|m|h))+",
    40,
    "a duration as helm reads it, such as 10m or 1h30m",
)
