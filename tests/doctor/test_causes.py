"""Single causes: what each says of one query without a result, for what was seen of a Prometheus and a cluster."""

from collections.abc import Mapping
from typing import Any

import pytest

from dashboards_py.board import read
from dashboards_py.catalog import Release
from dashboards_py.doctor import BoardToExamine, Client, duplicates, observation
from dashboards_py.doctor.diagnose import diagnose
from dashboards_py.doctor.examine import examine
from dashboards_py.doctor.execute import execute_boards
from dashboards_py.doctor.observation import Flow, Observation, PartialMetric, ScrapeTarget, Server
from dashboards_py.errors import TIMEOUT, DashboardsError
from dashboards_py.findings import Finding, Severity
from tests.fakes.prometheus import of_queries

NOW = 1_760_000_000.0
DROPS, DNS = "sum(rate(cilium_drop_count_total[5m]))", "sum(rate(hubble_dns_queries_total[5m]))"
AGENT = {"cilium_version": {"cilium-agent": 2}}
BOTH = {**AGENT, "hubble_flows_processed_total": {"hubble": 9}}
STOPPED = {"before": frozenset({"cilium_drop_count_total"}), "last_samples": {"cilium_drop_count_total": NOW - 3600}}


def target(component: str, error: str = "", **labels: str) -> ScrapeTarget:
    """A target that is up, or down with an error."""
    return ScrapeTarget(component, labels or {"pod": "one"}, not error, error, "http://10.0.0.1")


def seen(**parts: Any) -> Observation:
    """What was seen of a Prometheus that scrapes agents."""
    fields: dict[str, Any] = {"server": Server(now=NOW), "targets": (target("cilium-agent"),), "series": AGENT}
    return Observation(**{**fields, **parts})


def board(*exprs: str) -> BoardToExamine:
    """A board with a panel for each query."""
    panels = [
        {
            "id": number,
            "type": "timeseries",
            "title": str(number),
            "gridPos": {"x": 0, "y": number, "w": 1, "h": 1},
            "targets": [{"refId": "A", "expr": expr}],
        }
        for number, expr in enumerate(exprs)
    ]
    return BoardToExamine(read({"uid": "mine", "title": "Mine", "panels": panels}))


def findings(observed: Observation, *exprs: str) -> tuple[Finding, ...]:
    """The findings of queries without results."""

    def ask(_path: str, _params: Mapping[str, str]) -> Any:
        return {"resultType": "vector", "result": []}

    return diagnose(execute_boards(Client(ask), [board(*exprs)], observed), observed).findings


@pytest.mark.parametrize(
    ("expr", "observed", "cause", "text"),
    [
        pytest.param(DROPS, seen(targets=(), series={}), "no-cilium", "does not scrape Cilium", id="nothing"),
        pytest.param(DNS, seen(), "missing-target", "hubble is not scraped", id="no target"),
        pytest.param(
            DNS, seen(targets=(target("hubble", "connection refused"),)), "target-down", "1 of 1 target is", id="down"
        ),
        pytest.param(
            DNS,
            seen(targets=(target("hubble", "context deadline exceeded"),)),
            "scrape-timeout",
            "hubble",
            id="timeout",
        ),
        pytest.param(
            DNS, seen(targets=(target("hubble", "sample limit exceeded"),)), "scrape-limit", "hubble", id="limit"
        ),
        pytest.param(
            DROPS, seen(exposed=frozenset({"cilium_drop_count_total"})), "dropped-metric", "cilium_drop", id="keep-list"
        ),
        pytest.param(DNS, seen(series=BOTH), "handler-off", "handler dns is off", id="handler"),
        pytest.param("cilium_drop_cuont_total", seen(), "unknown-metric", "cilium_drop_cuont_total", id="misspelt"),
        pytest.param(DROPS, seen(), "nothing-recorded", "nothing has been counted", id="no event yet"),
    ],
)
def test_the_first_cause(expr: str, observed: Observation, cause: str, text: str) -> None:
    """One query, one observation, one cause."""
    first = findings(observed, expr)[0]
    assert (first.rule, text in first.what) == (cause, True), first


