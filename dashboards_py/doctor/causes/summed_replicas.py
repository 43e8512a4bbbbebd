"""summed-replicas: all rates and counts are twice as high, behind Thanos or another server of several Prometheus

Two Prometheus servers of a pair scrape the same targets, and the server that is asked has both: a sum adds them up.

Switch deduplication on: `--query.replica-label=prometheus_replica` of Thanos, `ha_tracker` of Mimir,
`-dedup.minScrapeInterval` of VictoriaMetrics; or ask one Prometheus of the pair.
"""

from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 80


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """The same targets, told apart by the label of a replica alone."""
    for component in sorted(query.components):
        for group in seen.duplicates(component):
            if group.replicas:
                targets, named = group.targets, ", ".join(sorted(group.replicas))
                what = f"series of {len(targets)} replicas of Prometheus are added up (label {named})"
                why = f"{targets[0].name} is there {len(targets)} times, with different values of {named}"
                fix = f"deduplicate by {named} in the server that is asked, or ask one replica"
                return Diagnosis(what, why, fix, Severity.WARNING, is_final=False)
    return None
