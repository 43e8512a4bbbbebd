"""Every query of the boards on what real components printed: it has an answer, or its event did not happen."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST, components, entries
from dashboards_py.compile import compile_boards
from dashboards_py.configuration import Configuration
from dashboards_py.demo.cluster.series import Series
from dashboards_py.demo.cluster.shapes import Gauge
from dashboards_py.promql import Selector, selectors
from tests.components import require
from tests.live.cluster import END, HISTORY
from tests.live.panel_queries import defaults, run_query
from tests.live.processes import prometheus
from tests.recorded import played, target_of
from tests.synthetic.backfill import backfill

# Recordings of running components, each with its node; Hubble's have workload labels. Where none of
# them ran under HTTP traffic or audit, only the handlers did.
REAL = (
    ("cilium-agent", 1),
    ("cilium-agent-in-a-mesh", 2),
    ("hubble", 1),
    ("hubble-every-event-by-workload", 2),
    ("cilium-operator", 1),
    ("cilium-operator-slices-identities-mcs", 2),
    ("hubble-relay-one-peer-dead", 1),
    ("clustermesh-apiserver", 1),
    ("kvstoremesh", 1),
    ("cilium-envoy", 1),
)
# Metrics that none of them had, though they need no feature, because the event did not happen.
DID_NOT_HAPPEN = {
    "cilium_bpf_ratelimit_dropped_total": "the kernel held no event back",
    "cilium_feature_adv_connect_and_lb_transparent_encryption": "no traffic was encrypted",
    "cilium_fragmented_count_total": "no packet was fragmented",
    "cilium_ipcache_errors_total": "no address was refused",
    "cilium_mtu_error_message_total": "no packet was too large",
    "envoy_cilium_access_denied": "that Envoy has no filter of Cilium's",
    "envoy_cilium_npds_control_plane_connected_state": "that Envoy has no filter of Cilium's",
    "envoy_cilium_npds_update_rejected": "that Envoy has no filter of Cilium's",
    "envoy_cilium_npds_update_success": "that Envoy has no filter of Cilium's",
}


def component_of(recording: str) -> str:
    """The component that printed a recording."""
    return max((name for name in components() if recording.startswith(name)), key=len)


def really() -> Iterator[Series]:
    """The series that all of them exposed."""
    for recording, node in REAL:
        component = component_of(recording)
        yield from played(recording, component, node)
        target = target_of(component, node)
        yield Series("up", target.labels, Gauge(1.0), target)


def explained(expr: str, exposed: Mapping[str, Sequence[Mapping[str, str]]]) -> str:
    """The reason why a query has no answer; "" if nothing explains it."""
    for selector in selectors(expr):
        if selector.metric not in exposed:
            return absent(selector.metric)
        if not any(taken(selector, labels) for labels in exposed[selector.metric]):
            own = ", ".join(str(matcher) for matcher in selector.matchers if not matcher.is_open)
            return f"nothing with {own}"
    return "nothing over the limit" if re.search(r"[<>]|[!=]=", expr) else ""


def absent(metric: str) -> str:
    """Why no component exposed a metric: a missing component or feature, or an event that did not happen."""
    if metric == "ALERTS":
        return "no alert fires"
    (known,) = entries(metric)
    if known.component not in {component_of(recording) for recording, _ in REAL}:
        return f"no {known.component}"
    return f"no {', '.join(known.when.on(NEWEST))}" if known.when.on(NEWEST) else DID_NOT_HAPPEN.get(metric, "")


def taken(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Whether a series with these labels is one of a selector's, whatever variables hold."""
    return all(matcher.accepts(labels.get(matcher.label, "")) is not False for matcher in selector.matchers)


def test_every_query_on_recorded_components(tmp_path: Path, report: Callable[[str], None]) -> None:
    """Each query has an answer, or its event did not happen; it matches only labels that series have."""
    require("prometheus")
    series = tuple(really())
    exposed: dict[str, list[Mapping[str, str]]] = {}
    for one_series in series:
        exposed.setdefault(one_series.name, []).append(dict(one_series.labels))
    assert not DID_NOT_HAPPEN.keys() & exposed.keys()
    backfill(series, tmp_path / "data", end=END, length=HISTORY, interval=30)
    answered, empty, unknown = 0, Counter[str](), []
    with prometheus(tmp_path / "data") as source:
        for compiled in compile_boards(NEWEST, Configuration(peer_label="workload")):
            board = read(compiled.json)
            values = dict.fromkeys(defaults(board), ".*")
            for panel, query in board.queries():
                where = f"{board.uid} / {panel.title} {query.ref}: {query.expr}"
                unknown += [f"{label} in {where}" for label in labels_that_no_series_has(query.expr, exposed)]
                if any(answer.finite for answer in run_query(source, panel, query, values, (END - 3600, END))):
                    answered += 1
                    continue
                reason = explained(query.expr, exposed)
                assert reason, where
                empty[reason] += 1
    assert unknown == []
    report(
        f"cilium {NEWEST}, recorded from real components: {answered + empty.total()} queries, {answered} answered; "
        + ", ".join(f"{reason} {count}" for reason, count in sorted(empty.items()))
    )


# DNS servers are known by their app, even in boards whose pods are named by workload; Hubble was recorded without it.
NOT_RECORDED = "destination_app"


def labels_that_no_series_has(expr: str, exposed: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[str]:
    """Labels that a query matches, and no series of its metric has; that of a cluster is Prometheus' own."""
    for selector in selectors(expr):
        known = {name for labels in exposed.get(selector.metric, ()) for name in labels}
        yield from (
            matcher.label
            for matcher in selector.matchers
            if known and matcher.label not in {*known, "cluster", NOT_RECORDED}
        )
