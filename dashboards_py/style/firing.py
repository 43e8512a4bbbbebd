"""Alerts that fire: Prometheus, and what speaks its language, keeps a series `ALERTS` of each (rules/alerting.go)."""

from collections.abc import Iterable, Iterator, Mapping

from dashboards_py.model import Annotation, Query, Stat, State, Table
from dashboards_py.style.limits import CRITICAL_ALERTS
from dashboards_py.style.links import NEXT, NEXT_NODE, link_to_next, link_to_panel, next_boards, with_next_nodes
from dashboards_py.style.panels import query, stat
from dashboards_py.style.tables import table
from dashboards_py.style.thresholds import above

ABOUT_CILIUM = 'cluster=~"$cluster", alertstate="firing", alertname=~"(Cilium|Hubble).+"'
SEVERITIES = (
    State(text="critical", color="red", low=3, high=3),
    State(text="warning", color="yellow", low=2, high=2),
    State(text="info", color="text", low=1, high=1),
)
OVERVIEW = "cilium-overview"  # it marks all alerts
FIRING = "Firing alerts"
HUBBLE = "Hubble.+"
# The board that shows what an alert is about, by its name; of several, the first.
BOARDS = {
    "HubbleDNS.+": "hubble-dns",
    "HubbleHTTP.+": "hubble-http",
    "HubbleRelay.+|HubbleCertificate.+": "hubble-relay",
    HUBBLE: "hubble-overview",
    "CiliumEnvoy.+": "cilium-envoy",
    "CiliumBGP.+": "cilium-bgp",
    "Cilium(Mesh|KVStore|RemoteCluster).+": "cilium-clustermesh",
    "Cilium(Policy|DNS|LocalIdentities).+": "cilium-policy",
    "Cilium(Operator|IdentityCollection|LoadBalancerWithout|Unmanaged|EndpointSlices).+": "cilium-operator",
    "Cilium(Map|Conntrack|NAT|SourcePorts|NodeAddresses|Identities|LoadBalancerPool|OpenFiles).+": "cilium-capacity",
    "Cilium(EndpointCreation|AgentAPI).+": "cilium-capacity",
}
# That of an alert without one, which may be about any component, by the pod; the agents' is the default.
BOARDS_OF_PODS = {
    "hubble-relay.+": "hubble-relay",
    "cilium-operator.+": "cilium-operator",
    "cilium-envoy.+": "cilium-envoy",
    "clustermesh-apiserver.+": "cilium-clustermesh",
    ".*": "cilium-agent",
}
ABOUT = "about"
# Labels of the subject of an alert, besides its node: an alert has few of them.
SUBJECTS = (
    *("source_namespace", "destination_namespace", "destination_app", "namespace", "daemonset", "pod"),
    *("target_cluster", "map_name", "family", "protocol", "neighbor", "pool", "name", "source", "type", "error"),
    "envoy_http_conn_manager_prefix",
)
MOST_NAMED = 3  # of an alert that has a row for each; of more, they would hide all other alerts
MANY = f"more than {MOST_NAMED}"


def firing_alerts_about(uid: str) -> Iterator[Annotation]:
    """The mark of the critical alerts that fire about what a board shows; none if there are no such alerts."""
    selectors = [""] if uid == OVERVIEW else [*_selectors(uid)]
    if selectors:
        alerts = " or ".join(f'ALERTS{{{ABOUT_CILIUM}, severity="critical"{selector}}}' for selector in selectors)
        yield Annotation(
            name="Firing alerts",
            expr=f"count by (cluster, alertname) ({alerts})",
            text="{{alertname}}",
            color="red",
            step="60s",
        )


def _selectors(uid: str) -> Iterator[str]:
    """Matchers of the alerts that lead to a board, by their name, or by their pod where no name decides."""
    if uid in BOARDS.values():
        yield _leading_to(uid, BOARDS, "alertname")
    if uid in BOARDS_OF_PODS.values():
        yield f', alertname!~"{"|".join(_broadest(BOARDS))}"{_leading_to(uid, BOARDS_OF_PODS, "pod")}'


