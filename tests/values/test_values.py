"""Values from boards, checked and merged: dropped values are reported, and user values are never lost."""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from dashboards_py.board import Board, read
from dashboards_py.catalog import NEWEST, RELEASES, Handler, Release, entries
from dashboards_py.compile import compile_boards
from dashboards_py.errors import DashboardsError
from dashboards_py.need import Need
from dashboards_py.needs import needs
from dashboards_py.values import helm_set
from dashboards_py.values.check import Finding, Gap, check
from dashboards_py.values.files import cilium_text
from dashboards_py.values.handler_problems import handler_problems
from dashboards_py.values.keys import DEFAULTS, HANDLERS, METRICS, effective_value, merge_values
from dashboards_py.values.merge import merge_required
from dashboards_py.values.render import to_yaml
from dashboards_py.values.required import Item, required_values
from tests.live.expected_empty import off_by_default

BOARDS = [read(board.json) for board in compile_boards()]
# Panels of what Prometheus itself records, which needs no values: targets that it cannot scrape, alerts that fire.
OWN = re.compile(r"\b(up|ALERTS)\{")
OF_PROMETHEUS = {(b.uid, p.title) for b in BOARDS for p, query in b.queries() if OWN.search(query.expr)}
ONLY_OF_PROMETHEUS = {
    (b.uid, p.title)
    for b in BOARDS
    for p in b.panels
    if p.queries and all(OWN.search(query.expr) for query in p.queries)
}
READ = frozenset({"cilium_bpf_syscall_duration_seconds"})
PAIRS = ("cilium_node_connectivity_latency_seconds", "cilium_node_connectivity_status")
L = "source_namespace,source_app,destination_namespace,destination_app"


@cache
def needs_on(release: Release) -> tuple[Need, ...]:
    """What our boards need on a release."""
    boards = BOARDS if release == NEWEST else [read(board.json) for board in compile_boards(release)]
    return tuple(need for board in boards for need in needs(board, release))


NEEDS = needs_on(NEWEST)


def required_values_tree(release: Release = NEWEST, **changes: Any) -> dict[str, Any]:
    """Our values for a release as Helm reads them."""
    values = required_values(
        needs_on(release), release, **{"labels": {"release": "prometheus"}, "interval": "30s", **changes}
    )
    return dict(yaml.safe_load(to_yaml(values, "")))


@cache
def off() -> frozenset[tuple[str, str]]:
    """Our panels of features that are off by default."""
    return frozenset((board.uid, title) for board in BOARDS for title in off_by_default(board))


def problems(values: dict[str, Any]) -> list[Finding]:
    """The findings of the boards with the values, without features of Cilium."""
    return [
        problem
        for problem in check(BOARDS, values, NEWEST, labels={"release": "prometheus"})
        if problem.gap != Gap.FEATURE
    ]


def test_our_values_in_full() -> None:
    """Five components, their ServiceMonitors, the agent's extra metrics, and one entry for each handler."""
    tree = required_values_tree()
    monitor = {"enabled": True, "interval": "30s", "labels": {"release": "prometheus"}}
    assert tree["operator"] == {"prometheus": {"enabled": True, "serviceMonitor": monitor}}
    assert tree["envoy"] == {"prometheus": {"enabled": True, "serviceMonitor": monitor}}
    assert tree["prometheus"]["serviceMonitor"] == monitor
    assert tree["hubble"]["relay"] == {"enabled": True, "prometheus": {"enabled": True, "serviceMonitor": monitor}}
    assert tree["hubble"]["metrics"]["serviceMonitor"] == monitor
    assert tree["hubble"]["metrics"]["enabled"] == [
        f"dns:query;labelsContext={L}",
        f"drop:labelsContext={L},traffic_direction",
        f"flow:labelsContext={L}",
        "flows-to-world:labelsContext=source_namespace,source_app",
        f"httpV2:labelsContext={L}",
        "icmp",
        f"policy:labelsContext={L}",
        "port-distribution",
        f"tcp:labelsContext={L}",
    ]
    assert "+cilium_bpf_syscall_duration_seconds" in tree["prometheus"]["metrics"]
    assert all(entry.startswith("+cilium_") for entry in tree["prometheus"]["metrics"])


