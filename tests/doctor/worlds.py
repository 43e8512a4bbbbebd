"""Worlds: synthetic clusters with one thing wrong each, served to a real Prometheus by one HTTP server."""

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from dashboards_py.demo.cluster.series import Series, generate
from dashboards_py.demo.cluster.topology import CiliumCluster, Target, targets
from dashboards_py.doctor.causes import feature_off
from tests.synthetic import families
from tests.synthetic.exposition import CONTENT_TYPE, PROTOBUF, TEXT_ONLY, exposition

BEGIN = 5400.0  # seconds of a cluster's life before its Prometheus starts
END = 1_760_000_400.0


@dataclass(frozen=True)
class World:
    """A cluster, what is changed on the way of its metrics, and how it is scraped.

    `drop` are regular expressions of names that targets do not expose, by component ("*": all); `drop_after` is one
    with the seconds after which it applies. `scrape` has keys of Prometheus' jobs, by component. `changes`, by
    component: `remove`, `down`, `forbidden`, `slow` are numbers of targets, `labels` are added to targets ("" removes
    one), `labels_of` the same by number, `replicas` are labels of several copies, `twice` are labels of a second job,
    `shared` are targets that answer in turns at one address, `replace` are replacements in the exposition. `versions`
    are those of agents by number.
    """

    name: str
    cluster: CiliumCluster
    drop: Mapping[str, str] = field(default_factory=dict)
    drop_after: tuple[str, float] = ("", 0.0)
    scrape: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


_SERIES: dict[str, Mapping[Target, list[Series]]] = {}
_LINES: dict[tuple[str, Target], list[tuple[str, float, float]]] = {}
# Features that the catalogue knows, and the series that say whether they are on.
SERIES = feature_off.SERIES


def series_of(cluster: CiliumCluster) -> Mapping[Target, list[Series]]:
    """The series of each target; made once for equal clusters."""
    key = repr(cluster)
    if key not in _SERIES:
        by_target: dict[Target, list[Series]] = defaultdict(list)
        for series in generate(cluster, end=END):
            if series.name != "up":
                by_target[series.target].append(series)
        _SERIES[key] = by_target
    return _SERIES[key]


def text_of(cluster: CiliumCluster, target: Target, seconds: float) -> str:
    """The exposition of a target: between two moments of its history, so that it is computed only twice."""
    key = (repr(cluster), target)
    if key not in _LINES:
        ends = [exposition(series_of(cluster)[target], cluster.release, BEGIN + moment) for moment in (0.0, 60.0)]
        _LINES[key] = [_line(*pair) for pair in zip(*(text.splitlines() for text in ends), strict=True)]
    part = seconds / 60
    return "".join(
        f"{head}\n" if head.startswith("#") else f"{head} {low + (high - low) * part!r}\n"
        for head, low, high in _LINES[key]
    )


def _line(before: str, after: str) -> tuple[str, float, float]:
    if before.startswith("#"):
        return before, 0.0, 0.0
    head, _, low = before.rpartition(" ")
    return head, float(low), float(after.rpartition(" ")[2])


def page(world: World, target: Target, seconds: float, *, protobuf: bool) -> tuple[str, bytes]:
    """The metrics page of a target, `seconds` after the start."""
    members = series_of(world.cluster)[target]
    if protobuf and target.component != TEXT_ONLY:
        return families.CONTENT_TYPE, families.families(members, world.cluster.release, BEGIN + seconds)
    text = text_of(world.cluster, target, seconds)
    patterns = [world.drop.get(target.component, ""), world.drop.get("*", "")]
    if world.drop_after[0] and seconds >= world.drop_after[1]:
        patterns.append(world.drop_after[0])
    for pattern in filter(None, patterns):
        text = without(text, pattern)
    return CONTENT_TYPE, _changed(world, target, text).encode()


def without(text: str, pattern: str) -> str:
    """An exposition without the series and descriptions of names that match."""
    line = re.compile(rf"(?:# (?:HELP|TYPE) )?(?:{pattern})(?:_bucket|_sum|_count)?(?:[{{ ])")
    return "".join(row for row in text.splitlines(keepends=True) if not line.match(row))


