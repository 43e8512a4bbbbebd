"""Times of stages and of the whole: Cilium observes each of them once per request or regeneration.

A stage takes a share of the total, so that no total is less than its stages together.
"""

from collections.abc import Iterable, Iterator, Mapping

from dashboards_py.catalog import split
from dashboards_py.demo.scenes._part import Part

STAGE = "scope"  # the label that names the stage
TOTALS = ("total", "totalTime")  # its values for the whole
OTHER_SHARE = 0.005  # of a stage that is not listed
# Shares of the total by metric and stage. All shares of a metric, though some stages contain others, are less than 1.
STAGES: Mapping[str, Mapping[str, float]] = {
    # processingTime contains the two that follow it (pkg/fqdn/messagehandler/message_handler.go).
    "cilium_proxy_upstream_reply_seconds": {
        "upstreamTime": 0.66,
        "processingTime": 0.18,
        "policyGenerationTime": 0.05,
        "dataplaneTime": 0.08,
        "semaphoreTime": 0.01,
    },
    # The calculation of the policy contains that of selectors and of the endpoint (pkg/endpoint/metrics.go).
    "cilium_endpoint_regeneration_time_stats_seconds": {
        "waitingForLock": 0.02,
        "policyCalculation": 0.11,
        "selectorPolicyCalculation": 0.05,
        "endpointPolicyCalculation": 0.04,
        "proxyConfiguration": 0.02,
        "proxyPolicyCalculation": 0.03,
        "proxyWaitForAck": 0.07,
        "mapSync": 0.09,
        "prepareBuild": 0.03,
        "bpfCompilation": 0.16,
        "bpfWaitForELF": 0.03,
        "bpfLoadProg": 0.24,
    },
}
# Other labels of all stages: what ends well has no stage that failed.
ALIKE: Mapping[str, Mapping[str, str]] = {"cilium_endpoint_regeneration_time_stats_seconds": {"status": "success"}}


def share_of_total(metric: str, labels: Mapping[str, str]) -> float:
    """The share of the total that a series of the metric tells of: 1.0 where it is the total, or has no stages."""
    shares = STAGES.get(metric)
    if shares is None or labels[STAGE] in TOTALS:
        return 1.0
    return shares.get(labels[STAGE], OTHER_SHARE)


def together(parts: Iterable[Part]) -> Iterator[Part]:
    """The series of a name, those of stages with the motion of their total: they count the same events."""
    parts = tuple(parts)
    metric = split(parts[0].name)[0] if parts else ""
    if metric not in STAGES:
        yield from parts
        return
    labeled = [part.labeled(**ALIKE.get(metric, {})) for part in parts]
    once = {(part.labels[STAGE], _whole(part)): part for part in labeled}
    for (_, whole), part in once.items():
        total = next((once[name, whole] for name in TOTALS if (name, whole) in once), part)
        yield part.moving(total.motion)


def _whole(part: Part) -> tuple[object, ...]:
    """What a stage and its total have in common."""
    return (part.target, *sorted((label, value) for label, value in part.labels.items() if label != STAGE))
