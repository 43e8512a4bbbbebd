"""feature-off: panels of BGP, Cluster Mesh, IPsec, Gateway API and others are empty

The metric belongs to a feature of Cilium that is not in use in this cluster. Nothing is wrong.

If the feature should be in use, set the Helm values that are named.
"""

from dashboards_py.catalog import Metric
from dashboards_py.catalog.feature import Feature
from dashboards_py.doctor.causes._cause import Diagnosis
from dashboards_py.doctor.causes._features import SERIES, is_on
from dashboards_py.doctor.causes._metrics import absent
from dashboards_py.doctor.causes._targets import is_optional, off_reason
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.findings import Severity

ORDER = 110
# The keys of cilium-config that say it (templates/cilium-configmap.yaml of the chart, 1.16 to 1.20).
KEYS = {
    "active-connections": "enable-active-connection-tracking",
    "bgp": "enable-bgp-control-plane",
    "drift-checker": "enable-drift-checker",
    "endpoint-health": "enable-endpoint-health-checking",
    "endpoint-slices": "enable-cilium-endpoint-slice",
    "endpointslice-sync": "clustermesh-enable-endpoint-sync",
    "envoy-config": "enable-envoy-config",
    "gateway-api": "enable-gateway-api",
    "health": "enable-health-checking",
    "ipsec": "enable-ipsec",
    "l7-policy": "enable-l7-proxy",
    "l7-proxy": "enable-l7-proxy",
    "lb-ipam": "enable-lb-ipam",
    "mcs-api": "clustermesh-enable-mcs-api",
    "ztunnel": "enable-ztunnel",
}


def explain(query: ExecutedQuery, seen: Observation) -> Diagnosis | None:
    """A metric that is there with a feature only, or of a component that belongs to one."""
    for selector in absent(query, seen):
        for metric in selector.metrics:
            may_be_off = is_optional(metric.component) or off_reason(metric.component, seen)
            optional = may_be_off and metric.component not in seen.components
            features = [feature for feature in metric.features_on(seen.release) if not is_on(feature, seen)]
            if optional or features:
                return _of(metric, features, seen)
    return None


def _of(metric: Metric, features: list[Feature], seen: Observation) -> Diagnosis:
    if not features:
        reason = off_reason(metric.component, seen)
        what = f"{metric.component} does not run here"
        why = "; ".join(filter(None, ("no target and no series of it", reason)))
        own_pods = "envoy.enabled=true, " if seen.embedded and metric.component == "cilium-envoy" else ""
        fix = f"Set {own_pods}{', '.join(map(str, metric.exposed_by.enabled_by))}."
    else:
        what = f"there is data only when {' and '.join(feature.when for feature in features)}"
        why = f"{metric.name} is exposed only then"
        names = [SERIES[feature.name] for feature in features if feature.name in SERIES]
        values = {series: value for series, _, value in seen.features}
        why += "".join(f"; {name} is {values[name]:g}" for name in names if name in values)
        configured = (_configured(KEYS[feature.name], seen) for feature in features if feature.name in KEYS)
        why = "; ".join(filter(None, (why, *configured)))
        fix = " ".join(filter(None, (feature.fix_on(seen.release) for feature in features)))
    return Diagnosis(what, why, fix, Severity.INFO)


def _configured(key: str, seen: Observation) -> str:
    """What cilium-config says of a feature, "" if no cluster was read."""
    if not seen.configuration:
        return ""
    value = seen.configuration.get(key)
    if value == "true":
        return f"cilium-config has {key}: true, which agents read when they start, and nothing of it has happened yet"
    return f"cilium-config has {key}: {value}" if value else f"cilium-config has no {key}"