def _changed(world: World, target: Target, text: str) -> str:
    version = world.versions.get(str(target.number)) or world.versions.get("*")
    if version and target.component == "cilium-agent":
        text = re.sub(r'(cilium_version\{[^}]*version=")[^"]*', rf"\g<1>{version}", text)
    features = world.cluster.features
    for feature, name in SERIES.items():
        if features is not None and feature not in features:
            text = re.sub(rf"^({name}(?:{{.*}})?) .*$", r"\1 0", text, flags=re.M)
    for old, new in (world.changes.get(target.component) or {}).get("replace", {}).items():
        text = re.sub(old, new, text)
    return text


@contextmanager
def served(worlds: Sequence[World]) -> Iterator[str]:
    """The address at which the worlds answer: /<world>/<component>/<number>, and -<other number> in turns."""
    by_name = {world.name: world for world in worlds}
    all_targets = {
        (world.name, target.component, str(target.number)): target
        for world in worlds
        for target in targets(world.cluster)
    }
    for world in worlds:
        for target in targets(world.cluster):
            text_of(world.cluster, target, 0.0)
    begins: dict[str, float] = {}
    turns: dict[str, int] = defaultdict(int)

    class Metrics(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _, name, component, numbers = self.path.split("/")
            status = 200
            if numbers.startswith("error-"):
                status, numbers = 403, numbers.removeprefix("error-")
            if numbers.startswith("slow-"):
                numbers = numbers.removeprefix("slow-")
                time.sleep(1.5)
            choices = numbers.split("-")
            turns[self.path] += 1
            target = all_targets[name, component, choices[turns[self.path] % len(choices)]]
            accepts = PROTOBUF in self.headers.get("Accept", "")
            seconds = time.time() - begins.setdefault(name, time.time())  # since the first scrape of the world
            content_type, body = page(by_name[name], target, seconds, protobuf=accepts)
            try:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            """Log nothing: it would mix with the output of the test."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Metrics)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def configuration(world: World, address: str) -> dict[str, Any]:
    """Prometheus' configuration for a world: a job for each component, with the labels of the chart's monitors."""
    by_component: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for target in targets(world.cluster):
        change: dict[str, Any] = {**world.changes.get("*", {}), **world.changes.get(target.component, {})}
        if target.number in change.get("remove", ()) or "all" in change.get("remove", ()):
            continue
        by_component[target.component] += _static(world, target, change, address)
    jobs = []
    for component, static in by_component.items():
        own = world.changes.get(component, {})
        options = {**world.scrape.get("*", {}), **world.scrape.get(component, {})}
        base = {"honor_labels": True, "metrics_path": "/", "static_configs": static}
        jobs.append({"job_name": f"serviceMonitor/kube-system/{component}/0", **base, **options})
        if extra := own.get("twice"):
            again = [{**item, "labels": {**item["labels"], **extra}} for item in static]
            jobs.append({"job_name": f"again/{component}", **base, "static_configs": again, **options})
    return {"global": {"scrape_interval": "1s", "scrape_timeout": "1s"}, "scrape_configs": jobs}


def _static(world: World, target: Target, change: Mapping[str, Any], address: str) -> Iterator[dict[str, Any]]:
    number = str(target.number)
    if target.number in change.get("forbidden", ()):
        number = f"error-{number}"
    if target.number in change.get("slow", ()):
        number = f"slow-{number}"
    if shared := change.get("shared"):
        if target.number != 1:
            return
        number = "-".join(map(str, shared))
    labels = {**dict(target.labels), **change.get("labels", {})}
    labels |= change.get("labels_of", {}).get(str(target.number), {})
    where = "127.0.0.1:1" if target.number in change.get("down", ()) else address
    path = f"/{world.name}/{target.component}/{number}"
    for replica in change.get("replicas", [{}]):
        kept = {name: value for name, value in {**labels, **replica}.items() if value != ""}
        yield {"targets": [where], "labels": {**kept, "__metrics_path__": path}}


def with_cluster(world: World, **changes: Any) -> World:
    """The world with changes of its cluster."""
    return replace(world, cluster=replace(world.cluster, **changes))
