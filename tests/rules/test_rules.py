"""Alerts: compiled for each release, with limits, labels and links that are right, or not at all."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from dashboards_py import promql
from dashboards_py.board import read
from dashboards_py.board.rules import board_of_rules
from dashboards_py.catalog import NEWEST, RELEASES, Release
from dashboards_py.compile import compile_boards, panel_id
from dashboards_py.compile.rule_text import limit_text
from dashboards_py.compile.rules import compile_groups, compile_rules
from dashboards_py.compiled import CompiledAlert, RuleOmission
from dashboards_py.configuration import DEFAULTS, Alerts, Chosen, Configuration, Labels
from dashboards_py.documents.rule_files import rule_sets_in
from dashboards_py.errors import DashboardsError
from dashboards_py.model import Alert, PanelLink, RuleGroup, Unit
from dashboards_py.need import Need
from dashboards_py.needs import needs
from dashboards_py.provisioning import rule_files
from dashboards_py.rules import build, names
from dashboards_py.style.alert_limits import ALERT_LIMITS
from dashboards_py.style.limits import LIMITS, MAP_PRESSURE
from dashboards_py.values.required import required_values
from tests.rules.unit_tests import seconds

FAULT = pytest.mark.fault("Cilium ships no alert, and public ones are wrong")
OBJECTIVES = ("dns-answered", "http-success", "regeneration-success", "agent-api")
PROMISED = Configuration(alerts=Alerts(objectives=tuple((name, 0.99) for name in OBJECTIVES)))
FULL = Alert(
    name="MapFull",
    exprs=("max by (cluster, node) (cilium_bpf_map_pressure)",),
    limit=MAP_PRESSURE.level("critical"),
    hold="10m",
    severity="critical",
    summary="Full on {{ $labels.node }}",
    description="{{ $value | humanizePercentage }}, limit [limit].",
    action="Raise it.",
    panel=PanelLink(uid="cilium-capacity", title="Fullest maps", variables={"node": "node"}),
)


def compiled(alert: Alert, configuration: Configuration = DEFAULTS, release: Release = NEWEST) -> CompiledAlert:
    """One alert."""
    [only] = compile_groups([RuleGroup(name="g", alerts=(alert,))], release, configuration).alerts
    return only


@FAULT
def test_an_alert_has_all_that_somebody_needs() -> None:
    """Query, limit, texts, runbook, and the panel with its variables."""
    number = panel_id("cilium-capacity", "Fullest maps")
    assert compiled(FULL) == CompiledAlert(
        alert="MapFull",
        expr="max by (cluster, node) (cilium_bpf_map_pressure) >= 0.9",
        classic_expr="max by (cluster, node) (cilium_bpf_map_pressure) >= 0.9",
        hold="10m",
        keep_firing_for="",
        labels={"severity": "critical"},
        annotations={
            "summary": "Full on {{ $labels.node }}{{ with $labels.cluster }} in cluster {{ . }}{{ end }}",
            "description": "{{ $value | humanizePercentage }}, limit 90%. Raise it.",
            "runbook_url": "docs/runbooks/MapFull.md",
            "dashboard_url": f"/d/cilium-capacity?viewPanel={number}&from=now-3h&to=now"
            "&var-cluster={{ with $labels.cluster }}{{ . | urlquery }}{{ end }}"
            "&var-node={{ with $labels.node }}{{ . | urlquery }}{{ end }}",
        },
        uid="cilium-capacity",
        panel="Fullest maps",
        panel_id=number,
        levels=("map-pressure.critical",),
    )


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_alerts_link_to_panels_that_are_there(release: Release) -> None:
    """The id is that of a panel in the board's JSON on the release, and the board has the variables of the link.

    On an older release, whose board lacks the panel, the board is linked.
    """
    boards = {board.uid: read(board.json) for board in compile_boards(release)}
    for alert in compile_rules(release, PROMISED).alerts:
        board = boards[alert.uid]
        panels = {panel.id for panel in board.panels}
        viewed = re.findall(r"[?]viewPanel=(\d+)&", alert.annotations["dashboard_url"])
        assert viewed == ([str(alert.panel_id)] if alert.panel_id in panels else []), alert.alert
        assert viewed or (alert.panel_id == 0 and release < NEWEST), alert.alert
        variables = {variable.name for variable in board.variables}
        assert set(re.findall(r"&var-(\w+)=", alert.annotations["dashboard_url"])) <= variables


@FAULT
def test_nothing_is_left_out_on_the_newest_release() -> None:
    """Each alert has an expression there."""
    assert [item for item in compile_rules(NEWEST, PROMISED).omissions if item.expr is None] == []


@FAULT
def test_no_limit_of_alerts_is_unused() -> None:
    """Each level of the table is that of an alert, on some release; and an alert's limit has a name."""
    alerts = [alert for release in RELEASES for alert in compile_rules(release, PROMISED).alerts]
    used = {level for alert in alerts for level in alert.levels}
    own = {level.qualified_name for limit in ALERT_LIMITS.values() for level in limit.levels}
    assert own <= used
    assert used - own <= {level.qualified_name for limit in LIMITS.values() for level in limit.levels}


