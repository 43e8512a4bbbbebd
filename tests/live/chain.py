"""The chain that users of kube-prometheus-stack have: ConfigMaps, the real k8s-sidecar, files, the real Grafana."""

import json
import os
import signal
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from dashboards_py.provisioning import file_provider, tree
from dashboards_py.targets.plan import Payload
from tests.live.processes import free_port, grafana

ADMIN = "Basic " + b64encode(b"admin:admin").decode()
FOLDERS = {uid: folder for folder, uid, _ in Payload(tree()).boards()}


@dataclass(frozen=True, slots=True)
class Chain:
    """A Grafana that reads the directory which the sidecar writes."""

    grafana: str
    written: Path

    def board(self, uid: str) -> dict[str, Any] | None:
        """The board as Grafana has it now."""
        asked = Request(f"{self.grafana}/api/dashboards/uid/{uid}", headers={"Authorization": ADMIN})
        try:
            with urlopen(asked, timeout=20) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except HTTPError as error:
            if error.code != 404:
                raise
            return None

    def folders(self) -> dict[str, str]:
        """The folder of each board of ours that Grafana has."""
        found = {uid: self.board(uid) for uid in FOLDERS}
        return {uid: board["meta"]["folderTitle"] for uid, board in found.items() if board}

    def titles(self) -> dict[str, str]:
        """The title of each board of ours that Grafana has."""
        found = {uid: self.board(uid) for uid in FOLDERS}
        return {uid: board["dashboard"]["title"] for uid, board in found.items() if board}


@contextmanager
def standing(directory: Path, kubeconfig: str) -> Iterator[Chain]:
    """A sidecar on a disposable cluster and a Grafana, with their state in the directory."""
    written = directory / "sidecar" / "dashboards"
    written.mkdir(parents=True)
    provider = directory / "grafana" / "provisioning" / "dashboards" / "sidecar.yaml"
    provider.parent.mkdir(parents=True)
    provider.write_text(json.dumps(file_provider(str(written))))
    with grafana(directory / "grafana") as url:
        command = [os.environ["K8S_SIDECAR"], str(written.parent), kubeconfig, url]
        env = {**os.environ, "HEALTH_PORT": str(free_port())}
        subprocess.run(command, env=env, check=True, capture_output=True, timeout=180)
        try:
            yield Chain(url, written)
        finally:
            for process in (written.parent / "pids").read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGTERM)
