"""The random orders of tests/cluster/test_disorder.py on a real API server with real Helm.

`python -m tests.live.disorder 30` runs so many on the first cluster of TEST_KUBECONFIG, with the charts in
CILIUM_CHARTS: a minute each, without kube-prometheus-stack. It ends at the first that loses something.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
import yaml

from dashboards_py.kubernetes import Completed, run
from tests.cluster.plans import CILIUM, SEED
from tests.cluster.test_disorder import disorder, few_boards
from tests.components import clusters, missing_of
from tests.fakes.cluster import FakeCluster
from tests.fakes.kubernetes import FakeKubernetes
from tests.fakes.objects import Json
from tests.fakes.releases import Releases
from tests.live.disposable import Cluster, disposable_cluster
from tests.live.small_charts import small_charts

PLURALS = {
    "ConfigMap": "configmaps",
    "Secret": "secrets",
    "ServiceAccount": "serviceaccounts",
    "ServiceMonitor": "servicemonitors.monitoring.coreos.com",
}
NOTE = "note"  # the annotation for what others wrote into an object
OPTIONS = {"stack": False, "namespace": "default"}


@dataclass(frozen=True, slots=True)
class RealApi:
    """What others do through kubectl; `objects` has the keys of all objects of PLURALS."""

    cluster: Cluster
    kinds: frozenset[str] = frozenset(PLURALS)

    @property
    def objects(self) -> dict[tuple[str, str, str], None]:
        """Kind, namespace and name of each object, of the namespaces that others and we write to."""
        listing = self._kubectl("get", ",".join(PLURALS.values()), "--all-namespaces", "--output=json")
        keys = ((item["kind"], item["metadata"]) for item in json.loads(listing)["items"])
        return {(kind, metadata["namespace"], metadata["name"]): None for kind, metadata in keys}

    def get(self, kind: str, namespace: str, name: str) -> Json | None:
        """One object, with the note in its annotation as the field that the stand-in has."""
        where = [f"--namespace={namespace}"] if namespace else []
        words = ("get", kind.lower(), name, *where, "--ignore-not-found", "--output=json")
        text = self._kubectl(*words)
        body: Json = json.loads(text) if text else {}
        note = body.get("metadata", {}).get("annotations", {}).get(NOTE)
        return {**body, "note": json.loads(note or "null")} if body else None

    def create(self, body: Json, manager: str) -> None:
        """Create an object; the note becomes an annotation."""
        content = {name: value for name, value in body.items() if name != "note"}
        if body["kind"] == "ServiceMonitor":
            content["spec"] = {"selector": {}, "endpoints": []}
        content["metadata"] = {**body["metadata"], "annotations": {NOTE: json.dumps(body["note"])}}
        self._kubectl("create", "--filename=-", f"--field-manager={manager}", stdin=json.dumps(content))

    def patch(self, kind: str, namespace: str, name: str, changes: Json, manager: str) -> None:
        """A merge patch."""
        patch = f"--patch={json.dumps(changes)}"
        words = ("patch", kind.lower(), name, f"--namespace={namespace}", "--type=merge", patch)
        self._kubectl(*words, f"--field-manager={manager}")

    hand_back = patch

    def delete(self, kind: str, namespace: str, name: str) -> None:
        """Delete an object."""
        self._kubectl("delete", kind.lower(), name, f"--namespace={namespace}")

    def _kubectl(self, *words: str, stdin: str = "") -> str:
        return self.cluster.run("kubectl", *words, stdin=stdin)


@dataclass(frozen=True, slots=True)
class RealRevision:
    """The newest revision of a release."""

    cluster: Cluster
    namespace: str
    name: str
    status: str
    version: str = CILIUM[max(CILIUM)]

    @property
    def values(self) -> Json:
        """Its values."""
        return json.loads(self._get("values", "--output=json")) or {}

    @property
    def manifest(self) -> tuple[Json, ...]:
        """What was rendered."""
        return tuple(filter(None, yaml.safe_load_all(self._get("manifest"))))

    def _get(self, what: str, *flags: str) -> str:
        return self.cluster.run("helm", "get", what, self.name, f"--namespace={self.namespace}", *flags)


@dataclass(frozen=True, slots=True)
class RealReleases:
    """The newest revision of each release."""

    cluster: Cluster

    @property
    def revisions(self) -> Mapping[tuple[str, str], list[RealRevision]]:
        """By namespace and name."""
        statuses = {name: status for name, (_, status) in self.cluster.releases().items() if status != "uninstalled"}
        split = {tuple(name.split("/")): status for name, status in statuses.items()}
        return {
            (space, name): [RealRevision(self.cluster, space, name, status)] for (space, name), status in split.items()
        }


class RealCluster(FakeCluster):
    """A real cluster with the interface of the stand-in: the same hooks, the real kubectl and helm."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__()
        self.real, self.charts = cluster, cluster.charts
        self.api = cast(FakeKubernetes, RealApi(cluster))
        self.releases = cast(Releases, RealReleases(cluster))
        self._programs = {"kubectl": self._kubectl, "helm": self._helm}

    def _kubectl(self, argv: list[str], stdin: str) -> Completed:
        return run(["kubectl", *argv], stdin=stdin)

    def _helm(self, argv: list[str], stdin: str) -> Completed:
        return run(["helm", *argv], stdin=stdin, seconds=None)

    def upgrade(self, name: str, namespace: str, chart: str, version: str, values: Json) -> None:
        """Upgrade a release as someone else would; an AssertionError if Helm refuses."""
        packed = str(self.real.charts / f"{chart}-{version}.tgz")
        flags = ("--reset-values", "--wait", "--values=-", "--disable-openapi-validation")
        self.real.run("helm", "upgrade", name, packed, "-n", namespace, *flags, stdin=json.dumps(values))


def orders(count: int, cluster: Cluster) -> Iterator[tuple[int, int, float]]:
    """Run so many orders: the seed, how often others acted, and the seconds of each."""
    for seed in range(count):
        began = time.monotonic()
        cluster.clean()
        cluster.operator()
        cluster.cilium(max(CILIUM), SEED)
        acted = disorder(seed, RealCluster(cluster), **OPTIONS)
        _remove(cluster)
        yield seed, acted, time.monotonic() - began


def _remove(cluster: Cluster) -> None:
    """Remove what others created."""
    for space in ("default", "kube-system"):
        for plural in PLURALS.values():
            listing = json.loads(cluster.run("kubectl", "get", plural, f"--namespace={space}", "--output=json"))
            names = [item["metadata"]["name"] for item in listing["items"]]
            own = [name for name in names if name.startswith("theirs-")]
            if own:
                cluster.run("kubectl", "delete", plural, f"--namespace={space}", *own)


def main(argv: list[Any]) -> int:
    """Run them, and print a line for each."""
    if missing := missing_of("kubernetes", "helm", "charts"):
        print(f"needs {', '.join(missing)}", file=sys.stderr)
        return 2
    os.environ["KUBECONFIG"] = clusters()[0]
    with TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as monkeypatch:
        few_boards(monkeypatch)
        charts = small_charts(Path(os.environ["CILIUM_CHARTS"]), Path(directory))
        with disposable_cluster(clusters()[0], charts) as cluster:
            for seed, acted, seconds in orders(int(argv[0]) if argv else 30, cluster):
                print(
                    f"order {seed}: others acted {acted} times, nothing lost, converged ({seconds:.0f} s)", flush=True
                )
            cluster.clean()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