@FAULT
def test_a_release_without_the_metric_has_no_alert() -> None:
    """It is left out with the reason; of several expressions, that which the release lacks."""
    drift = replace(FULL, exprs=("max by (cluster, node) (cilium_drift_checker_config_delta)", *FULL.exprs))
    rules = compile_groups([RuleGroup(name="g", alerts=(drift,))], RELEASES[0])
    assert [alert.expr for alert in rules.alerts] == ["max by (cluster, node) (cilium_bpf_map_pressure) >= 0.9"]
    [omission] = rules.omissions
    assert omission == RuleOmission(
        "g", "MapFull", drift.exprs[0], "cilium_drift_checker_config_delta: cilium-agent has it since 1.17"
    )
    rules = compile_groups([RuleGroup(name="g", alerts=(replace(drift, exprs=drift.exprs[:1]),))], RELEASES[0])
    assert (rules.groups, [item.expr for item in rules.omissions]) == ((), [None])


@FAULT
def test_both_kinds_of_histogram() -> None:
    """Alerts read both; those for servers without native histograms read classic ones, guarded as well."""
    mean = "sum by (cluster, node) (rate({0}_sum[5m])) / sum by (cluster, node) (rate({0}_count[5m]))"
    alert = compiled(replace(FULL, exprs=(mean.format("cilium_policy_implementation_delay"),)))
    assert "histogram_sum(rate(cilium_policy_implementation_delay[5m]))" in alert.expr
    assert "histogram" not in alert.classic_expr
    assert alert.classic_expr.endswith("(rate(cilium_policy_implementation_delay_count[5m])) > 0)) >= 0.9")


@FAULT
def test_a_house_sets_limits_times_severities_and_labels() -> None:
    """In queries and texts alike; labels have the house's names, and links its addresses."""
    settings = Configuration(
        thresholds=(("map-pressure.critical", 0.8),),
        labels=Labels(cluster="k8s_cluster", node="host"),
        alerts=Alerts(
            grafana_url="https://grafana.example.org/g",
            runbook_url="https://git.example.org/runbooks",
            labels=(("team", "net"),),
            hold=(("MapFull", "30m"),),
            severity=(("MapFull", "info"),),
        ),
    )
    alert = compiled(FULL, settings)
    assert alert.expr == "max by (k8s_cluster, host) (cilium_bpf_map_pressure) >= 0.8"
    assert (alert.hold, alert.labels) == ("30m", {"severity": "info", "team": "net"})
    assert alert.annotations["description"] == "{{ $value | humanizePercentage }}, limit 80%. Raise it."
    assert alert.annotations["summary"].startswith("Full on {{ $labels.host }}{{ with $labels.k8s_cluster }}")
    assert alert.annotations["runbook_url"] == "https://git.example.org/runbooks/MapFull.md"
    assert alert.annotations["dashboard_url"].startswith("https://grafana.example.org/g/d/cilium-capacity?")
    assert "&var-node={{ with $labels.host }}" in alert.annotations["dashboard_url"]


