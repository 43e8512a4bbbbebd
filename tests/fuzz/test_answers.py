"""Whatever a Prometheus or what is before it answers, commands end with findings or an error, and no traceback."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dashboards_py.board import read
from dashboards_py.catalog import NEWEST
from dashboards_py.cluster.checks.scraped import scrape_checks
from dashboards_py.doctor import BoardToExamine, Client, examine, loaded_rules, look_at_clusters, of_cluster
from dashboards_py.panel_data import over
from dashboards_py.panel_data.frame import Window
from dashboards_py.preview.draw import draw
from dashboards_py.preview.picture import PictureOptions
from dashboards_py.prometheus import answer_data
from dashboards_py.shapes import Ask
from dashboards_py.upgrade.running import running
from dashboards_py.values.keep_savings import savings
from dashboards_py.values.series_read import series_read
from tests.doctor.fault import foreign
from tests.fuzz.bounds import bounded
from tests.fuzz.mutate import ODD, Path, paths, replaced, texts
from tests.fuzz.test_readers import many

NOW = 1_760_000_400.0
COMMON = {"job": "cilium-agent", "k8s_app": "cilium", "namespace": "kube-system", "cluster": "east"}
PODS = [{**COMMON, "instance": f"10.0.0.{number}:9962", "pod": f"cilium-{number}"} for number in (1, 2)]
HUBBLE = [
    {**pod, "job": "hubble-metrics", "k8s_app": "hubble", "instance": pod["instance"].replace("9962", "9965")}
    for pod in PODS
]
FACTS = {"version": "1.20.2", "protocol": "DNS", "type": "L7", "verdict": "FORWARDED", "le": "+Inf"}
NAMES = ("cilium_version", "cilium_nodes_all_num", "hubble_flows_processed_total", "hubble_dns_queries_total")
VECTOR: list[dict[str, Any]] = [
    {"metric": {**labels, **FACTS, "__name__": name, "feature": name}, "value": [NOW, str(value)]}
    for name in NAMES
    for value, labels in enumerate((HUBBLE if name.startswith("hubble") else PODS), start=1)
]
MATRIX = [{"metric": {"le": "0.5"}, "values": [[NOW - 60, "1"], [NOW, "NaN"]]}, {"metric": {}, "histograms": []}]
TARGET = {
    "health": "down",
    "lastError": "context deadline exceeded",
    "scrapePool": "serviceMonitor/kube-system/cilium-agent/0",
    "scrapeInterval": "30s",
    "scrapeTimeout": "10s",
    "lastScrapeDuration": 0.1,
}
TARGETS = [
    {**TARGET, "labels": labels, "discoveredLabels": {"__address__": "x"}, "scrapeUrl": "http://10.0.0.1:9962/metrics"}
    for labels in (*PODS, *HUBBLE)
]
RULE = {"name": "A", "type": "alerting", "query": "up", "health": "err", "lastError": "x"}
DATA: Mapping[str, Any] = {
    "time()": {"resultType": "scalar", "result": [NOW, str(NOW)]},
    "query": {"resultType": "vector", "result": VECTOR},
    "query_range": {"resultType": "matrix", "result": MATRIX},
    "values": ["10.0.0.1:9965", "cilium_version", "cilium_drop_count_total"],
    "targets": {"activeTargets": TARGETS, "droppedTargets": []},
    "targets/metadata": [{"target": {}, "metric": "cilium_version", "type": "gauge"}],
    "metadata": {"cilium_drop_count_total": [{"type": "counter"}]},
    "rules": {"groups": [{"name": "g", "rules": [RULE]}]},
    "status/buildinfo": {"version": "3.14.0"},
    "status/runtimeinfo": {"storageRetention": "15d or 10GiB", "startTime": "2026-01-01T00:00:00Z"},
    "status/config": {"yaml": "global: {}\nscrape_configs:\n- job_name: serviceMonitor/kube-system/cilium-agent/0\n"},
    "stores": {"sidecar": [{"name": "x", "lastError": "y"}]},
}
BOARD = foreign(
    [
        'sum by (reason) (rate(cilium_drop_count_total{cluster=~"$cluster"}[5m])) > 0',
        "cilium_version * on (pod) group_left () cilium_nodes_all_num or absent(cilium_policy)",
        "sum(rate(hubble_dns_queries_total[1m])) / sum(rate(hubble_flows_processed_total[1m]))",
        "histogram_quantile(0.9, sum by (le) (rate(cilium_endpoint_regeneration_time_stats_seconds_bucket[5m])))",
        "cluster:recorded:rate5m",
    ]
)


def key_of(path: str, params: Mapping[str, str]) -> str:
    """Which of the answers a request gets."""
    if params.get("query") == "time()":
        return "time()"
    return "values" if path.startswith("label/") else path


def server(odd: Mapping[str, bytes]) -> Ask:
    """A Prometheus that answers some requests with these texts, and others as a real one does."""

    def ask(path: str, params: Mapping[str, str]) -> Any:
        key = key_of(path, params)
        whole = json.dumps({"status": "success", "data": DATA.get(key)}).encode()
        return answer_data(path, 200, odd.get(key, whole), "Prometheus")

    return ask


def doctor(ask: Ask) -> None:
    """What `doctor` asks, of all clusters at once and of one of them."""
    for source in (ask, of_cluster(ask, "east")):
        client = Client(source, sleep=lambda _: None)
        look_at_clusters(client)
        loaded_rules(client)
        report = examine(client, lambda _: [BoardToExamine(BOARD)], local_time=NOW)
        assert all(finding.what for finding in report.findings)


def preview(ask: Ask) -> None:
    """What `preview` asks."""
    draw(BOARD, over(ask), PictureOptions(window=Window(begin=NOW - 3600, end=NOW)), {})


def verify(ask: Ask) -> None:
    """What `cluster verify` asks."""
    list(scrape_checks({}, NEWEST, None, (), ask, None))  # type: ignore[arg-type]  # no component is looked at


USES: tuple[Callable[[Ask], object], ...] = (
    doctor,
    preview,
    verify,
    running,
    lambda ask: savings(ask, series_read([read({"panels": []})], NEWEST)),
)


def shapes(value: Any) -> list[Path]:
    """A path to each kind of value in a document: of lists the first that has it."""
    by_shape: dict[Path, Path] = {}
    for path in paths(value):
        by_shape.setdefault(tuple("" if isinstance(part, int) else part for part in path), path)
    return list(by_shape.values())


BODIES = {key: {"status": "success", "data": data, "warnings": ["partial"]} for key, data in DATA.items()}
SHAPES = {key: shapes(body) for key, body in BODIES.items()}


@st.composite
def odd_answers(draw: st.DrawFn) -> Mapping[str, bytes]:
    """An odd answer to queries, and to another kind of request: a value of another type somewhere."""
    odd = {}
    for key in {"query", draw(st.sampled_from(sorted(DATA)))}:
        path, value = draw(st.sampled_from(SHAPES[key])), draw(st.sampled_from(ODD))
        odd[key] = json.dumps(replaced(BODIES[key], path, value)).encode()
    return odd


@many
@given(odd_answers())
def test_odd_answers(odd: Mapping[str, bytes]) -> None:
    """Each command that asks a Prometheus has a result, or an error that says what is wrong with the answer."""
    for use in USES:
        with bounded():
            use(server(odd))


@many
@given(texts(BODIES["targets"]))
def test_answers_with_broken_json(source: bytes) -> None:
    """A response is read as its data, or refused with an error."""
    with bounded():
        answer_data("targets", 200, source, "Prometheus")
