"""Faults of clusters of Kubernetes, from a file of data: what is changed, and the cause that must be named."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "faults/kube.toml"
KNOWN = {"summary", "cause", "what", "merge", "delete", "create", "prometheus", "board", "fresh", "live"}


@dataclass(frozen=True)
class KubeFault:
    """A fault of a cluster: `summary` in a user's words, and the `cause`, whose line contains `what`.

    `shows` is what Prometheus shows of it, `board` a uid of a board that is empty then. `is_fresh`: pods have restarted
    since. `is_live`: it is put into a real cluster as well as into one in memory.
    """

    name: str
    summary: str
    cause: str
    what: str
    shows: str
    board: str
    is_fresh: bool
    is_live: bool
    data: Mapping[str, Any] = field(repr=False)

    @property
    def patches(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        """Kind, namespace, name and merge patch of objects."""
        return [
            (item["kind"], item.get("namespace", "kube-system"), item["name"], json.loads(item["patch"]))
            for item in self.data.get("merge", ())
        ]

    @property
    def deleted(self) -> list[tuple[str, str, str]]:
        """Kind, namespace and name of objects that are not there."""
        return [
            (item["kind"], item.get("namespace", "kube-system"), item["name"]) for item in self.data.get("delete", ())
        ]

    @property
    def created(self) -> list[dict[str, Any]]:
        """Manifests of objects that are there."""
        return [json.loads(text) for text in self.data.get("create", ())]


def kube_faults() -> Iterator[KubeFault]:
    """The faults of the file."""
    for name, data in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        assert data.keys() <= KNOWN, (name, data.keys() - KNOWN)
        yield KubeFault(
            name,
            data["summary"],
            data["cause"],
            data["what"],
            data.get("prometheus", "missing"),
            data.get("board", "hubble-dns"),
            data.get("fresh", False),
            data.get("live", False),
            data,
        )