@FAULT
def test_all_alerts_have_the_labels_of_a_house() -> None:
    """In queries, texts and links, where one of its names is our name of the other label as well."""
    renamed = {"cluster": "node", "node": "kubernetes_node"}
    settings = replace(PROMISED, labels=Labels(cluster="node", node="kubernetes_node"))
    of_house = {alert.alert: alert for alert in compile_rules(NEWEST, settings).alerts}
    for plain in compile_rules(NEWEST, PROMISED).alerts:
        alert = of_house[plain.alert]
        for renamed_expr, plain_expr in ((alert.expr, plain.expr), (alert.classic_expr, plain.classic_expr)):
            labels = promql.labels(plain_expr) if plain_expr else frozenset()
            assert not renamed_expr or promql.labels(renamed_expr) == {renamed.get(label, label) for label in labels}
        for key, text in plain.annotations.items():
            own = [renamed.get(label, label) for label in re.findall(r"[$.]labels\.(\w+)", text, re.I)]
            assert re.findall(r"[$.]labels\.(\w+)", alert.annotations[key], re.I) == own, alert.alert
        of_board = re.findall(r"var-(\w+)=", plain.annotations["dashboard_url"])
        assert re.findall(r"var-(\w+)=", alert.annotations["dashboard_url"]) == of_board


@FAULT
def test_a_number_inside_a_query_is_a_limit_as_well() -> None:
    """The floor of a share is set by its name, and only there."""
    [alert] = [item for item in compile_rules().alerts if item.alert == "HubbleHTTPServerErrors"]
    settings = Configuration(thresholds=(("workload-5xx.floor", 7),))
    [changed] = [item for item in compile_rules(NEWEST, settings).alerts if item.alert == alert.alert]
    assert changed.expr == alert.expr.replace("> 0.1", "> 7")


@FAULT
def test_other_labels_of_pods() -> None:
    """The label that names the pods at both ends of a flow is that of the house, in links too."""
    [alert] = [
        item
        for item in compile_rules(NEWEST, Configuration(peer_label="workload")).alerts
        if item.alert == "HubbleHTTPServerErrors"
    ]
    assert "destination_app" not in str(alert)
    assert "sum by (cluster, destination_namespace, destination_workload)" in alert.expr


@FAULT
def test_a_board_that_is_left_out_has_no_link() -> None:
    """The alert stays."""
    alert = compiled(FULL, Configuration(boards=Chosen(without=("cilium-capacity",), source="s")))
    assert "dashboard_url" not in alert.annotations
    assert alert.panel_id == 0


@FAULT
def test_objectives_are_off_until_they_are_promised() -> None:
    """Then each has alerts on two windows at once; a budget too large for a pace has none at that pace."""
    assert not {alert.alert for alert in compile_rules().alerts if "Budget" in alert.alert}
    rules = compile_rules(NEWEST, Configuration(alerts=Alerts(objectives=(("regeneration-success", 0.99),))))
    burns = [alert for alert in rules.alerts if "Budget" in alert.alert]
    assert [(alert.alert, alert.labels["severity"]) for alert in burns] == [
        ("CiliumRegenerationBudgetBurnsFast", "critical"),
        ("CiliumRegenerationBudgetBurns", "warning"),
        ("CiliumRegenerationBudgetBurnsSlowly", "info"),
    ]
    total = "sum by (cluster) (rate(cilium_endpoint_regenerations_total[{0}]))"
    failed = 'sum by (cluster) (rate(cilium_endpoint_regenerations_total{{outcome="fail"}}[{0}]))'
    share = f"(({failed} or 0 * {total}) / ({total} > 0))"
    assert burns[0].expr == f"{share.format('1h')} > 0.144 and {share.format('5m')} > 0.144"
    rules = compile_rules(NEWEST, Configuration(alerts=Alerts(objectives=(("regeneration-success", 0.9),))))
    assert [alert.alert for alert in rules.alerts if "Budget" in alert.alert] == [
        "CiliumRegenerationBudgetBurns",
        "CiliumRegenerationBudgetBurnsSlowly",
    ]