def _broadest(patterns: Iterable[str]) -> list[str]:
    """The patterns without those of Hubble's alerts, all of which one has."""
    return [pattern for pattern in patterns if pattern == HUBBLE or not pattern.startswith("Hubble")]


def _leading_to(uid: str, boards: Mapping[str, str], label: str) -> str:
    """Matchers of the expressions of a board, less those before them."""
    own = [pattern for pattern, board in boards.items() if board == uid]
    before = [*boards][: [*boards].index(own[0])]
    matchers = (("=~", own if own != [".*"] else []), ("!~", before))
    return "".join(f', {label}{operator}"{"|".join(patterns)}"' for operator, patterns in matchers if patterns)


def firing_alerts(*, w: int, h: int) -> Table:
    """Alerts about Cilium and Hubble that fire, the critical ones first, of any author."""
    ranked = (
        f'{rank} * ALERTS{{{ABOUT_CILIUM}, severity="{name}"}}' for rank, name in ((3, "critical"), (2, "warning"))
    )
    firing = _with_subjects(f"({' or '.join(ranked)} or ALERTS{{{ABOUT_CILIUM}}})")
    named = _named(firing)
    few = f"count by (cluster, alertname) ({named}) <= {MOST_NAMED}"
    all_of_many = f"max by (cluster, alertname) ({firing})"
    nodes = f'count by (cluster, alertname) (count by (cluster, alertname, node) (ALERTS{{{ABOUT_CILIUM}, node!=""}}))'
    of_nodes = f"{all_of_many} and on (cluster, alertname) {nodes} > {MOST_NAMED}"
    many = (
        f'label_replace({of_nodes}, "{ABOUT}", "{MANY} nodes", "", "")'
        f' or on (cluster, alertname) label_replace({all_of_many}, "{ABOUT}", "{MANY} alerts", "", "")'
    )
    rows = f"{named} and on (cluster, alertname) ({few}) or on (cluster, alertname) {many}"
    of_pods = next_boards(with_next_nodes(rows), "pod", BOARDS_OF_PODS)
    of_names = next_boards(of_pods, "alertname", BOARDS)
    return table(
        FIRING,
        "Alerts whose names begin with Cilium or Hubble, with what each is about; of more than three, they are not "
        "named. What to do is in the alert's description and runbook. Empty: none fires, or Prometheus evaluates no "
        "such rules: see Alerts in its menu.",
        Query(
            expr=f"max by (cluster, alertname, node, {ABOUT}, {NEXT}, {NEXT_NODE}) ({of_names})",
            legend="severity",
            states=SEVERITIES,
        ),
        links=(link_to_next(),),
        widths={"alertname": 265},
        no_value="no alert seen",
        w=w,
        h=h,
    )


def firing_alerts_count(*, w: int, h: int) -> Stat:
    """The number of critical alerts that fire, beside that of all: the table below may be out of sight."""
    firing, critical = (
        f"count({_named(_with_subjects(f'ALERTS{{{ABOUT_CILIUM}{severity}}}'))})"
        for severity in ("", ', severity="critical"')
    )
    return stat(
        "Critical alerts",
        "Critical alerts about Cilium and Hubble that fire, beside those of all severities; each subject counts once. "
        "The table Firing alerts, below, names them, and leads to the next board.",
        query(f"{critical} or 0 * {firing}", "critical"),
        query(firing, "all", secondary=True),
        thresholds=above(CRITICAL_ALERTS),
        links=(link_to_panel(OVERVIEW, FIRING),),
        no_value="no alert seen",
        w=w,
        h=h,
    )


def _named(alerts: str) -> str:
    """The alerts `_with_subjects`, one for each subject: those of several jobs of a pod are one."""
    return f"max by (cluster, alertname, node, pod, {ABOUT}) ({alerts})"


def _with_subjects(alerts: str) -> str:
    """The alerts with the values of their labels of subjects, one after the other, as one label."""
    joined = f'label_join({alerts}, "{ABOUT}", " ", {", ".join(map(repr, SUBJECTS))})'.replace("'", '"')
    words = " *([^ ]*)" + " *( [^ ]+)?" * 3 + " *"
    return f'label_replace({joined}, "{ABOUT}", "$1$2$3$4", "{ABOUT}", "{words}")'
