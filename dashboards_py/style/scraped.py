"""Targets of Cilium that Prometheus does not scrape: those that are down, and those that are removed.

A target is Cilium's by its pod, service or job, whichever of these the way of scraping has: the chart's ServiceMonitors
and PodMonitors have `pod`, annotations of services have `service`, and a configuration of one's own a `job`. The label
that is read last wins: agents and Hubble's metrics, which are of the same pod, are one component.
"""

from dashboards_py.model import Query, State

COMPONENTS = "cilium-envoy|cilium-operator|hubble-relay|clustermesh-apiserver|cilium"  # of several, the first
COMPONENT = "cilium_component"  # no label that a target may have already
GROUP = f"(cluster, node, {COMPONENT})"
AN_HOUR_AGO = " offset 1h"
MANY = 1e6
STATES = (
    State(text="down", color="red", low=1, high=MANY),
    State(text="gone", color="yellow", low=-MANY, high=-1),
)


def not_scraped(matchers: str = 'cluster=~"$cluster"', *, by_node: bool = False) -> Query:
    """The targets that do not answer (`down`), and those of an hour ago that are no targets any more (`gone`).

    Its value is the number of targets, negative where they are gone. After a rollout the pods of an hour ago have
    other names, so that what is gone is known by node and component; `by_node` does not count, which would find one pod
    of several without a node. Where Prometheus has no `up`, as one that federates, `cilium_version` names the node.
    """
    targets, before = (_targets(matchers, offset) for offset in ("", AN_HOUR_AGO))
    down = f"count by (cluster, node, {COMPONENT}, pod) ({targets} == 0)"
    missing = f"count by {GROUP} {before} unless count by {GROUP} {targets}"
    if not by_node:
        missing = f"count by {GROUP} {before} - (count by {GROUP} {targets} or 0 * count by {GROUP} {before}) > 0"
    nodes = (
        "count by (cluster, node) (cilium_version offset 1h) unless count by (cluster, node) (cilium_version)"
        f" unless on (cluster, node) {before}"
    )
    return Query(expr=f"{down} or -({missing}) or -({nodes})", legend="state", states=STATES)


def _targets(matchers: str, offset: str) -> str:
    """`up` of the components, with their names as a label; a series without that label matches the empty vector(1)."""
    named = f'label_join(up{{{matchers}}}{offset}, "name", " ", "job", "service", "pod")'
    component = f'label_replace({named}, "{COMPONENT}", "$1", "name", ".*({COMPONENTS}).*")'
    return f"({component} unless on ({COMPONENT}) vector(1))"
