"""A namespace of its own in a disposable cluster, through the real kubectl."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace and the kubeconfig that leads to it."""

    name: str
    kubeconfig: str

    def kubectl(self, *given: str, stdin: str = "") -> str:
        """What kubectl prints on standard output; its failure is an error with what it said."""
        command = ["kubectl", f"--kubeconfig={self.kubeconfig}", f"--namespace={self.name}", *given]
        found = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)
        assert found.returncode == 0, f"{command}: {found.stderr}"
        return found.stdout

    def config_maps(self) -> dict[str, dict[str, Any]]:
        """The ConfigMaps of ours by name."""
        selector = "--selector=app.kubernetes.io/part-of=cilium-dashboards"
        found = json.loads(self.kubectl("get", "configmap", selector, "--output=json"))
        return {each["metadata"]["name"]: each for each in found["items"]}

    def versions(self) -> dict[str, str]:
        """The resourceVersion of each ConfigMap of ours."""
        return {name: each["metadata"]["resourceVersion"] for name, each in self.config_maps().items()}


@contextmanager
def namespace(kubeconfig: str) -> Iterator[Namespace]:
    """A new namespace, removed with all it holds, without waiting for that."""
    found = Namespace(f"dashboards-{uuid4().hex[:8]}", kubeconfig)
    found.kubectl("create", "namespace", found.name)
    try:
        yield found
    finally:
        found.kubectl("delete", "namespace", found.name, "--wait=false", "--ignore-not-found")
