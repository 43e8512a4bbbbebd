"""A stand-in for kiwigrid's k8s-sidecar as kube-prometheus-stack runs it: labelled ConfigMaps become files for Grafana.

It behaves like resources.py and helpers.py of k8s-sidecar 2.10: a data key is a file's name; the folder annotation is a
directory below its own (or anywhere, if it is absolute); a file is written only if its content differs, and removed
with its key, its ConfigMap, its label, or when the annotation changes; two ConfigMaps with one key in one folder write
the same file, and removing either removes it. After a change it asks Grafana to read its files again.
"""

import json
import subprocess
import threading
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.cluster import FakeCluster
from tests.fakes.kubectl import selected
from tests.fakes.kubernetes import FakeKubernetes
from tests.fakes.objects import Json

FOLDER_ANNOTATION = "grafana_folder"  # what the project's values set as sidecar.dashboards.folderAnnotation
SELECTOR = "grafana_dashboard=1"  # label and labelValue of kube-prometheus-stack


@dataclass(slots=True)
class Files:
    """The directory that the sidecar writes, and the ConfigMaps that it has seen, with the directory of each."""

    root: Path
    unique_names: bool = False
    seen: dict[str, tuple[Path, Json]] = field(default_factory=dict)

    def apply(self, event: Json) -> bool:
        """Handle an event of a watch (type and object); returns whether any file changed."""
        config_map, metadata = event["object"], event["object"]["metadata"]
        key = f"{metadata['namespace']}/{metadata['name']}"
        old_directory, old = self.seen.get(key, (None, {}))
        if event["type"] == "DELETED":
            self.seen.pop(key, None)
            directory = old_directory or self._directory(metadata)
            removed = [self._remove(directory, metadata, name) for name, _ in _contents(config_map)]
            return any(removed)
        directory = self._directory(metadata)
        self.seen[key] = (directory, config_map)
        new = dict(_contents(config_map))
        changed = [self._write(directory, metadata, name, content) for name, content in new.items()]
        if old_directory:
            stale = [name for name, _ in _contents(old) if old_directory != directory or name not in new]
            changed += [self._remove(old_directory, metadata, name) for name in stale]
        return any(changed)

    def _directory(self, metadata: Json) -> Path:
        return self.root / str((metadata.get("annotations") or {}).get(FOLDER_ANNOTATION, ""))

    def _path(self, directory: Path, metadata: Json, name: str) -> Path:
        unique = f"namespace_{metadata['namespace']}.configmap_{metadata['name']}.{name}"
        return directory / (unique if self.unique_names else name)

    def _write(self, directory: Path, metadata: Json, name: str, content: bytes) -> bool:
        path = self._path(directory, metadata, name)
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return True

    def _remove(self, directory: Path, metadata: Json, name: str) -> bool:
        path = self._path(directory, metadata, name)
        if not path.is_file():
            return False
        path.unlink()
        return True


def _contents(config_map: Json) -> Iterator[tuple[str, bytes]]:
    yield from ((name, text.encode()) for name, text in (config_map.get("data") or {}).items())
    yield from ((name, b64decode(text)) for name, text in (config_map.get("binaryData") or {}).items())


@contextmanager
def fake_sidecar(root: Path, kubeconfig: str, reload: Callable[[], object], **options: Any) -> Iterator[Files]:
    """A sidecar that watches all namespaces through kubectl until the block ends; `options` are fields of Files."""
    files = Files(root, **options)
    command = ["kubectl", f"--kubeconfig={kubeconfig}", "get", "configmaps", "--all-namespaces"]
    watch = [f"--selector={SELECTOR}", "--watch", "--output-watch-events", "--output=json"]
    process = subprocess.Popen([*command, *watch], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    thread = threading.Thread(target=_follow, args=(process.stdout, files, reload), daemon=True)
    thread.start()
    try:
        yield files
    finally:
        process.terminate()
        process.wait()
        thread.join(10)


@contextmanager
def sidecar_in_memory(root: Path, cluster: FakeCluster, reload: Callable[[], object]) -> Iterator[Files]:
    """The same for a cluster in memory: it has seen each change before the kubectl that made it ends."""
    files, watch = Files(root), Watch(cluster.api, SELECTOR)

    def follow() -> None:
        changed = [files.apply(event) for event in watch.events()]
        if any(changed):
            reload()

    hooks = list(cluster.hooks)
    cluster.after("kubectl", follow, always=True)
    try:
        yield files
    finally:
        cluster.hooks[:] = hooks


@dataclass(slots=True)
class Watch:
    """A watch of the ConfigMaps with a label in all namespaces; one that loses the label is deleted for it."""

    api: FakeKubernetes
    selector: str
    seen: dict[tuple[str, ...], Json] = field(default_factory=dict)

    def events(self) -> Iterator[Json]:
        """What has happened since the last call, as the API server sends it: of one deleted, how it was."""
        now: dict[tuple[str, ...], Json] = {}
        events = []
        for key, stored in self.api.objects.items():
            if key[0] != "ConfigMap" or not selected(stored.body, self.selector):
                continue
            before = self.seen.pop(key, None)
            changed = before is None or _version(before) != _version(stored.body)
            now[key] = before if before and not changed else stored.view(managed=False)
            if changed:
                events.append({"type": "MODIFIED" if before else "ADDED", "object": now[key]})
        yield from ({"type": "DELETED", "object": body} for body in self.seen.values())
        yield from events
        self.seen = now


def _version(body: Json) -> str:
    return str(body["metadata"]["resourceVersion"])


def _follow(events: Iterable[str], files: Files, reload: Callable[[], object]) -> None:
    """Handle each line, an event as JSON; a name that no file can have is skipped, as by the real sidecar."""
    for event in events:
        if not event.endswith("\n"):
            return  # kubectl was terminated in the middle of a line
        with suppress(OSError):
            if files.apply(json.loads(event)):
                reload()