@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_with_our_values_only_features_are_off(release: Release) -> None:
    """On every release the only gaps are features that Cilium has off."""
    boards = [read(board.json) for board in compile_boards(release)]
    all_problems = check(boards, required_values_tree(release), release, labels={"release": "prometheus"})
    assert {problem.gap for problem in all_problems} <= {Gap.FEATURE}


@pytest.mark.parametrize("handler", ["dns", "tcp", "httpV2", "port-distribution", "flows-to-world"])
def test_a_handler_dropped(handler: str) -> None:
    """Exactly the panels that read its metrics are reported, each for this reason."""
    values = required_values_tree()
    entries = values["hubble"]["metrics"]["enabled"]
    values["hubble"]["metrics"]["enabled"] = [entry for entry in entries if Handler.parse(entry).name != handler]
    all_problems = problems(values)
    assert all(problem.why == (f"{HANDLERS} does not list {handler}",) for problem in all_problems)
    titles = {(board.uid, panel.title) for board in BOARDS for panel in board.panels}
    reads = {(need.board, need.panel) for need in NEEDS if need.metric.handler == handler} & titles
    assert {(problem.board, problem.panel) for problem in all_problems} == reads


def test_a_label_context_dropped() -> None:
    """Panels whose lines are named by it are reported as unnamed; those that match a value of it as empty."""
    values = required_values_tree()
    entries = values["hubble"]["metrics"]["enabled"]
    values["hubble"]["metrics"]["enabled"] = [entry.replace(",traffic_direction", "") for entry in entries]
    all_problems = problems(values)
    assert {problem.gap for problem in all_problems} == {Gap.MISSING_LABELS}
    uses = {(need.board, need.panel) for need in NEEDS if "traffic_direction" in need.labels}
    assert {(problem.board, problem.panel) for problem in all_problems} == uses
    assert {problem.why for problem in all_problems} == {(f"{HANDLERS}: drop lacks traffic_direction",)}


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("prometheus.serviceMonitor", "cilium-agent"),
        ("operator.prometheus.serviceMonitor", "cilium-operator"),
        ("envoy.prometheus.serviceMonitor", "cilium-envoy"),
        ("hubble.metrics.serviceMonitor", "hubble"),
        ("hubble.relay.prometheus.serviceMonitor", "hubble-relay"),
    ],
)
@pytest.mark.parametrize("switch", ["off", "other label"])
def test_a_service_monitor_dropped(path: str, component: str, switch: str) -> None:
    """Only panels of its component are reported, and each panel that reads nothing else is empty."""
    change: dict[str, Any] = {"enabled": False} if switch == "off" else {"labels": {"release": "kps"}}
    for part in reversed(path.split(".")):
        change = {part: change}
    all_problems = problems(merge_values(required_values_tree(), change))
    titles = {(board.uid, panel.title) for board in BOARDS for panel in board.panels}
    reads: dict[tuple[str, str], set[str]] = {}
    for need in NEEDS:
        reads.setdefault((need.board, need.panel), set()).add(need.metric.component)
    gaps = {(problem.board, problem.panel): problem.gap for problem in all_problems}
    assert gaps.keys() - OF_PROMETHEUS <= {panel for panel, components in reads.items() if component in components}
    alone = {panel for panel, components in reads.items() if components == {component}} & titles
    assert alone - off()
    assert alone - off() - OF_PROMETHEUS <= {panel for panel, gap in gaps.items() if gap == Gap.EMPTY}
    word = "enabled is not true" if switch == "off" else "labels.release is not prometheus"
    assert all(any(why.startswith(f"{path}.{word}") for why in problem.why) for problem in all_problems)