WRONG = {
    "panel": (
        {"panel": PanelLink(uid="cilium-capacity", title="Renamed")},
        "board 'cilium-capacity' has no panel 'Renamed'",
    ),
    "board": ({"panel": PanelLink(uid="cilium-x", title="Agents")}, "board 'cilium-x' has no panel 'Agents'"),
    "variable": (
        {"panel": PanelLink(uid="cilium-capacity", title="Fullest maps", variables={"pod": "node"})},
        "board cilium-capacity has no variable $pod",
    ),
    "variable that is hidden": (
        {"panel": PanelLink(uid="cilium-capacity", title="Fullest maps", variables={"not_scraped": "node"})},
        "board cilium-capacity has no variable $not_scraped",
    ),
    "label of the link": (
        {"panel": PanelLink(uid="cilium-capacity", title="Fullest maps", variables={"node": "pod"})},
        "sets $node to pod, which its query lacks",
    ),
    "label of a text": ({"summary": "{{ $labels.pod }}"}, "reads the label pod, which the query lacks"),
    "no cluster": ({"exprs": ("max by (node) (cilium_bpf_map_pressure)",)}, "loses the label cluster"),
    "any labels": ({"exprs": ("up == 0",), "limit": None}, "may have any labels"),
    "metric": ({"exprs": ("max by (cluster) (cilium_map_presure)",)}, "metric cilium_map_presure"),
    "classic only": (
        {"exprs": ("max by (cluster) (changes(cilium_policy_implementation_delay_count[5m]))",)},
        "cilium_policy_implementation_delay_count",
    ),
    "no limit": ({"limit": None, "exprs": ("max by (cluster, node) (cilium_bpf_map_pressure) > 1",)}, "has [limit]"),
}


@FAULT
@pytest.mark.parametrize(("changed", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_alert_does_not_compile(changed: dict[str, Any], message: str) -> None:
    """The error names the alert and the cause."""
    with pytest.raises(DashboardsError) as raised:
        compiled(replace(FULL, **changed))
    assert "MapFull" in str(raised.value)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "map full"}, "a name is letters and digits"),
        ({"hold": "ten minutes"}, "'ten minutes' is not a duration"),
        ({"keep_firing_for": "5"}, "'5' is not a duration"),
        ({"exprs": ()}, "has no expression"),
    ],
    ids=["name", "for", "keep_firing_for", "expression"],
)
def test_what_prometheus_would_reject(changed: dict[str, Any], message: str) -> None:
    """It is an error before anything is compiled."""
    with pytest.raises(DashboardsError, match=message):
        replace(FULL, **changed)


@FAULT
@pytest.mark.parametrize(
    ("alerts", "message"),
    [
        (Alerts(without=("CiliumMapNearlyFul",)), "did you mean CiliumMapNearlyFull?"),
        (Alerts(hold=(("CiliumX", "5m"),)), "alert 'CiliumX': no alert has this name"),
        (Alerts(severity=(("CiliumX", "info"),)), "alert 'CiliumX': no alert has this name"),
        (Alerts(objectives=(("dns-answer", 0.9),)), "did you mean dns-answered?"),
    ],
    ids=["without", "for", "severity", "objective"],
)
def test_settings_of_alerts_that_are_not_there(alerts: Alerts, message: str) -> None:
    """They are errors with the nearest name."""
    with pytest.raises(DashboardsError) as raised:
        compile_rules(NEWEST, Configuration(alerts=alerts, source="s.toml"))
    assert message in str(raised.value)