@pytest.mark.fault("a metric stopped, and doctor does not say why")
@pytest.mark.fault("commands in fixes are for kube-system, whatever namespace Cilium is in")
@pytest.mark.parametrize(
    ("parts", "why", "fix"),
    [
        pytest.param(
            {"versions_before": {"1.18.2": 2}, "versions": {"1.20.0": 2}, "starts": {"cilium-agent": NOW - 3590}},
            "agents ran 1.18.2 then, and run 1.20.0 now",
            "look-up-metric",
            id="upgrade",
        ),
        pytest.param(
            {"versions_before": {"1.20.0": 2}, "versions": {"1.20.0": 2}, "starts": {"cilium-agent": NOW - 3590}},
            "its pods restarted at",
            "a flag, value or handler has changed",
            id="restart",
        ),
        pytest.param(
            {"starts": {"cilium-agent": NOW - 86_400}}, "no upgrade and no restart", "keep-list", id="keep-list"
        ),
        pytest.param({}, "has none since", "helm history cilium -n kube-system", id="not known"),
        pytest.param(
            {"targets": (ScrapeTarget("cilium-agent", {"namespace": "net"}, True),)},
            "has none since",
            "helm history cilium -n net",
            id="another namespace",
        ),
        pytest.param(
            {"targets": (ScrapeTarget("cilium-agent", {"pod": "one"}, True, interval=7200),)},
            "scraped every 7200 s",
            "--query.lookback-delta",
            id="seldom scraped",
        ),
    ],
)
def test_why_a_metric_is_gone(parts: dict[str, Any], why: str, fix: str) -> None:
    """An upgrade, a restart and a keep-list are distinguished by versions and start times around the last sample."""
    first = findings(seen(**STOPPED, **parts), DROPS)[0]
    assert (first.rule, why in first.why, fix in first.fix) == ("gone-metric", True, True), first


@pytest.mark.fault("a handler that is on is called off, as nothing has happened yet")
def test_a_handler_of_cilium_config() -> None:
    """With the cluster read, a handler that is configured has merely counted nothing: a remark."""
    first = findings(seen(series=BOTH, handlers=frozenset({"dns", "drop"})), DNS)[0]
    assert (first.rule, first.severity, "is on" in first.what) == ("handler-off", Severity.INFO, True)
    first = findings(seen(series=BOTH, handlers=frozenset({"drop"})), DNS)[0]
    assert (first.rule, first.severity) == ("handler-off", Severity.ERROR)


ALL_FLOWS = Flow("TCP", "Trace", "FORWARDED")


@pytest.mark.fault("in a quiet cluster, or without a policy that sends DNS through a proxy, doctor calls handlers off")
@pytest.mark.parametrize(
    ("metric", "flows", "severity", "text"),
    [
        pytest.param("dns_queries", (), Severity.INFO, "dns is off, or has not counted anything yet", id="not known"),
        pytest.param(
            "dns_queries", (Flow("DNS", "L7", "FORWARDED"),), Severity.ERROR, "dns is off", id="there are some"
        ),
        pytest.param("dns_queries", (ALL_FLOWS,), Severity.INFO, "has seen nothing", id="there are none"),
        pytest.param(
            "dns_queries", (Flow("DNS", told_by="cilium_a"),), Severity.WARNING, "dns is off, or", id="agents"
        ),
        pytest.param("tcp_flags", (Flow("TCP", told_by="hubble_b"),), Severity.INFO, "tcp is off, or", id="no verdict"),
        pytest.param("flows_processed", (Flow(told_by="hubble_b"),), Severity.ERROR, "flow is off", id="of others"),
        pytest.param("flows_processed", (Flow(told_by="cilium_a"),), Severity.WARNING, "flow is off, or", id="packets"),
        pytest.param("flows_processed", (), Severity.INFO, "flow is off, or", id="no packet"),
        pytest.param("flows_to_world", (ALL_FLOWS,), Severity.WARNING, "flows-to-world is off, or", id="likely"),
        pytest.param("flows_to_world", (Flow("DNS"),), Severity.INFO, "has seen nothing", id="unlikely"),
    ],
)
def test_a_handler_with_nothing_to_count(metric: str, flows: tuple[Flow, ...], severity: Severity, text: str) -> None:
    """Other handlers and the agents tell whether a handler had anything to count."""
    quiet = {**AGENT, "hubble_lost_events_total": {"hubble": 1}}
    first = findings(seen(series=quiet, flows=frozenset(flows)), f"sum(rate(hubble_{metric}_total[5m]))")[0]
    assert (first.rule, first.severity, text in first.what) == ("handler-off", severity, True), first


