"""Features of Cilium that are seen to be on."""

from dashboards_py.catalog import entries
from dashboards_py.catalog.feature import Feature
from dashboards_py.doctor.observation import Observation

# The series that say whether a feature is on (pkg/metrics/features of cilium/cilium).
SERIES = {
    "bgp": "cilium_feature_adv_connect_and_lb_bgp_enabled",
    "clustermesh": "cilium_feature_adv_connect_and_lb_clustermesh_enabled",
    "envoy-config": "cilium_feature_adv_connect_and_lb_cilium_envoy_config_enabled",
    "l7-proxy": "cilium_feature_adv_connect_and_lb_envoy_proxy_enabled",
}


def is_on(feature: Feature, seen: Observation) -> bool:
    """Whether its own series is above zero, or another metric has series, which it has with the feature only."""
    name = SERIES.get(feature.name)
    if any(series == name and value > 0 for series, _, value in seen.features):
        return True
    return any(feature in metric.features_on(seen.release) for series in seen.series for metric in entries(series))