def test_metrics_named_and_refused() -> None:
    """An extra metric that is not named, and one that is turned off."""
    values = required_values_tree()
    values["prometheus"]["metrics"] = ["-cilium_drop_count_total"]
    by_panel = {(problem.board, problem.panel): problem for problem in problems(values)}
    assert by_panel["cilium-agent", "BPF system calls"].why == (
        f"{METRICS} does not list +cilium_bpf_syscall_duration_seconds",
    )
    assert by_panel["cilium-overview", "Drops by reason"].why == (f"{METRICS} turns cilium_drop_count_total off",)


def test_nothing_at_all() -> None:
    """With the chart's defaults no panel but those of Prometheus' own series has data."""
    panels = {(problem.board, problem.panel) for problem in check(BOARDS, {}, NEWEST, labels={"release": "prometheus"})}
    left = {(b.uid, p.title) for b in BOARDS for p in b.panels if p.queries} - panels
    assert left == ONLY_OF_PROMETHEUS


def test_merging_keeps_user_values() -> None:
    """Handlers keep their options and order, labels are merged, extra metrics are kept; then there are no gaps."""
    user_values: dict[str, Any] = {
        "ipam": {"mode": "kubernetes"},
        "prometheus": {"enabled": True, "metrics": ["+cilium_hive_degraded_status", "-cilium_hive_status"]},
        "hubble": {
            "metrics": {
                "enabled": ["dns:ignoreAAAA", "kafka", "httpV2:exemplars=true;labelsContext=source_ip,source_namespace"]
            }
        },
    }
    values = required_values(NEEDS, NEWEST, labels={"release": "prometheus"}, interval="30s")
    missing, conflicts = merge_required(user_values, values, frozenset({"cilium_hive_status"}))
    both = merge_values(user_values, yaml.safe_load(to_yaml(missing, "")))
    handlers = both["hubble"]["metrics"]["enabled"]
    assert handlers[:3] == [
        f"dns:ignoreAAAA;query;labelsContext={L}",
        "kafka",
        f"httpV2:exemplars=true;labelsContext=source_ip,source_namespace,{L.partition(',')[2]}",
    ]
    assert both["prometheus"]["metrics"][:2] == user_values["prometheus"]["metrics"]
    assert both["ipam"] == user_values["ipam"]
    assert "enabled" not in yaml.safe_load(to_yaml(missing, ""))["prometheus"]
    left = {(problem.board, problem.panel): problem.why for problem in problems(both)}
    assert set(left.values()) <= {(f"{METRICS} turns cilium_hive_status off",)}
    assert [conflict.user_value for conflict in conflicts] == ["-cilium_hive_status"]
    again, _ = merge_required(both, values, frozenset())
    assert again == {}


def test_values_that_cannot_be_merged_are_kept_and_reported() -> None:
    """A required metric that is turned off, another release label, a map in place of a value."""
    user_values = {
        "prometheus": {
            "metrics": ["-cilium_bpf_syscall_duration_seconds"],
            "serviceMonitor": {"labels": {"release": "mine", "team": "net"}},
        },
        "operator": {"prometheus": {"enabled": ["x"]}},
    }
    missing, conflicts = merge_required(
        user_values, required_values(NEEDS, NEWEST, labels={"release": "prometheus"}, interval="30s"), READ
    )
    assert {conflict.key for conflict in conflicts} == {
        "prometheus.metrics",
        "prometheus.serviceMonitor.labels.release",
        "operator.prometheus.enabled",
    }
    assert "prometheus.serviceMonitor.labels.release" not in missing
    entries = missing[METRICS]
    assert isinstance(entries, tuple)
    assert next(entry.value for entry in entries) == "-cilium_bpf_syscall_duration_seconds"
    assert "+cilium_bpf_syscall_duration_seconds" not in [entry.value for entry in entries]
    with pytest.raises(DashboardsError, match="is not a list of strings"):
        merge_required({"hubble": {"metrics": {"enabled": "dns"}}}, {HANDLERS: (Item("dns", ()),)}, frozenset())