@pytest.mark.fault("a variable without values hides why its own query finds nothing")
def test_a_variable_without_values() -> None:
    """Panels that it empties have the cause of its query."""
    item = board('sum(hubble_dns_queries_total{source_namespace=~"$namespace"})')
    query = "label_values(hubble_flows_processed_total, source_namespace)"
    variable = {"name": "namespace", "type": "query", "query": query, "multi": True, "includeAll": True}
    raw = {**item.board.raw, "templating": {"list": [variable]}}
    observed = seen(
        series={**AGENT, "hubble_dns_queries_total": {"hubble": 2}}, flows=frozenset({Flow(told_by="hubble_d")})
    )

    def ask(path: str, params: Mapping[str, str]) -> Any:
        if path != "query":
            return []
        rows = [{"metric": {}, "value": [NOW, "2"]}] if params["query"] == "count(hubble_dns_queries_total)" else []
        return {"resultType": "vector", "result": rows}

    report = diagnose(execute_boards(Client(ask), [BoardToExamine(read(raw))], observed), observed)
    assert [(one.rule, one.panels) for one in report.findings] == [
        ("handler-off", (("mine", "0"), ("mine", "variable namespace")))
    ], report.findings


@pytest.mark.fault("doctor misses targets of Envoy, Relay or Hubble where they do not run")
def test_a_component_that_does_not_run() -> None:
    """It is a remark where the cluster, or a series of the agents, says that the component is off."""
    is_on = "cilium_feature_adv_connect_and_lb_envoy_proxy_enabled"
    for expr, parts, severity in (
        ("envoy_server_live", {}, Severity.ERROR),
        ("envoy_server_live", {"features": ((is_on, {}, 1.0),)}, Severity.ERROR),
        ("envoy_server_live", {"features": ((is_on, {}, 0.0),)}, Severity.INFO),
        (DNS, {"not_running": frozenset({"hubble"})}, Severity.INFO),
        ("hubble_relay_pool_peer_connection_status", {"not_running": frozenset({"hubble-relay"})}, Severity.INFO),
    ):
        first = findings(seen(**parts), expr)[0]
        cause = "feature-off" if severity == Severity.INFO else "missing-target"
        assert (first.rule, first.severity) == (cause, severity), first


def answering(rows_of: Mapping[str, list[int]], sent: list[str] | None = None) -> Client:
    """A Prometheus that answers a query by the first of these texts in it with one row, and others with none.

    The queries that it is sent are appended to `sent`.
    """

    def ask(_path: str, params: Mapping[str, str]) -> Any:
        if sent is not None:
            sent.append(params.get("query", ""))
        rows: list[int] = next((rows for text, rows in rows_of.items() if text in params.get("query", "")), [])
        return {"resultType": "vector", "result": [{"metric": {}, "value": [NOW, str(value)]} for value in rows]}

    return Client(ask)


@pytest.mark.fault("a rate of a window that is too short shows the zero of `or vector(0)`, and doctor calls it data")
def test_a_constant_instead_of_a_rate() -> None:
    """A row of a constant is no data where no series has two samples in the window."""
    expr = "sum(rate(cilium_drop_count_total[1s])) or vector(0)"
    observed = seen(series={**AGENT, "cilium_drop_count_total": {"cilium-agent": 2}})
    for samples, rules in ((1, ["short-window"]), (2, [])):
        client = answering({"max(count_over_time": [samples], "count(": [2], "or vector": [0]})
        report = diagnose(execute_boards(client, [board(expr)], observed), observed)
        assert [finding.rule for finding in report.findings] == rules


@pytest.mark.fault("a label that only `up` is matched by is called missing of Cilium's metrics")
def test_a_label_of_another_selector() -> None:
    """A label is expected of the selectors that match it, and of all that a group or join needs it of."""
    observed = seen(
        series={**AGENT, "cilium_version": {"cilium-agent": 2}}, labels={"cilium_version": frozenset({"pod"})}
    )
    client = answering({"sum by": [1], "max(": [1]})
    for expr, rules in (
        ('max(cilium_version) or max(up{service="cilium-agent"})', []),
        ('max(cilium_version{service=~".*"}) or max(up)', ["missing-label"]),
        ("sum by (service) (cilium_version)", ["missing-label"]),
    ):
        report = diagnose(execute_boards(client, [board(expr)], observed), observed)
        assert [finding.rule for finding in report.findings] == rules, expr


def test_a_feature_of_cilium_config() -> None:
    """What cilium-config says of a feature is part of the reason."""
    expr = "sum(cilium_bgp_control_plane_session_state)"
    for configuration, text in (
        ({"cluster-name": "x"}, "cilium-config has no enable-bgp-control-plane"),
        ({"enable-bgp-control-plane": "false"}, "enable-bgp-control-plane: false"),
        ({"enable-bgp-control-plane": "true"}, "which agents read when they start"),
    ):
        first = findings(seen(configuration=configuration), expr)[0]
        assert (first.rule, first.severity, text in first.why) == ("feature-off", Severity.INFO, True), first


