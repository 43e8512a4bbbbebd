"""The state of a Grafana: boards with their versions, folders, accounts, and a clock that tests may step."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from tests.fakes.grafana.accounts import TOKENS, Account
from tests.fakes.grafana.faults import Fault
from tests.fakes.grafana.files import Provider, providers
from tests.fakes.grafana.schema import as_go_writes, export, page_model

Json = dict[str, Any]
SHARED = (
    *("prefix", "version", "anonymous", "quota", "organizations", "lock", "clock_offset"),
    *("tokens", "passwords", "accounts"),
)
REMEMBERED = 30  # seconds; Grafana caches what an account may see


@dataclass
class FakeGrafana:
    """Its state, which tests may read and change; `log` has the requests, with `in N` for the organization."""

    url: str = ""
    prefix: str = ""
    version: str = "12.2.0"
    anonymous: bool = False
    boards: dict[str, Json] = field(default_factory=dict)
    history: dict[str, list[Json]] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    organizations: dict[int, str] = field(default_factory=lambda: {1: "Main Org."})
    number: int = 1  # of the organization whose boards these are
    others: dict[int, "FakeGrafana"] = field(default_factory=dict)  # the other organizations, by number
    quota: int = 1000  # boards that it accepts before it answers 403
    log: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    tokens: dict[str, Account] = field(
        default_factory=lambda: {token: Account(f"sa-{role}", role, 1) for token, role in TOKENS.items()}
    )
    passwords: dict[str, str] = field(default_factory=lambda: {"admin": "s3cret/@:%"})
    accounts: list[Account] = field(default_factory=list)  # service accounts; their id is the position here, from 1
    between_check_and_write: Callable[[], None] | None = None  # run in each save, while other requests proceed
    provisioning: Path | None = None  # as GF_PATHS_PROVISIONING
    problems: list[str] = field(default_factory=list)  # what provisioning wrote to the log
    clock_offset: float = 0  # seconds by which its clock is ahead
    # Data sources as GET /api/datasources lists them, and what is behind each by uid: status and JSON for path, query.
    sources: list[Json] = field(default_factory=list)
    proxied: dict[str, Callable[[str, Mapping[str, str]], tuple[int, Any]]] = field(default_factory=dict)
    alert_rules: dict[str, Json] = field(default_factory=dict)  # by uid, as its API lists them
    stored_versions: dict[str, str] = field(default_factory=dict)  # boards that a new editor saved, by uid
    _missing: dict[tuple[str, str], float] = field(
        default_factory=dict
    )  # by role and resource: the time until which it seems missing
    _owned: set[tuple[str, str]] = field(default_factory=set)  # login and resource
    _providers: tuple[Provider, ...] | None = None
    _ids: Any = field(default_factory=lambda: count(1))

    @property
    def major(self) -> int:
        """The first number of its version: 13 stores boards in schema v2."""
        return int(self.version.partition(".")[0])

    def now(self) -> float:
        """Unix time by its clock."""
        return time.time() + self.clock_offset

    def pass_time(self, seconds: float) -> None:
        """Step its clock."""
        for grafana in (self, *self.others.values()):
            grafana.clock_offset += seconds

    def organization(self, number: int) -> "FakeGrafana":
        """One of its organizations, with its boards and folders; all share the accounts."""
        if number == self.number:
            return self
        shared = {name: getattr(self, name) for name in SHARED}
        return self.others.setdefault(number, FakeGrafana(number=number, **shared))

    def writes(self) -> list[str]:
        """The requests other than GET."""
        return [line for line in self.log if not line.startswith("GET ")]

    def versions(self) -> dict[str, int]:
        """The version of each board."""
        return {uid: live["dashboard"]["version"] for uid, live in self.boards.items()}

    def put(self, board: Mapping[str, Any], folder: str, *, message: str = "", **meta: Any) -> None:
        """Save a board as a user of Grafana, whatever its version. The message of the first version is dropped."""
        uid, live = board["uid"], self.boards.get(board["uid"])
        entries = self.history.setdefault(uid, [])
        number = live["dashboard"]["id"] if live else next(self._ids)
        stored = {**as_go_writes(board), "id": number, "version": len(entries) + 1}
        about = {"folderUid": folder, "updatedBy": "ann", "updated": "2026-01-02T03:04:05Z", "provisioned": False}
        self.boards[uid] = {"dashboard": stored, "meta": {**about, "provisionedExternalId": "", **meta}}
        entries.append({"version": stored["version"], "message": message if entries else "", "data": stored})

    def remove(self, uid: str) -> None:
        """Delete a board with its versions."""
        del self.boards[uid], self.history[uid]

    def save_in_page(self, uid: str, title: str) -> None:
        """Change a board's title as a user does in Grafana's page: defaults are added, unknown keys dropped."""
        live = self.boards[uid]
        self.put({**page_model(live["dashboard"]), "title": title}, live["meta"]["folderUid"], updatedBy="admin")

    def export_from_page(self, uid: str) -> Json:
        """The export of the page: the classic model, or schema v2 from Grafana 13 on."""
        return export(self.boards[uid]["dashboard"], v2=self.major >= 13)

    def timestamp(self) -> str:
        """The time by its clock, as Grafana writes it."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def sees(self, account: Account, kind: str, uid: str) -> bool:
        """Whether an account sees a board (kind `dashboards`) or folder.

        A role that gets 403 for a resource keeps getting it for half a minute, unless the account created it.
        """
        resource = f"{kind}/{uid}"
        exists = uid in (self.boards if kind == "dashboards" else self.folders)
        if account.gets_not_found or (account.login, resource) in self._owned:
            return exists
        if not exists:
            self._missing[account.role, resource] = self.now() + REMEMBERED
            return False
        return self._missing.get((account.role, resource), 0) <= self.now()

    def own(self, account: Account, kind: str, uid: str) -> None:
        """Record that an account created a resource, which it sees at once."""
        self._owned.add((account.login, f"{kind}/{uid}"))

    def read_files(self, *, now: bool = False) -> None:
        """Read the directories of the providers that are due, or of all of them with `now`."""
        if self._providers is None:
            self._providers = providers(self.provisioning) if self.provisioning else ()
        for provider in self._providers:
            provider.read(self, now=now)