@pytest.mark.parametrize(
    ("entries", "united", "conflicts"),
    [
        (["http"], ["http"], [("http", "Cilium does not accept httpV2 together with it, which is needed by a / b")]),
        (
            ["drop:sourceContext=pod", "drop:labelsContext=source_ip"],
            ["drop:sourceContext=pod;labelsContext=source_ip,source_pod", "httpV2"],
            [],
        ),
        (
            ["drop:sourceContext=pod", "drop:sourceContext=dns;destinationContext=ip"],
            ["drop:sourceContext=pod", "drop:sourceContext=dns;destinationContext=ip"],
            [
                (
                    "drop:sourceContext=pod;labelsContext=source_pod and "
                    "drop:sourceContext=dns;destinationContext=ip;labelsContext=source_pod",
                    "duplicate handler with options that cannot be merged",
                )
            ],
        ),
    ],
)
def test_handlers_that_exclude_each_other(
    entries: list[str], united: list[str], conflicts: list[tuple[str, str]]
) -> None:
    """Entries of one handler are merged if their options allow it, else nothing is set; alternatives exclude ours."""
    required: dict[str, tuple[Item, ...]] = {
        HANDLERS: (Item("drop:labelsContext=source_pod", ("a / b",)), Item("httpV2", ("a / b",)))
    }
    if entries == ["http"]:
        required = {HANDLERS: required[HANDLERS][1:]}
    user_values = {"hubble": {"metrics": {"enabled": entries}}}
    missing, conflicts_found = merge_required(user_values, required, frozenset())
    both = merge_values(user_values, yaml.safe_load(to_yaml(missing, "")) or {})
    assert both["hubble"]["metrics"]["enabled"] == united
    assert [(item.user_value, item.why) for item in conflicts_found] == conflicts
    assert merge_required(both, required, frozenset()) == ({}, conflicts_found)


@pytest.mark.parametrize(
    ("user_values", "conflict"),
    [
        ({"envoy": {"prometheus": "yes please"}}, ("envoy.prometheus", "yes please")),
        ({"envoy": {"prometheus": {"enabled": "true"}}}, ("envoy.prometheus.enabled", "true")),
        ({"envoy": {"prometheus": {"enabled": 1}}}, ("envoy.prometheus.enabled", "1")),
        (
            {"envoy": {"prometheus": {"serviceMonitor": {"labels": {"release": 5}}}}},
            ("envoy.prometheus.serviceMonitor.labels.release", "5"),
        ),
    ],
)
def test_values_of_the_wrong_type_are_kept_and_reported(user_values: dict[str, Any], conflict: tuple[str, str]) -> None:
    """A text in place of true or false, or of a map: one conflict, and it is not overwritten."""
    missing, conflicts_found = merge_required(
        user_values, required_values(NEEDS, NEWEST, labels={"release": "x"}, interval="30s"), frozenset()
    )
    assert [(item.key, item.user_value) for item in conflicts_found] == [conflict]
    assert not any(key == conflict[0] or key.startswith(f"{conflict[0]}.") for key in missing)


@pytest.mark.parametrize(
    ("release", "flag", "component"),
    [
        (NEWEST, "envoy.enabled=false", "cilium-envoy"),
        (Release(1, 17), "envoy.enabled=false", "cilium-envoy"),
        (Release(1, 16), "envoy.enabled=false", ""),
        (NEWEST, "operator.enabled=false", "cilium-operator"),
    ],
)
def test_components_that_are_off_are_not_scraped(release: Release, flag: str, component: str) -> None:
    """Metrics that are on are of no use if their component is off, or runs without being scraped."""
    boards = [read(board.json) for board in compile_boards(release)]
    values = merge_values(required_values_tree(release), helm_set.values((flag,)))
    all_problems = check(boards, values, release, labels={"release": "prometheus"})
    panels = {
        (problem.board, problem.panel)
        for problem in all_problems
        if any(f"{flag.partition('=')[0]} is false" in why for why in problem.why)
    }
    reads: dict[tuple[str, str], set[str]] = {}
    for need in (need for board in boards for need in needs(board, release)):
        reads.setdefault((need.board, need.panel), set()).add(need.metric.component)
    titles = {(board.uid, panel.title) for board in boards for panel in board.panels}
    alone = {panel for panel, names in reads.items() if names == {component}} & titles
    assert alone <= panels <= {panel for panel, names in reads.items() if component in names}
    assert bool(panels) is bool(component)