def test_two_alerts_of_one_name_do_not_compile() -> None:
    """Neither in one group nor in two."""
    groups = [RuleGroup(name=name, alerts=(FULL,)) for name in ("a", "b")]
    with pytest.raises(DashboardsError, match="two alerts have this name"):
        compile_groups(groups, NEWEST)


def test_alerts_can_be_left_out() -> None:
    """By name."""
    settings = Configuration(alerts=Alerts(without=("CiliumVersionSkew",)))
    assert {alert.alert for alert in compile_rules().alerts} - {
        alert.alert for alert in compile_rules(NEWEST, settings).alerts
    } == {"CiliumVersionSkew"}


@FAULT
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_queries_are_plain_promql(release: Release) -> None:
    """Without variables of Grafana and labels that only one house has; each compares with something."""
    for alert in compile_rules(release, PROMISED).alerts:
        assert not re.search(r"\$[a-z_]", alert.expr), alert.alert
        assert "k8s_app" not in alert.expr
        assert list(promql.refusals(alert.expr)) == []


@FAULT
def test_no_alert_averages_over_nodes_or_fires_at_once() -> None:
    """A mean over nodes hides one; `for` is at least two evaluations of a minute."""
    for alert in compile_rules(NEWEST, PROMISED).alerts:
        assert not re.search(r"\bavg\b", alert.expr), alert.alert
        assert alert.hold != "1m"


@FAULT
@pytest.mark.parametrize("release", [RELEASES[0], NEWEST], ids=str)
def test_alerts_need_no_more_values_than_boards(release: Release) -> None:
    """With the Helm values that the boards need, each alert has its metrics, also those of objectives."""
    of_boards = [need for board in compile_boards(release) for need in needs(read(board.json), release)]
    source = rule_files(release, PROMISED)["rules/prometheus.yaml"]
    [alerts] = rule_sets_in(source, "prometheus.yaml")
    of_alerts = needs(board_of_rules("alerts", alerts.rules), release)
    assert of_alerts
    assert settings_for([*of_boards, *of_alerts], release) == settings_for(of_boards, release)


def settings_for(all_needs: Sequence[Need], release: Release) -> dict[str, Any]:
    """The values that are needed, without the panels that need them."""
    values = required_values(all_needs, release, labels={}, interval="30s")
    return {key: [one.value for one in item] if isinstance(item, tuple) else item.value for key, item in values.items()}


@FAULT
def test_no_burst_fires_an_alert_on_a_share_or_mean() -> None:
    """What a rate divides is judged for longer than the rate looks back: a burst is over by then."""
    for alert in compile_rules(NEWEST).alerts:
        if re.search(r"\) / \(?\(?(sum|rate)", alert.expr):
            windows = map(seconds, re.findall(r"\b(?:rate|increase)\(\w+(?:\{[^}]*\})?\[(\w+)\]", alert.expr))
            assert max(windows, default=0.0) < seconds(alert.hold), alert.alert


def test_groups_are_files() -> None:
    """Each has alerts or objectives, and a name of its own."""
    groups = [build(name, NEWEST) for name in names()]
    assert len({group.name for group in groups}) == len(groups)
    assert all(group.alerts or group.objectives for group in groups)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.9, "percentunit", "90%"),
        (2, "s", "2 s"),
        (250, "ms", "250 ms"),
        (7, "suffix: days", "7 days"),
        (5, "reqps", "5/s"),
        (5, "eps", "5/s"),
        (5, "ops", "5/s"),
        (5, "count:pkt/s", "5/s"),
        (3, "none", "3"),
    ],
)
def test_limits_have_their_unit(value: float, unit: Unit, text: str) -> None:
    """As a person writes it in a sentence."""
    assert limit_text(value, unit) == text
