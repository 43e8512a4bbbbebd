"""How Prometheus stores histograms: native ones make queries of others silently empty."""

from dashboards_py.model import RuleGroup
from dashboards_py.release import Release
from dashboards_py.style.alerts import alert, group, panel

HISTOGRAM = "cilium_endpoint_regeneration_time_stats_seconds"  # which every agent has


def rules(_: Release) -> RuleGroup:
    """Storage of histograms."""
    return group(
        "cilium-histograms",
        alert(
            "CiliumHistogramsNativeOnly",
            f"count by (cluster) (histogram_count({HISTOGRAM})) unless count by (cluster) ({HISTOGRAM}_count)",
            classic_only=True,
            hold="30m",
            severity="info",
            summary="Cilium's histograms are stored natively only",
            description="Prometheus stores {{ $value }} histograms of Cilium natively, and none with _bucket, _sum and "
            "_count. These boards and alerts read both; queries of others that name such series are empty now.",
            action="Search rules and boards for _bucket, _sum and _count, or set always_scrape_classic_histograms.",
            panel=panel("cilium-agent", "Regeneration time by stage, mean"),
        ),
    )