def test_values_that_should_be_lists() -> None:
    """A text in place of a list is refused by name, instead of being searched for a metric's name."""
    for key in (HANDLERS, METRICS):
        values = merge_values(required_values_tree(), helm_set.values((f"{key}=+cilium_bpf_syscall_duration_seconds",)))
        with pytest.raises(DashboardsError, match=f"{key}: is not a list of strings"):
            problems(values)


def test_labels_that_are_selected_are_kept() -> None:
    """If Prometheus selects the user's labels, nothing is set; otherwise ours replace them."""
    user_values: dict[str, Any] = {"envoy": {"prometheus": {"serviceMonitor": {"labels": {"team": "core"}}}}}
    key = "envoy.prometheus.serviceMonitor.labels.team"
    required = {key: Item("net", ("a / b",))}
    assert merge_required(
        user_values, required, frozenset(), selects=lambda labels: labels.get("team") in ("net", "core")
    ) == (
        {},
        (),
    )
    assert merge_required(user_values, required, frozenset(), selects=lambda labels: labels.get("team") == "net") == (
        required,
        (),
    )
    assert merge_required({}, required, frozenset(), selects=lambda labels: "team" in labels) == (required, ())


def test_a_mesh_that_runs_gets_its_monitor() -> None:
    """With Cluster Mesh's API server on, its ServiceMonitor is switched on, and nothing else."""
    tree = required_values_tree(mesh=True)
    monitor = tree["clustermesh"]["apiserver"]["metrics"]["serviceMonitor"]
    assert monitor == {"enabled": True, "interval": "30s", "labels": {"release": "prometheus"}}
    assert "useAPIServer" not in tree["clustermesh"]
    values = merge_values(tree, {"clustermesh": {"useAPIServer": True}})
    assert effective_value(values, "clustermesh.useAPIServer") is True
    panels = {problem.panel for problem in check(BOARDS, values, NEWEST, labels={"release": "prometheus"})}
    assert not {"etcd", "Initial sync"} & panels


def test_one_board_needs_less() -> None:
    """Values for one board name only its components and handlers."""
    (board,) = (candidate for candidate in BOARDS if candidate.uid == "hubble-dns")
    parsed = yaml.safe_load(
        to_yaml(required_values(needs(board, NEWEST), NEWEST, labels={"release": "x"}, interval="10s"), "head")
    )
    handlers = {handler.split(":")[0]: handler for handler in parsed["hubble"]["metrics"]["enabled"]}
    assert handlers["dns"] == f"dns:query;labelsContext={L}"
    assert handlers.keys() == {"dns", "drop", "policy"}
    assert "operator" not in parsed


def test_commas_without_their_backslash() -> None:
    """Labels that became handlers are reported as such."""
    values = helm_set.values(("hubble.metrics.enabled={dns,httpV2:labelsContext=source_ip,source_namespace,kafka}",))
    message, kafka = (problem.text for problem in handler_problems(values, NEWEST, flags=True))
    assert f"'kafka' is not a Hubble handler of Cilium {NEWEST}: Cilium skips it: remove it" in kafka
    assert "'source_namespace' is not a Hubble handler" in message
    assert "backslash" in message


NULLED = "a value that is null is read as the chart's default, which Helm deletes"


