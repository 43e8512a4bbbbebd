"""The chain of kube-prometheus-stack (ConfigMaps, sidecar, files, Grafana), with stand-ins or real components."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboards_py.provisioning import file_provider, provisioning_files
from dashboards_py.targets import Payload
from tests.fakes.sidecar import fake_sidecar, sidecar_in_memory
from tests.grafana.servers import STARTS, Server
from tests.live.kubernetes import Kubernetes
from tests.live.processes import free_port

FOLDERS = {uid: folder for folder, uid, _ in Payload(provisioning_files()).boards()}


@dataclass(frozen=True, slots=True)
class Chain:
    """A Grafana that reads the directory which the sidecar writes."""

    grafana: Server
    written: Path

    def board(self, uid: str) -> dict[str, Any] | None:
        """The board in Grafana now, with its metadata."""
        status, board = self.grafana.request(f"/api/dashboards/uid/{uid}")
        assert status in (200, 404), board
        return dict(board) if status == 200 else None

    def folders(self) -> dict[str, str]:
        """The folder of each board of ours in Grafana."""
        boards = {uid: self.board(uid) for uid in FOLDERS}
        return {uid: board["meta"]["folderTitle"] for uid, board in boards.items() if board}

    def titles(self) -> dict[str, str]:
        """The title of each board of ours in Grafana."""
        boards = {uid: self.board(uid) for uid in FOLDERS}
        return {uid: board["dashboard"]["title"] for uid, board in boards.items() if board}


@contextmanager
def chain(kind: str, directory: Path, kubernetes: Kubernetes) -> Iterator[Chain]:
    """A sidecar on a cluster and a Grafana, with their state in the directory: stand-ins, or real."""
    written = directory / "sidecar" / "dashboards"
    written.mkdir(parents=True)
    provider = directory / "grafana" / "provisioning" / "dashboards" / "sidecar.yaml"
    provider.parent.mkdir(parents=True)
    provider.write_text(json.dumps(file_provider(str(written))))
    with STARTS[kind](directory / "grafana") as server, sidecar(kind, written, kubernetes, server):
        yield Chain(server, written)


def sidecar(kind: str, written: Path, kubernetes: Kubernetes, server: Server) -> AbstractContextManager[object]:
    """A sidecar that writes into a directory, and asks a Grafana to read it."""
    if kind == "real":
        return real_sidecar(written.parent, kubernetes.kubeconfig, server.url)
    if kubernetes.fake:
        return sidecar_in_memory(written, kubernetes.fake, server.reload)
    return fake_sidecar(written, kubernetes.kubeconfig, server.reload)


@contextmanager
def real_sidecar(directory: Path, kubeconfig: str, grafana: str) -> Iterator[None]:
    """The sidecar that K8S_SIDECAR starts."""
    env = {**os.environ, "HEALTH_PORT": str(free_port())}
    command = [os.environ["K8S_SIDECAR"], str(directory), kubeconfig, grafana]
    subprocess.run(command, env=env, check=True, capture_output=True, timeout=180)
    try:
        yield
    finally:
        for process in (directory / "pids").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(process), signal.SIGTERM)