@pytest.mark.fault("doctor is slow on many nodes: it looks for duplicate targets again for each query")
def test_duplicates_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Targets are grouped once for each component, however many queries there are."""
    calls: list[int] = []
    grouped = duplicates.grouped

    def counted(targets: Any) -> Any:
        listed = list(targets)
        calls.append(len(listed))
        return grouped(listed)

    monkeypatch.setattr(observation, "grouped", counted)
    twice = tuple(target("cilium-agent", pod="cilium-1", job=job) for job in ("a", "b"))
    named = findings(seen(targets=twice), *[DROPS] * 20)
    assert [finding.rule for finding in named if finding.severity == Severity.WARNING] == ["scraped-twice"]
    assert calls == [2]


@pytest.mark.fault("doctor reads the series of all nodes for each healthy panel")
def test_few_targets_are_asked_first() -> None:
    """A query that a few targets answer is not asked of all; one that they do not answer is."""
    expr = 'sum(rate(cilium_drop_count_total{cluster=~".*"}[5m]))'
    agents = tuple(target("cilium-agent", instance=f"10.0.0.{number}:9962") for number in range(9))
    observed = seen(targets=agents, series={"cilium_drop_count_total": {"cilium-agent": 9}})
    few = 'sum(rate(cilium_drop_count_total{instance=~"10\\\\.0\\\\.0\\\\.0:9962|10\\\\.0\\\\.0\\\\.1:9962"}[5m]))'
    whole = "sum(rate(cilium_drop_count_total[5m]))"
    for answered, expected in (({"instance=~": [1]}, [few]), ({"_total[5m]": [1]}, [few, whole])):
        sent: list[str] = []
        report = diagnose(execute_boards(answering(answered, sent), [board(expr, expr)], observed), observed)
        assert (report.findings, sent) == ((), expected)


@pytest.mark.fault("doctor reads all nodes for each share that is compared with a limit")
def test_a_query_that_only_its_level_empties_is_asked_of_few() -> None:
    """Where the rows without the comparison come of a constant alone, what is missing is named all the same."""
    agents = tuple(target("cilium-agent", instance=f"10.0.0.{number}:9962") for number in range(9))
    observed = seen(targets=agents, series={"cilium_drop_count_total": {"cilium-agent": 9}})
    drops = 'cilium_drop_count_total{reason="unheard of"}'
    for expr, count, rules in (
        (f"avg({drops}) > 5", [9], []),
        (f"(avg({drops}) or vector(0)) > 5", [9], []),
        (f"(avg({drops}) or vector(0)) > 5", [], ["renamed-value"]),
    ):
        sent: list[str] = []
        client = answering({"> bool 5": [1], f"count({drops})": count}, sent)
        report = diagnose(execute_boards(client, [board(expr)], observed), observed)
        assert [finding.rule for finding in report.findings] == rules
        assert [query for query in sent if "> " in query and "bool" not in query] == []


@pytest.mark.fault("of `a or b` doctor blames the metric that this release never has, where a counted nothing yet")
@pytest.mark.parametrize("other", ["cilium_hive_jobs_runs_failed", "cilium_hive_jobs_failures", "kube_pod_info"])
def test_an_alternative_that_is_never_there_is_no_cause(other: str) -> None:
    """It is one only where no data can come of the query without it."""
    older = seen(series={**AGENT, "cilium_controllers_runs_total": {"cilium-agent": 2}}, release=Release(1, 16))
    for expr, rules in (
        (f"cilium_drop_count_total or {other}", ["nothing-recorded"]),
        (f'cilium_controllers_runs_total{{status="failure"}} or {other}', ["unmatched-value"]),
    ):
        assert [finding.rule for finding in findings(older, expr)] == rules
    (alone,) = findings(older, f"cilium_controllers_runs_total and {other}")
    assert alone.rule in ("other-release", "unknown-metric", "foreign-metric")


@pytest.mark.fault("the fix of a query that exceeds a limit is 'see the message'")
@pytest.mark.parametrize(
    ("message", "status", "is_limit"),
    [
        ("answers 413: request entity too large", 413, True),
        ("answers 414, no JSON", 414, False),
        ("answers 422: the query time range exceeds the limit (query length: 15m)", 422, True),
        ("query processing would load too many samples into memory in query execution", 422, True),
        ("the query exceeded the maximum number of series (limit: 1000 series)", 422, True),
        ("cannot select more than -search.maxSamplesPerQuery=1000 samples", 422, True),
        ("multiple matches for labels: many-to-one matching must be explicit", 422, False),
        ('parse error: unexpected identifier "limit"', 422, False),
    ],
)
def test_a_limit_of_queries_has_a_fix(message: str, status: int, is_limit: bool) -> None:
    """Prometheus, Mimir and VictoriaMetrics say it in their own words; other refusals do not mention a limit."""

    def ask(_path: str, params: Mapping[str, str]) -> Any:
        if "rate" in params.get("query", ""):
            raise DashboardsError("query", cause=message, status=status)
        return {"resultType": "vector", "result": []}

    observed = seen(series={"cilium_drop_count_total": {"cilium-agent": 2}})
    first = diagnose(execute_boards(Client(ask), [board(DROPS)], observed), observed).findings[0]
    assert (first.rule, "raise this limit" in first.fix) == ("refused-query", is_limit)


@pytest.mark.fault("where a server refuses what doctor looks at first, it ends with an error instead of a finding")
@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (
            DashboardsError("query", cause="the query exceeded the maximum number of series", status=422),
            "refused-query",
        ),
        (DashboardsError("Prometheus", cause="answers 414, no JSON", status=414), "refused-query"),
        (DashboardsError("Prometheus", cause="Too Many Requests", status=429), "busy-server"),
        (DashboardsError("Prometheus", cause="no answer within 15 s", reason=TIMEOUT), "busy-server"),
        (DashboardsError("Prometheus", cause="expanding series: context deadline exceeded", status=422), "busy-server"),
    ],
)
def test_a_refusal_of_the_first_look(error: DashboardsError, rule: str) -> None:
    """It has told the time, so that it is a Prometheus: all panels have the cause of what it refused."""

    def ask(_path: str, params: Mapping[str, str]) -> Any:
        if params.get("query") == "time()":
            return {"resultType": "scalar", "result": [NOW, str(NOW)]}
        if "count by (__name__" in params.get("query", ""):
            raise error
        return {"resultType": "vector", "result": []}

    client = Client(of_queries(ask), sleep=lambda _: None)
    (finding,) = examine(client, lambda _: [board(DROPS, DNS)], local_time=NOW).findings
    assert (finding.rule, len(finding.panels)) == (rule, 2)
    assert ("POST" in finding.fix) == (error.status == 414)


@pytest.mark.fault("of several metrics that some targets lack doctor names those with the numbers of the first")
def test_each_metric_that_some_targets_lack_is_named() -> None:
    """One finding for each number of targets, with each reason and what to do about it."""
    names = ("cilium_nodes_all_num", "cilium_policy", "cilium_identity")
    lacking = (
        PartialMetric("cilium-agent", 1, 2, ("cilium-1",), is_dropped=False),
        PartialMetric("cilium-agent", 5, 9, ("cilium-2",), is_dropped=True),
        PartialMetric("cilium-agent", 5, 9, ("cilium-3",), is_dropped=False, is_lower_bound=True),
    )
    observed = seen(
        series={name: {"cilium-agent": 9} for name in names}, partial=dict(zip(names, lacking, strict=True))
    )
    expr = " + ".join(names)
    partial = [one for one in findings(observed, expr) if one.rule == "partial-metric"]
    assert {one.what for one in partial} == {
        "metrics are there for 1 of 2 targets of cilium-agent only: cilium_nodes_all_num",
        "metrics are there for 5 of 9 targets of cilium-agent only: cilium_policy",
        "metrics are there for 5 of at least 9 targets of cilium-agent only: cilium_identity",
    }
    assert {one.why.split(" ", 1)[0] for one in partial} == {f"{name}:" for name in names}


@pytest.mark.fault("all of the agents' series are dropped, and doctor says that those of the operator lack a label")
def test_series_of_another_component_are_no_series_of_this_one() -> None:
    """Of a metric that several components have, those of each count for it alone."""
    name = "cilium_hive_status"
    agents = 'pod=~"cilium-[^-]+", node=~"n.*"'
    observed = seen(
        targets=(target("cilium-agent"), target("cilium-operator")),
        series={name: {"cilium-operator": 2}},
        labels={name: frozenset({"pod"})},
        exposed=frozenset({name}),
    )
    (finding,) = findings(observed, f"{name}{{{agents}}}")
    assert (finding.rule, name in finding.what) == ("dropped-metric", True)


@pytest.mark.fault("of a query that reads two components doctor names the first that is down")
def test_each_component_that_is_down_is_named() -> None:
    """With its own error, and what to do about that."""
    down = (target("cilium-agent", "connection refused"), target("hubble", "server returned HTTP status 404 Not Found"))
    named = findings(seen(targets=down, series={}), f"{DROPS} + {DNS}")
    assert [(one.rule, one.what.partition(":")[0]) for one in named] == [
        ("target-down", "cilium-agent"),
        ("target-down", "hubble"),
    ]
    assert ["/metrics" in one.fix for one in named] == [False, True]