def put(key: str, value: Any) -> dict[str, Any]:
    """Values with one dotted key."""
    for part in reversed(key.split(".")):
        value = {part: value}
    return dict(value)


@pytest.mark.fault(NULLED)
@pytest.mark.parametrize("key", DEFAULTS)
def test_null_turns_off_what_the_chart_has_on(key: str) -> None:
    """Null at the key, or at a map above it, is like false; a missing key has the default."""
    assert effective_value({}, key) is True
    assert effective_value(put(key, None), key) is False
    path = key.split(".")
    for above in (".".join(path[:length]) for length in range(1, len(path))):
        assert effective_value(put(above, None), key) is False
        assert effective_value(put(above, {}), key) is True


@pytest.mark.fault(NULLED)
@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("envoy.prometheus.enabled", "envoy.prometheus.enabled is not true"),
        ("operator.enabled", "operator.enabled is null, which deletes the chart's true"),
        ("hubble.enabled", "hubble.enabled is not true"),
        ("agent", "agent is null, which deletes the chart's true"),
    ],
)
def test_check_follows_helm_on_null(key: str, why: str) -> None:
    """Panels of metrics that a null turned off are empty, and the reason names the key."""
    assert problems(required_values_tree()) == []
    matching = [
        problem for problem in problems(merge_values(required_values_tree(), put(key, None))) if why in problem.why
    ]
    assert matching
    assert {problem.gap for problem in matching} <= {Gap.EMPTY, Gap.PARTLY}


@pytest.mark.fault(NULLED)
def test_a_feature_that_a_null_turned_off() -> None:
    """A feature that the chart has on, and null removes, is off: as with false."""
    off, nulled, on = (
        {
            (problem.board, problem.panel)
            for problem in check(
                BOARDS, merge_values(required_values_tree(), put("healthChecking", value)), NEWEST, labels={}
            )
        }
        for value in (False, None, True)
    )
    assert nulled == off
    assert nulled > on


@pytest.mark.fault(NULLED)
def test_merging_with_null() -> None:
    """A monitoring key that is null is set; a feature that a user's null removed stays off and is reported."""
    key = "envoy.prometheus.enabled"
    needed = required_values(NEEDS, NEWEST, labels={"release": "prometheus"}, interval="30s")
    missing, conflicts = merge_required(put(key, None), needed, frozenset())
    assert (missing[key], conflicts) == (needed[key], ())
    missing, conflicts = merge_required(put("hubble.enabled", None), needed, frozenset())
    assert "hubble.enabled" not in missing
    assert [(conflict.key, conflict.user_value) for conflict in conflicts] == [("hubble.enabled", "null")]


@pytest.mark.fault("on 1.16 and 1.17 the agents expose a series for each pair of nodes, which no panel reads")
@pytest.mark.parametrize("release", RELEASES, ids=str)
def test_metrics_of_pairs_of_nodes_are_off(release: Release) -> None:
    """Where a release has them, the values of all boards turn them off; those of a board that reads one do not."""
    own = [read(board.json) for board in compile_boards(release)]
    reader = read(
        {
            "title": "Pairs",
            "panels": [{"id": 1, "title": "P", "type": "stat", "targets": [{"refId": "A", "expr": PAIRS[1]}]}],
        }
    )

    def turned_off(boards: list[Board], *, are_all: bool) -> set[str]:
        needed = [need for board in boards for need in needs(board, release)]
        text = cilium_text(needed, release, {}, "30s", (), are_all)
        return {entry for entry in yaml.safe_load(text)["prometheus"]["metrics"] if entry.startswith("-")}

    present = {f"-{name}" for name in PAIRS if any(metric.exists_on(release) for metric in entries(name))}
    assert present == ({f"-{name}" for name in PAIRS} if release <= Release.parse("1.17") else set())
    assert turned_off(own, are_all=True) == present
    assert turned_off([*own, reader], are_all=True) == present - {f"-{PAIRS[1]}"}
    assert turned_off(own, are_all=False) == set()
