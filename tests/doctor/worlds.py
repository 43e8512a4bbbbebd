"""Worlds: synthetic clusters with one thing wrong each, served to a real Prometheus by one HTTP server."""

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from dashboards_py.demo.cluster.series import Series, generate
from dashboards_py.demo.cluster.topology import CiliumCluster, Target, targets
from dashboards_py.doctor.causes import _features
from tests.synthetic import families
from tests.synthetic.exposition import CONTENT_TYPE, PROTOBUF, TEXT_ONLY, expositions

BEGIN = 5400.0  # seconds of a cluster's life before its Prometheus starts
END = 1_760_000_400.0
MINUTE = 60.0  # seconds


@dataclass(frozen=True)
class World:
    """A cluster, what is changed on the way of its metrics, and how it is scraped.

    `drop` are regular expressions of names that targets do not expose, by component ("*": all); `drop_after` is one
    with the seconds after which it applies. `scrape` has keys of Prometheus' jobs, by component. `changes`, by
    component: `remove`, `down`, `forbidden`, `slow` are numbers of targets, `labels` are added to targets ("" removes
    one), `labels_of` the same by number, `replicas` are labels of several copies, `twice` are labels of a second job,
    `shared` are targets that answer in turns at one address, `replace` are replacements in the exposition, `drop_of`
    are names that a target does not expose, by number. `versions` are those of agents by number.
    """

    name: str
    cluster: CiliumCluster
    drop: Mapping[str, str] = field(default_factory=dict)
    drop_after: tuple[str, float] = ("", 0.0)
    scrape: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


_SERIES: dict[str, Mapping[Target, list[Series]]] = {}
_TEXTS: dict[tuple[str, Target], tuple[str, str]] = {}
# Features that the catalogue knows, and the series that say whether they are on.
SERIES = _features.SERIES


def series_of(cluster: CiliumCluster) -> Mapping[Target, list[Series]]:
    """The series of each target; made once for equal clusters."""
    key = repr(cluster)
    if key not in _SERIES:
        by_target: dict[Target, list[Series]] = defaultdict(list)
        for series in generate(cluster, end=END):
            if series.name != "up":
                by_target[series.target].append(series)
        _SERIES[key] = {target: list(thinned(members)) for target, members in by_target.items()}
    return _SERIES[key]


def thinned(members: Iterable[Series]) -> Iterator[Series]:
    """The series of a target with three buckets of each histogram, of which doctor only looks at names and labels.

    Buckets are most of what a Prometheus scrapes, and the servers of the worlds do nothing else.
    """
    bounds: dict[tuple[str, frozenset[tuple[str, str]]], dict[float, Series]] = defaultdict(dict)
    for series in members:
        labels = dict(series.labels)
        if "le" not in labels:
            yield series
        else:
            bound = float(labels.pop("le"))
            bounds[series.name, frozenset(labels.items())][bound] = series
    for buckets in bounds.values():
        in_order = [buckets[bound] for bound in sorted(buckets)]
        yield from (in_order if len(in_order) < 3 else (in_order[0], in_order[len(in_order) // 2], in_order[-1]))


def texts_of(cluster: CiliumCluster, target: Target) -> tuple[str, str]:
    """The exposition of a target at the start, and a minute later; made once for equal clusters."""
    key = (repr(cluster), target)
    if key not in _TEXTS:
        members = series_of(cluster)[target]
        start, later = expositions(members, cluster.release, (BEGIN, BEGIN + MINUTE))
        _TEXTS[key] = (start, later)
    return _TEXTS[key]


@dataclass(frozen=True, slots=True)
class Page:
    """What a target of a world exposes as text: what is changed in it is changed once, and not at each scrape.

    Each of `values` is a text with the numbers after it at the start and a minute later; `rest` is what follows.
    """

    values: tuple[tuple[str, float, float], ...]
    rest: str

    def at(self, seconds: float) -> str:
        """The page some seconds after the start: on the line between the two numbers."""
        part = seconds / MINUTE
        return "".join(f"{head}{low + (high - low) * part!r}\n" for head, low, high in self.values) + self.rest


def page(world: World, target: Target, *, late: bool) -> Page:
    """The page of a target, before or after the time at which the world drops more."""
    of_target = world.changes.get(target.component, {}).get("drop_of", {}).get(str(target.number), "")
    patterns = [world.drop.get(target.component, ""), world.drop.get("*", ""), of_target]
    if late:
        patterns.append(world.drop_after[0])
    start, later = (_changed(world, target, text, patterns) for text in texts_of(world.cluster, target))
    values, head = [], ""
    for one, other in zip(start.splitlines(), later.splitlines(), strict=True):
        if one == other:
            head += f"{one}\n"
            continue
        name, _, low = one.rpartition(" ")
        values.append((f"{head}{name} ", float(low), float(other.rpartition(" ")[2])))
        head = ""
    return Page(tuple(values), head)


def without(text: str, pattern: str) -> str:
    """An exposition without the series and descriptions of names that match."""
    line = re.compile(rf"(?:# (?:HELP|TYPE) )?(?:{pattern})(?:_bucket|_sum|_count)?(?:[{{ ])")
    return "".join(row for row in text.splitlines(keepends=True) if not line.match(row))


def _changed(world: World, target: Target, text: str, patterns: Sequence[str]) -> str:
    for pattern in filter(None, patterns):
        text = without(text, pattern)
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


@dataclass(frozen=True, slots=True)
class Answers:
    """What targets answer to scrapes."""

    pages: dict[tuple[str, Target, bool], Page] = field(default_factory=dict)

    def to(self, world: World, target: Target, seconds: float, *, protobuf: bool) -> tuple[str, bytes]:
        """The type and the content of a target's answer, `seconds` after the start."""
        if protobuf and target.component != TEXT_ONLY:
            members = series_of(world.cluster)[target]
            return families.CONTENT_TYPE, families.families(members, world.cluster.release, BEGIN + seconds)
        key = (world.name, target, bool(world.drop_after[0]) and seconds >= world.drop_after[1])
        if key not in self.pages:
            self.pages[key] = page(world, target, late=key[2])
        return CONTENT_TYPE, self.pages[key].at(seconds).encode()


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
            texts_of(world.cluster, target)
    answers = Answers()
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
            content_type, body = answers.to(by_name[name], target, seconds, protobuf=accepts)
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
