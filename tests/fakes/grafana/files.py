"""Boards from files: the providers of a provisioning directory, read as Grafana's file_reader.go reads them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import yaml

from tests.fakes.grafana.schema import is_v2

Json = dict[str, Any]
INTERVAL = 10  # seconds, unless a provider sets another


class Boards(Protocol):
    """The parts of a Grafana that a provider needs."""

    boards: dict[str, Json]
    folders: dict[str, str]
    problems: list[str]

    def now(self) -> float: ...
    def timestamp(self) -> str: ...
    def put(self, board: Json, folder: str, *, message: str = "", **meta: Any) -> None: ...
    def remove(self, uid: str) -> None: ...


@dataclass
class Provider:
    """A directory of boards, with the checksum and uid of each file that was loaded."""

    name: str
    path: Path
    by_folders: bool = False
    folder: str = ""
    deletes: bool = True
    changes_allowed: bool = False
    interval: float = INTERVAL
    due: float = 0
    loaded: dict[Path, tuple[str, str]] = field(default_factory=dict)

    def read(self, grafana: Boards, *, now: bool = False) -> None:
        """Load what changed in the directory, if it is due; a missing directory is tried again next time."""
        if not now and grafana.now() < self.due:
            return
        self.due = grafana.now() + self.interval
        if not self.path.exists():
            grafana.problems.append(f"{self.name}: no such directory: {self.path}")
            return
        files = tuple(_boards_below(self.path))
        for path in [path for path in self.loaded if path not in files]:
            self._unload(grafana, self.loaded.pop(path)[1])
        for path in files:
            self._load(grafana, path)

    def _unload(self, grafana: Boards, uid: str) -> None:
        """Delete the board of a removed file, even if it was saved through the API before the file existed."""
        if uid not in grafana.boards:
            return
        if self.deletes:
            grafana.remove(uid)
        else:
            grafana.boards[uid]["meta"] |= {"provisioned": False, "provisionedExternalId": ""}

    def _load(self, grafana: Boards, path: Path) -> None:
        content = path.read_bytes()
        checksum = md5(content, usedforsecurity=False).hexdigest()
        if self.loaded.get(path, ("", ""))[0] == checksum:
            return
        try:
            board = json.loads(content)
            if is_v2(board) or not board.get("title"):
                raise ValueError("Dashboard title cannot be empty")  # Grafana finds no title in a board in schema v2
        except (ValueError, AttributeError) as error:
            grafana.problems.append(f"{self.name}: failed to load dashboard from {path}: {error}")
            return
        uid = board.get("uid") or self.loaded.get(path, ("", ""))[1] or uuid4().hex[:14]
        title = (path.parent.name if path.parent != self.path else "") if self.by_folders else self.folder
        grafana.put(
            {**board, "uid": uid},
            _folder(grafana, title),
            updatedBy="grafana",
            updated=grafana.timestamp(),
            provisioned=not self.changes_allowed,
            provisionedExternalId=path.relative_to(self.path).as_posix(),
        )
        self.loaded[path] = (checksum, uid)


def _folder(grafana: Boards, title: str) -> str:
    """The uid of the folder with a title; if there is none, it is created with a random uid."""
    if not title:
        return ""
    uid = next((uid for uid, other in grafana.folders.items() if other == title), None)
    if uid is None:
        uid = uuid4().hex[:14]
        grafana.folders[uid] = title
    return uid


def _boards_below(directory: Path) -> Iterator[Path]:
    """The files that Grafana reads: .json, not below a directory whose name begins with a dot."""
    for path in sorted(directory.rglob("*.json")):
        parents = path.relative_to(directory).parts[:-1]
        if path.is_file() and not any(part.startswith(".") for part in parents):
            yield path


def providers(provisioning: Path) -> tuple[Provider, ...]:
    """The providers that the YAML files in `provisioning`/dashboards describe."""
    texts = [path.read_text() for path in sorted((provisioning / "dashboards").glob("*.y*ml"))]
    entries = [entry for text in texts for entry in yaml.safe_load(text)["providers"]]
    return tuple(
        Provider(
            name=entry["name"],
            path=Path(entry["options"]["path"]),
            by_folders=bool(entry["options"].get("foldersFromFilesStructure")),
            folder=entry.get("folder", ""),
            deletes=not entry.get("disableDeletion"),
            changes_allowed=bool(entry.get("allowUiUpdates")),
            interval=entry.get("updateIntervalSeconds") or INTERVAL,
        )
        for entry in entries
    )
