"""Targets of Cilium that Prometheus does not scrape: those that are down, and those that are removed.

A target is Cilium's by its pod, service or job, whichever of these the way of scraping has: the chart's ServiceMonitors
and PodMonitors have `pod`, annotations of services have `service`, and a configuration of one's own a `job`. The label
that is read last wins: agents and Hubble's metrics, which are of the same pod, are one component.
"""

from dataclasses import replace

from dashboards_py.model import Query, State
from dashboards_py.style.links import next_boards

COMPONENTS = "cilium-envoy|cilium-operator|hubble-relay|clustermesh-apiserver|cilium"  # of several, the first
COMPONENT = "cilium_component"  # no label that a target may have already
GROUP = f"(cluster, node, {COMPONENT})"
AN_HOUR_AGO = " offset 1h"
BOARDS = {"cilium-agent|": "cilium-agent", "clustermesh-apiserver": "cilium-clustermesh", "(.*)": "$1"}
STATES = (
    State(text="down", color="red", low=1, high=1e6),
    State(text="gone", color="yellow", low=0, high=0.999),
)


def not_scraped(matchers: str = 'cluster=~"$cluster"', components: str = COMPONENTS, *, by_node: bool = False) -> Query:
    """The targets that do not answer (`down`), and those of an hour ago that are no targets any more (`gone`).

    Its value is the number of targets, a thousandth of it where they are gone: those that are down come first. After a
    rollout the pods of an hour ago have other names, so that what is gone is known by node and component; `by_node`
    does not count, which would find one pod of several without a node. Where Prometheus has no `up`, as one that
    federates, `cilium_version` names the node.
    """
    targets, before = (_targets(matchers, components, offset) for offset in ("", AN_HOUR_AGO))
    down = f"count by (cluster, node, {COMPONENT}, pod) ({targets} == 0)"
    missing = f"count by {GROUP} {before} unless count by {GROUP} {targets}"
    if not by_node:
        missing = f"count by {GROUP} {before} - (count by {GROUP} {targets} or 0 * count by {GROUP} {before}) > 0"
    nodes = (
        "count by (cluster, node) (cilium_version offset 1h) unless count by (cluster, node) (cilium_version)"
        f" unless on (cluster, node) {before}"
    )
    agents = f" or ({nodes})" if components == COMPONENTS else ""
    return Query(expr=f"{down} or (({missing}){agents}) / 1000", legend="state", states=STATES)


def with_next_boards(not_scraped: Query) -> Query:
    """The query with the boards of the components, as the label `next`."""
    return replace(not_scraped, expr=next_boards(not_scraped.expr, COMPONENT, BOARDS))


def _targets(matchers: str, components: str, offset: str) -> str:
    """`up` of the components, with their names as a label; a series without that label matches the empty vector(1)."""
    named = f'label_join(up{{{matchers}}}{offset}, "name", " ", "job", "service", "pod")'
    component = f'label_replace({named}, "{COMPONENT}", "$1", "name", ".*({components}).*")'
    if components == COMPONENTS:  # pods of the agent are called cilium-, and nothing else is
        component = f'label_replace({component}, "{COMPONENT}", "cilium-agent", "{COMPONENT}", "cilium")'
    return f"({component} unless on ({COMPONENT}) vector(1))"
