"""Each cause by itself: what it says of one query as it was answered, and that it says nothing of a healthy one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dashboards_py import promql
from dashboards_py.doctor.causes._cause import Diagnosis, chain, diagnoses
from dashboards_py.doctor.diagnose import diagnose
from dashboards_py.doctor.executed import ExecutedQuery, ExecutedSelector
from dashboards_py.doctor.observation import DroppedValues, Flow, Observation, PartialMetric, ScrapeTarget, Server
from dashboards_py.doctor.pages import query_causes
from dashboards_py.errors import API, NO_JSON, TENANT, TIMEOUT, TLS, UNKNOWN, DashboardsError, by_kind
from dashboards_py.findings import Location, Severity
from dashboards_py.promql.matcher import Matcher
from dashboards_py.promql.sent import sent_selectors
from dashboards_py.queries import ResolvedSelector
from dashboards_py.queries.resolve import statuses
from tests.doctor.test_causes import AGENT, BOTH, DNS, DROPS, NOW, seen, target

EMPTY: Mapping[str, Any] = {"count": 0}  # facts of a selector without series
DROP, REGENERATIONS = "cilium_drop_count_total", "cilium_endpoint_regeneration_time_stats_seconds"


def executed(expr: str, observed: Observation, *facts: Mapping[str, Any], **parts: Any) -> ExecutedQuery:
    """A query as it was answered, with facts on each of its selectors; without any they have no series."""
    pairs = zip(sent_selectors(expr), promql.selectors(expr), strict=True)
    selectors = [
        ExecutedSelector(one, ResolvedSelector(context, statuses(context, observed.release))) for one, context in pairs
    ]
    listed = facts or (EMPTY,) * len(selectors)
    known = tuple(replace(one, **own) for one, own in zip(selectors, listed, strict=True))
    fields: dict[str, Any] = {"labels": promql.labels(expr), **parts}
    return ExecutedQuery(Location("mine", "Panel"), expr, expr, known, **fields)


def failed(cause: str, status: int = 0, reason: str = "") -> Observation:
    """What was seen of a server that does not answer."""
    return Observation(server=Server(failure=DashboardsError("Prometheus", cause=cause, status=status, reason=reason)))


def stored(**names: int) -> dict[str, dict[str, int]]:
    """Series of agents by name, those of cilium_version among them."""
    return {**AGENT, **{name: {"cilium-agent": count} for name, count in names.items()}}


def two_of(**labels: str) -> Observation:
    """Two targets of one pod that differ in labels."""
    return seen(
        targets=tuple(
            target("cilium-agent", pod="cilium-1", **{key: value + end})
            for key, value in labels.items()
            for end in "ab"
        )
    )


def twice(*pods: tuple[str, Mapping[str, str]]) -> tuple[ScrapeTarget, ...]:
    """Agents that two jobs scrape, by error and labels."""
    return tuple(target("cilium-agent", error, **labels, job=job) for job in ("one", "other") for error, labels in pods)


def at_one_address(node: str, other: str) -> tuple[ScrapeTarget, ...]:
    """An agent and Hubble, whose jobs have these labels `node`."""
    return (
        target("cilium-agent", instance="10.0.0.1:9962", node=node),
        target("hubble", instance="10.0.0.1:9965", node=other),
    )


# By cause: the query, what was seen, facts of the query's selectors, a part of the finding.
Case = tuple[str, Observation, tuple[Mapping[str, Any], ...], dict[str, Any], str]


def case(expr: str, observed: Observation, text: str, *facts: Mapping[str, Any], **parts: Any) -> Case:
    """A case of the table."""
    return expr, observed, facts, parts, text


TWO_SERIES = {"count": 2}
RATE = f"sum by (node) (rate({DROP}[1m]))"
ROWS: dict[str, Any] = {"rows": ({},)}
EVICTED = {"before": frozenset({DROP}), "last_samples": {DROP: NOW - 3600}}
ON_NODES = tuple(
    target(component, pod=f"cilium-{node}", node=node)
    for component in ("cilium-agent", "hubble", "cilium-envoy")
    for node in ("a", "b")
)
DNS_NAME, ENVOY = "hubble_dns_queries_total", "envoy_server_live"
REASON = f'sum(rate({DROP}{{reason="Policy denied"}}[1m]))'
OR_ZERO = f"{DROPS} or 0 * count(cilium_version)"
DROPPED = {DROP: DroppedValues("cilium-agent", ("reason",), frozenset({"Policy denied"}), "job", "action: drop")}
CASES: dict[str, list[Case]] = {
    "unreachable": [
        case(DROPS, failed("connection refused"), "cannot be reached"),
        case(DROPS, failed("timed out", reason=TIMEOUT), "cannot be reached"),
    ],
    "tls-failure": [case(DROPS, failed("certificate has expired", reason=TLS), "TLS with Prometheus fails")],
    "missing-tenant": [
        case(DROPS, failed("no org id", 401, TENANT), "no tenant is named"),
        case(DROPS, seen(hides_series=True, series={}), "hides the series of its targets"),
    ],
    "refused-credentials": [
        case(DROPS, failed("Unauthorized", 401), "refuses the credentials"),
        case(DROPS, failed("redirects to https://login", 302), "redirects to another page"),
    ],
    "not-ready": [
        case(DROPS, failed("Service Unavailable", 503), "is not ready"),
        case(DROPS, failed("answers 500: dial tcp", 500, NO_JSON), "is not ready"),
    ],
    "not-a-prometheus": [
        case(DROPS, failed("not JSON", 200, UNKNOWN), "not a Prometheus"),
        case(DROPS, failed("unavailable with Prometheus Agent", 422, API), "is an agent, which answers no queries"),
    ],
    "busy-server": [
        case(DROPS, seen(), "too busy", error=DashboardsError("Prometheus", cause="timed out", reason=TIMEOUT)),
        case(DROPS, seen(), "too busy", error=DashboardsError("Prometheus", cause="Too Many Requests", status=429)),
        case(
            DROPS, seen(), "too busy", error=DashboardsError("query", cause="query timed out in expression", status=503)
        ),
    ],
    "clock-skew": [
        case(DROPS, seen(server=Server(now=NOW, skew=90)), "90 s behind this machine's", **ROWS),
        case(DROPS, seen(server=Server(now=NOW, skew=-90)), "90 s ahead of this machine's", **ROWS),
    ],
    "partial-answers": [
        case(DROPS, seen(server=Server(now=NOW, warnings=("store-1: timeout",))), "answers are partial", **ROWS),
        case(DROPS, seen(server=Server(now=NOW, lost_stores=("a (store): dead",))), "answers are partial", **ROWS),
    ],
    "short-retention": [
        case("rate(cilium_version[1m] offset 1d)", seen(server=Server(now=NOW, retention=7200)), "for 2 h only")
    ],
    "partial-label": [
        case(
            'cilium_version{cluster="east"}',
            seen(targets=(target("cilium-agent", cluster="east"), target("hubble", pod="one"))),
            "label cluster is on 1 of 2 targets",
            **ROWS,
        ),
        case(
            RATE,
            seen(targets=(target("cilium-agent", node="a"), target("cilium-agent", pod="b"))),
            "label node is on 1 of 2 targets of cilium-agent",
            **ROWS,
        ),
        case(
            'cilium_version{cluster="east", node="a"}',
            seen(targets=(target("cilium-agent", node="a", cluster="east"), target("cilium-agent", pod="b"))),
            "label cluster is on 1 of 2 targets; label node is on 1 of 2 targets of cilium-agent",
            **ROWS,
        ),
        case(
            RATE,
            seen(targets=twice(("", {"pod": "a", "node": "a"}), ("", {"pod": "b"}))),
            "label node is on 1 of 2 targets of cilium-agent",
            **ROWS,
        ),
        case(
            RATE,
            seen(unlabelled=(target("cilium-agent", instance="10.0.0.1:9962"),)),
            "cilium-agent: 1 target has no label cluster",
            **ROWS,
        ),
    ],
    "partial-metric": [
        case(
            "cilium_nodes_all_num",
            seen(partial={"cilium_nodes_all_num": PartialMetric("cilium-agent", 1, 2, ("cilium-1",), is_dropped)}),
            "metrics are there for 1 of 2 targets of cilium-agent only",
            **ROWS,
        )
        for is_dropped in (True, False, None)
    ],
    "overwritten-label": [
        case(
            "sum by (pod) (cilium_version)",
            seen(overwritten={"cilium-agent": {"pod": "one", "node": "n"}}),
            'all series of cilium-agent have pod="one", which',
            **ROWS,
        )
    ],
    "no-cilium": [
        case(DROPS, seen(targets=(), series={}), "does not scrape Cilium"),
        case(DROPS, seen(targets=(), series={}, before=frozenset({DROP})), "does not scrape Cilium"),
    ],
    "mixed-releases": [
        case(DROPS, seen(versions={"1.19.6": 3, "1.20.0": 2}), "agents of 1.19 and 1.20 run at once", **ROWS)
    ],
    "unsupported-release": [
        case(DROPS, seen(versions={"1.12.1": 2}), "Cilium 1.12.1 is not one of the releases", **ROWS)
    ],
    "missing-target": [
        case(expr, seen(), f"{component} is not scraped")
        for component, expr in (
            ("hubble", DNS),
            ("cilium-operator", "cilium_operator_process_start_time_seconds"),
            ("cilium-envoy", "envoy_server_live"),
            ("hubble-relay", "hubble_relay_pool_peer_connection_status"),
        )
    ]
    + [
        case(DNS, seen(pending=frozenset({"hubble"})), "hubble is not scraped yet"),
        case(DROPS, seen(targets=ON_NODES[1:]), "cilium-agent: 1 of 2 nodes has no target", **ROWS),
        case(DNS, seen(targets=ON_NODES[:3], series={DNS_NAME: {"hubble": 1}}), "hubble: 1 of 2 nodes has", **ROWS),
        case(ENVOY, seen(targets=ON_NODES[:5]), "cilium-envoy: 1 of 2 nodes has no target", **ROWS),
        case(ENVOY, seen(targets=ON_NODES[:5], embedded=({"node": "b"},)), "1 of 2 nodes runs it within the", **ROWS),
        case(ENVOY, seen(targets=ON_NODES[:5], embedded=({"node": "a"},)), "1 of 2 nodes has no target", **ROWS),
        case(DNS, seen(targets=at_one_address("a", "10.0.0.1")), "different names of nodes: 10.0.0.1 and a", **ROWS),
    ],
    "dropped-value": [
        case(DROPS, seen(dropped_values=DROPPED), "cilium-agent by the value of reason", **ROWS),
        case(REASON, seen(dropped_values=DROPPED), "cilium-agent by the value of reason"),
    ],
    "scrape-limit": [
        case(DROPS, seen(targets=(target("cilium-agent", "sample limit exceeded"),)), "1 of 1 target exceeds a limit"),
        case(DROPS, seen(targets=(target("cilium-agent", "label_limit exceeded"),)), "1 of 1 target exceeds a limit"),
    ],
    "scrape-timeout": [
        case(DROPS, seen(targets=(target("cilium-agent", "context deadline exceeded"),)), "within the scrape timeout"),
        case(DROPS, seen(targets=(target("cilium-agent", "dial tcp: i/o timeout"),)), "within the scrape timeout"),
    ],
    "target-down": [
        case(DROPS, seen(targets=(target("cilium-agent", "connection refused"),)), "1 of 1 target is down"),
        case(DROPS, seen(targets=(target("cilium-agent", 'Get "http://limits/": refused'),)), "1 of 1 target is down"),
        case(
            DROPS,
            seen(targets=(target("cilium-agent"), target("cilium-agent", "status 403"))),
            "1 of 2 targets is down",
            **ROWS,
        ),
        case(
            DROPS,
            seen(targets=twice(("", {"pod": "a"}), ("connection refused", {"pod": "b"}))),
            "cilium-agent: 1 of 2 targets is down",
            **ROWS,
        ),
        case(
            DROPS,
            seen(targets=(target("cilium-agent", "deadline exceeded"), target("cilium-agent", "refused"))),
            "cilium-agent: 1 of 1 target is down",
        ),
        case(
            DROPS,
            seen(targets=(target("cilium-agent"), target("cilium-agent", "connection refused", pod="one", job="b"))),
            "cilium-agent: 1 of 2 targets is down",
            **ROWS,
        ),
    ],
    "empty-page": [
        case(DROPS, seen(series={}, empty_pages={"cilium-agent": "scrape_samples_scraped is 0"}), "nothing of Cilium")
    ],
    "summed-replicas": [
        case(DROPS, two_of(prometheus_replica="p"), "series of 2 replicas of Prometheus are added up", **ROWS)
    ],
    "scraped-twice": [case(DROPS, two_of(job="j"), "scraped 2 times", **ROWS)],
    "shared-address": [
        case(
            DROPS,
            seen(moving_starts=({"job": "cilium-agent", "k8s_app": "cilium", "instance": "10.0.0.9:9962"},)),
            "several pods of cilium-agent answer at one address",
            **ROWS,
        ),
        case(
            DROPS,
            seen(moving_starts=({"job": "cilium-agent", "k8s_app": "cilium"},)),
            "several pods of cilium-agent have the same series",
            **ROWS,
        ),
    ],
    "native-histograms": [
        case(
            f"rate({REGENERATIONS}_bucket[5m])",
            seen(series=stored(**{REGENERATIONS: 4})),
            "stores native histograms, and the query reads classic ones",
        )
    ],
    "classic-histograms": [
        case(
            f"histogram_count(rate({REGENERATIONS}[5m]))",
            seen(series=stored(**{f"{REGENERATIONS}_bucket": 4})),
            "stores classic histograms",
        )
    ],
    "dropped-metric": [
        case(DROPS, seen(exposed=frozenset({DROP})), "drops metrics that cilium-agent exposes"),
        case(OR_ZERO, seen(exposed=frozenset({DROP})), "drops metrics of cilium-agent", **ROWS),
        case(
            DNS, seen(series=BOTH, exposed=frozenset({"hubble_dns_queries_total"})), "drops metrics that hubble exposes"
        ),
    ],
    "unknown-metric": [case("cilium_drop_cuont_total", seen(), "no release of Cilium has")],
    "foreign-metric": [case("kube_node_info", seen(), "not Cilium's")],
    "other-release": [case("cilium_policy_l7_denied_total", seen(), "does not have")],
    "gone-metric": [case(DROPS, seen(**EVICTED), "metrics of cilium-agent had samples and have none now")],
    "metric-off": [case("cilium_bpf_syscall_duration_seconds_count", seen(), "off by default")],
    "handler-off": [case(DNS, seen(series=BOTH), "handler dns is off")],
    "feature-off": [
        case("cilium_bgp_control_plane_session_state", seen(), "only when"),
        case("cilium_clustermesh_apiserver_bootstrap_seconds", seen(), "does not run here"),
        case(ENVOY, seen(embedded=({"node": "a"},)), "cilium-envoy does not run here"),
    ],
    "missing-context": [
        case(
            "sum by (source_namespace) (hubble_dns_queries_total)",
            seen(series={**BOTH, "hubble_dns_queries_total": {"hubble": 3}}),
            "handler dns does not add the labels",
            {"count": 3, "lacking": ("source_namespace",)},
            **ROWS,
        )
    ],
    "honored-labels": [
        case(
            "sum by (namespace) (cilium_version)",
            seen(labels={"cilium_version": frozenset({"exported_namespace"})}),
            "honor_labels is not set",
            TWO_SERIES,
            **ROWS,
        )
    ],
    "missing-label": [
        case(RATE, seen(), "series of cilium-agent have no label node", {"count": 2, "lacking": ("node",)}, **ROWS),
        case(
            f"sum by (reason) ({DROP})",
            seen(),
            "labels of Cilium's metrics are missing",
            {"count": 2, "lacking": ("reason",)},
            **ROWS,
        ),
    ],
    "empty-variable": [
        case(
            f'{DROP}{{node="gone"}}',
            seen(series=stored(**{DROP: 3})),
            "variable node matches no series: its value is gone",
            {
                "count": 0,
                "rejecting": (Matcher("node", "=", "gone"),),
                "variables": {"node": "node"},
                "values": {"node": ("a", "b")},
            },
        )
    ],
    "renamed-value": [
        case(
            f'{DROP}{{direction="in"}}',
            seen(series=stored(**{DROP: 3})),
            "never has the value in of label direction",
            {"count": 0, "rejecting": (Matcher("direction", "=", "in"),), "values": {"direction": ("INGRESS",)}},
        ),
        case(
            f'{DROP}{{direction="INGRESS"}}',
            seen(series=stored(**{DROP: 3})),
            "values of label direction are not those of Cilium",
            {"count": 0, "rejecting": (Matcher("direction", "=", "INGRESS"),), "values": {"direction": ("in",)}},
        ),
        case(
            'sum(rate(envoy_cluster_upstream_rq_time_bucket{le="100"}[1m]))',
            seen(series={"envoy_cluster_upstream_rq_time_bucket": {"cilium-envoy": 3}}),
            "numbers of label le are written otherwise: 100 is 100.0",
            {"count": 0, "rejecting": (Matcher("le", "=", "100"),), "values": {"le": ("100.0", "50.0", "+Inf")}},
        ),
        *(
            case(
                f"{DROP}{{direction{matcher}}} or {DROP} * 0",
                seen(series=stored(**{DROP: 3}), values={DROP: {"direction": frozenset(values)}}),
                "values of label direction are not those of Cilium",
                **ROWS,
            )
            for matcher, values in (
                ('="INGRESS"', ("ingress", "egress")),
                ('!="INGRESS"', ("ingress", "EGRESS")),
                ('="INGRESS"', ("in", "EGRESS")),
            )
        ),
    ],
    "no-history": [
        case(
            f"{DROP} offset 1h",
            seen(series=stored(**{DROP: 3})),
            "no history of 60 minutes",
            {"count": 0, "count_now": 3},
        )
    ],
    "short-window": [
        case(
            f"rate({DROP}[10s])", seen(series=stored(**{DROP: 3})), "fewer than two samples", {"count": 3, "samples": 1}
        ),
        case(
            f"rate({DROP}[10s])",
            seen(series=stored(**{DROP: 3})),
            "one scrape so far",
            {"count": 3, "samples": 1, "is_fresh": True},
        ),
        case(
            RATE, seen(series=stored(**{DROP: 3})), "fewer than two", {"count": 3, "samples": 1, "lacking": ("node",)}
        ),
    ],
    "unmatched-join": [
        case(
            f"{DROP} * on (endpoint) cilium_version",
            seen(series=stored(**{DROP: 3})),
            "no series of the two sides of a join match",
            TWO_SERIES,
            TWO_SERIES,
        )
    ],
    "unmatched-value": [
        case(
            f'{DROP}{{job="cilium-agent"}}',
            seen(series=stored(**{DROP: 3})),
            'no series has job="cilium-agent", by which the query selects',
            {
                "count": 0,
                "count_now": 0,
                "rejecting": (Matcher("job", "=", "cilium-agent"),),
                "values": {"job": ("kubernetes-pods",)},
            },
        ),
        case(
            f'{DROP}{{reason="CT: Map insertion failed"}}',
            seen(series=stored(**{DROP: 3})),
            "there are no series with reason=",
            {"count": 0, "count_now": 0, "rejecting": (Matcher("reason", "=", "CT: Map insertion failed"),)},
        ),
        case(
            f'{DROP}{{reason="Policy denied", direction="EGRESS"}}',
            seen(series=stored(**{DROP: 3})),
            'there are no series with reason="Policy denied", direction="EGRESS" so far',
            {"count": 0, "count_now": 0},
        ),
    ],
    "missing-recording": [
        case("job:drops:rate5m", seen(), "series of recording rules are read"),
        case("job:drops:rate5m", seen(recorded=frozenset({"job:drops:rate5m"})), "recording rules return nothing"),
    ],
    "switched-off": [
        case("cilium_controllers_failing", seen(), "switched off"),
        case(
            "cilium_forward_count_total",
            seen(configuration={"metrics": "+cilium_bpf_map_pressure -cilium_forward_count_total"}),
            "switched off",
        ),
        case("cilium_version", seen(series={"cilium_nodes_all_num": {"cilium-agent": 2}}), "switched off"),
        case("cilium_unreachable_nodes", seen(series=stored(cilium_node_health_connectivity_status=2)), "switched off"),
    ],
    "nothing-recorded": [case(DROPS, seen(), "nothing has been counted yet")],
    "refused-query": [
        case(
            DROPS, seen(), "refuses queries", error=DashboardsError("query", cause="many-to-many matching", status=422)
        )
    ],
}


def explained(cause: str, one: Case) -> Diagnosis | None:
    """What a cause says of a case."""
    expr, observed, facts, parts, _ = one
    return next(iter(diagnoses(dict(chain())[cause], executed(expr, observed, *facts, **parts), observed)), None)


@pytest.mark.fault("a cause of doctor is never tried by itself")
def test_every_cause_has_a_case() -> None:
    """A new cause needs one in the table, and a case one that there is."""
    assert sorted(CASES) == sorted(query_causes())


@pytest.mark.parametrize(
    ("cause", "one"),
    [
        pytest.param(cause, one, id=f"{cause}-{number}")
        for cause, cases in CASES.items()
        for number, one in enumerate(cases)
    ],
)
def test_what_a_cause_says(cause: str, one: Case) -> None:
    """One line on what is wrong, and the facts and the fix that an operator needs."""
    diagnosis = explained(cause, one)
    assert diagnosis
    assert one[-1] in diagnosis.what
    assert (bool(diagnosis.why), bool(diagnosis.fix)) == (True, cause not in HAVE_THE_FIX_OF_THEIR_ERROR)


@pytest.mark.fault("doctor names the address of a target that is down, and not its pod and node")
def test_a_target_that_is_down_has_its_pod() -> None:
    """The pod and node are what an operator looks for next; without these labels the address has to do."""
    for labels, text in (
        ({"pod": "cilium-1", "node": "n1"}, "http://10.0.0.1 (cilium-1 on n1): refused"),
        ({"a": "b"}, "http://10.0.0.1: refused"),
    ):
        observed = seen(targets=(target("cilium-agent", "refused", **labels),))
        diagnosis = explained("target-down", case(DROPS, observed, ""))
        assert diagnosis
        assert diagnosis.why == text


# The reader of addresses knows better what to do, and its errors name it.
HAVE_THE_FIX_OF_THEIR_ERROR = {"unreachable", "tls-failure", "refused-credentials"}


@pytest.mark.fault("a cause of doctor is named for a query that has data")
@pytest.mark.parametrize("cause", query_causes())
def test_a_healthy_query_has_no_cause(cause: str) -> None:
    """A query of agents with an answer, on a server that scrapes them, has none; nor has one that is not about them."""
    agents = tuple(target("cilium-agent", pod=pod, node=pod, cluster="east") for pod in "ab")
    observed = seen(
        targets=agents, series=stored(**{DROP: 2}), versions={"1.20.0": 2}, labels={DROP: frozenset({"node"})}
    )
    for expr in (RATE, f'sum({DROP}{{cluster="east"}})', "vector(1)"):
        facts = [TWO_SERIES] * len(promql.selectors(expr))
        query = executed(expr, observed, *facts, **ROWS)
        assert diagnoses(dict(chain())[cause], query, observed) == ()


@pytest.mark.fault("a join is called unmatched where something else removed the rows")
@pytest.mark.parametrize(
    ("expr", "facts"),
    [
        pytest.param(f"{DROP} > 5", [TWO_SERIES], id="no join"),
        pytest.param(f"{DROP} * 5", [TWO_SERIES], id="a number"),
        pytest.param(f"{DROP} / (cilium_version > 5)", [TWO_SERIES, TWO_SERIES], id="a comparison"),
        pytest.param(f"{DROP} / cilium_version unless cilium_version", [TWO_SERIES] * 3, id="unless"),
        pytest.param(f"{DROP} / cilium_version", [EMPTY, TWO_SERIES], id="no series"),
        pytest.param(f"rate({DROP}[1m]) / cilium_version", [{"count": 2, "samples": 1}, TWO_SERIES], id="short window"),
        pytest.param(f"max_over_time({DROP}[1s]) / cilium_version", [TWO_SERIES, TWO_SERIES], id="unknown window"),
        pytest.param(f"{DROP} @ 5 / cilium_version", [TWO_SERIES, TWO_SERIES], id="another time"),
    ],
)
def test_joins_that_are_no_cause(expr: str, facts: list[Mapping[str, Any]]) -> None:
    """Only where nothing else may have done it."""
    observed = seen(series=stored(**{DROP: 3}))
    assert explained("unmatched-join", (expr, observed, tuple(facts), {}, "")) is None


@pytest.mark.fault("of a rate that is empty for its window the label that is lost as well is not named")
def test_a_short_window_does_not_hide_a_lost_label() -> None:
    """Both are wrong, and either alone would not bring the panel back."""
    observed = seen(series=stored(**{DROP: 3}))
    query = executed(RATE, observed, {"count": 3, "samples": 1, "lacking": ("node",)})
    assert {finding.rule for finding in diagnose((query,), observed).findings} == {"short-window", "missing-label"}


@pytest.mark.fault("the fix of a target that is down has nothing to do with the error of its scrape")
@pytest.mark.parametrize(
    ("error", "fix"),
    [
        ("dial tcp 10.0.0.1:9962: connect: connection refused", "check that the pod listens on 9962"),
        ("server returned HTTP status 400 Bad Request", "the port may speak TLS"),
        ('Get "https://10.0.0.1": http: server gave HTTP response to HTTPS client', "the port speaks plain http"),
        ("tls: failed to verify certificate: x509: certificate signed by unknown authority", "set tlsConfig"),
        ("server returned HTTP status 401 Unauthorized", "demands credentials"),
        ("server returned HTTP status 404 Not Found", "metrics are at /metrics"),
        ("server returned HTTP status 503 Service Unavailable", "the pod, or a proxy before it, fails to answer"),
        (
            'received unsupported Content-Type "text/html" and no fallback_scrape_protocol specified',
            "no page of metrics",
        ),
        ('expected a valid start token, got "<" ("INVALID") while parsing: "<"', "no page of metrics"),
        ("dial tcp: lookup cilium-agent.kube-system: no such host", "the name of the target has no address"),
    ],
)
def test_the_fix_of_a_failed_scrape(error: str, fix: str) -> None:
    """By the texts of Prometheus' scrape/scrape.go and of Go's net/http and crypto/tls."""
    diagnosis = explained("target-down", case(DROPS, seen(targets=(target("cilium-agent", error),)), ""))
    assert diagnosis
    assert fix in by_kind(diagnosis.fix)


@pytest.mark.fault("a keep-list is not seen where Hubble answers with OpenMetrics")
@pytest.mark.parametrize("described", ["hubble_dns_queries_total", "hubble_dns_queries"])
def test_what_a_description_calls_a_counter(described: str) -> None:
    """OpenMetrics describes a counter without _total, and Prometheus keeps that name."""
    observed = seen(series=BOTH, exposed=frozenset({described}))
    diagnosis = explained("dropped-metric", case("hubble_dns_queries_total", observed, ""))
    assert diagnosis
    assert diagnosis.items == ("hubble_dns_queries_total",)


@pytest.mark.parametrize(
    "observed",
    [
        pytest.param(seen(exposed=frozenset({"cilium_version"})), id="none were counted"),
        pytest.param(seen(exposed=frozenset({DROP}), series=stored(**{DROP: 2})), id="stored"),
        pytest.param(
            seen(exposed=frozenset({DROP}), series={**AGENT, DROP: {"cilium-operator": 2}}), id="stored of others"
        ),
        pytest.param(seen(exposed=frozenset({DROP}), dropped_values=DROPPED), id="a part is dropped"),
        pytest.param(seen(), id="the server does not tell"),
    ],
)
def test_a_zero_that_is_true(observed: Observation) -> None:
    """A counter without a series is one that has counted nothing, unless a target describes it."""
    assert explained("dropped-metric", case(OR_ZERO, observed, "", **ROWS)) is None


@pytest.mark.fault("the fix of missing HTTP metrics does not name the policy with L7 rules that Hubble needs")
@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"handlers": frozenset({"httpV2"})}, id="configured"),
        pytest.param({"flows": frozenset({Flow("TCP", "Trace", "FORWARDED")})}, id="no such flow"),
    ],
)
def test_what_hubble_sees_in_a_proxy_only(facts: Mapping[str, Any]) -> None:
    """The handler may be on, and there may be HTTP: it is counted where a proxy reads it."""
    diagnosis = explained("handler-off", case("hubble_http_requests_total", seen(series=BOTH, **facts), ""))
    assert diagnosis
    assert "a policy with L7 rules" in by_kind(diagnosis.fix)
    assert diagnosis.severity == Severity.INFO


@pytest.mark.fault("an agent that is down makes an Envoy within the agents a missing target")
def test_an_envoy_within_the_agents() -> None:
    """It is off, not missing; its own pods are what to turn on."""
    down = target("cilium-agent", "connection refused", node="b")
    observed = seen(targets=(target("cilium-agent", node="a"), down), embedded=({"node": "a"},))
    diagnosis = explained("feature-off", case(ENVOY, observed, ""))
    assert diagnosis
    assert "envoy.enabled=true" in by_kind(diagnosis.fix)


@pytest.mark.fault("the fix of a scrape that hits a limit names other limits than that")
@pytest.mark.parametrize(
    ("error", "field"),
    [
        ("sample limit exceeded", "sampleLimit"),
        ("body size limit exceeded", "bodySizeLimit"),
        ("label_limit exceeded (metric: a, number of labels: 9, limit: 5)", "labelLimit"),
        ("label_value_length_limit exceeded (metric: a)", "labelValueLengthLimit"),
        ("target_limit exceeded (number of targets: 2, limit: 1)", "targetLimit"),
        ("new limit exceeded", "the limit"),
    ],
)
def test_the_limit_that_was_hit_is_the_one_to_raise(error: str, field: str) -> None:
    """The field of the ServiceMonitor follows from the error."""
    diagnosis = explained("scrape-limit", case(DROPS, seen(targets=(target("cilium-agent", error),)), ""))
    assert diagnosis
    assert by_kind(diagnosis.fix).startswith(f"raise {field} of")


@pytest.mark.fault("a value that is new in a patch release, or did not occur yet, is said to be relabeled")
@pytest.mark.parametrize(
    ("label", "value", "values"),
    [
        pytest.param("direction", "INGRESS", ("EGRESS",), id="did not occur yet"),
        pytest.param("direction", "INGRESS", ("INGRESS", "SIDEWAYS"), id="is there, beside a new one"),
        pytest.param("reason", "Policy denied", ("Stale or unroutable IP", "A new reason"), id="one of many is new"),
        pytest.param("direction", "INGRESS", (), id="nothing is known"),
    ],
)
def test_values_that_may_be_right(label: str, value: str, values: tuple[str, ...]) -> None:
    """Only what no release has, and what the query therefore misses, has been changed on the way."""
    observed = seen(series=stored(**{DROP: 3}), values={DROP: {label: frozenset(values)}})
    query = f'{DROP}{{{label}="{value}"}} or {DROP} * 0'
    assert explained("renamed-value", case(query, observed, "", **ROWS)) is None


@pytest.mark.fault("values that a newer release of Cilium has are said to be changed by relabeling")
def test_values_of_another_release() -> None:
    """What a release has that the catalogue does not know, nobody can tell."""
    observed = seen(
        series=stored(**{DROP: 3}), values={DROP: {"direction": frozenset({"in"})}}, versions={"1.99.0": 1, "1.20.3": 1}
    )
    query = f'{DROP}{{direction="INGRESS"}} or {DROP} * 0'
    assert explained("renamed-value", case(query, observed, "", **ROWS)) is None
